// SPDX-License-Identifier: GPL-2.0-or-later
// Suites for a client that composes them from key exchange, cipher and MAC (GnuTLS's priority strings): the parts of
// the wished suites, or a skip where those parts make another set than the one that was asked for.
#pragma once

#include "client-checks/clients/expand.h"

namespace alert40 {

std::variant<std::string, Skip> compose_from_parts(const ClientDefinition& client, const ClientSettings& wishes,
                                                   const std::vector<CipherSuite>& suites);

} // namespace alert40
