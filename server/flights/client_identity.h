// SPDX-License-Identifier: GPL-2.0-or-later
// A composed session's judgement of a client certificate, with the alerts of the OpenSSL library.
#pragma once

#include "certs/bytes.h"
#include "scenarios/vocabulary/alert.h"

#include <chrono>
#include <optional>
#include <vector>

namespace alert40 {

/// nullopt where the chain (DER, leaf first, not empty) leads to one of `anchors` at `now`: certificate_expired,
/// unknown_ca, bad_certificate for one that cannot be read. Constraints and key usage are not looked at.
std::optional<AlertDescription> judge_client_chain(const std::vector<Bytes>& chain, const std::vector<Bytes>& anchors,
                                                   std::chrono::system_clock::time_point now);

} // namespace alert40
