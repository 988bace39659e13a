// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/flight_lengths.h"
#include "client-checks/diagnosis/hidden_flight.h"
#include "client-checks/diagnosis/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace alert40 {

namespace {

/// Go chooses the protocol with its EncryptedExtensions: an alert in their place, where all else was agreed.
std::optional<Finding> behind_server_hello(const Evidence& evidence)
{
    const auto* hello = evidence.client_hello();
    const bool in_place = hello != nullptr && !evidence.alert && may_hide_early_server_alert(*evidence.wire) &&
                          hidden_server_records(*evidence.wire) == 1;
    if (!in_place || hello->alpn_protocols().empty()) return std::nullopt;
    return found("alpn-mismatch", Confidence::possible, evidence,
                 {"the server's first encrypted record has the length of an alert",
                  fmt::format("the client offers {} by ALPN", fmt::join(hello->alpn_protocols(), ", "))});
}

} // namespace

std::optional<Finding> rule_alpn_mismatch(const Evidence& evidence)
{
    const std::string cause = "alpn-mismatch";
    // Most servers say it before their ServerHello; Go, in TLS 1.3, with its EncryptedExtensions.
    if (!server_refused(evidence, AlertDescription::no_application_protocol)) return behind_server_hello(evidence);
    const auto* hello = evidence.client_hello();
    if (hello == nullptr) return found(cause, unless_vague(evidence, Confidence::likely), evidence);
    // RFC 7301, section 3.2: 120 answers a list of protocols, and nothing else.
    const auto offered = hello->alpn_protocols();
    if (offered.empty()) return found(cause, Confidence::possible, evidence);
    return found(cause, unless_vague(evidence, Confidence::certain), evidence,
                 {fmt::format("the client offers {} by ALPN", fmt::join(offered, ", "))});
}

} // namespace alert40
