// SPDX-License-Identifier: GPL-2.0-or-later
// Finite-field Diffie-Hellman parameters by the length of their prime.
#pragma once

#include "server/stack/tls_context.h"

namespace alert40 {

/// 512 (a safe prime of our own), 1024 (RFC 2409, section 6.2) or 2048 bits (ffdhe2048, RFC 7919); nullopt for others.
std::optional<DhParameters> dh_parameters(unsigned bits);

/// Of ffdhe2048, ffdhe3072 and ffdhe4096 (RFC 7919, appendix A); nullopt for other groups.
std::optional<DhParameters> dh_parameters(NamedGroup group);

} // namespace alert40
