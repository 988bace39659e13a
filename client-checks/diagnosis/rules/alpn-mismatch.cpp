// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace alert40 {

std::optional<Finding> rule_alpn_mismatch(const Evidence& evidence)
{
    const std::string cause = "alpn-mismatch";
    // Most servers say it before their ServerHello; Go, in TLS 1.3, with its EncryptedExtensions.
    if (!server_refused(evidence, AlertDescription::no_application_protocol)) return std::nullopt;
    const auto* hello = evidence.client_hello();
    if (hello == nullptr) return found(cause, unless_vague(evidence, Confidence::likely), evidence);
    // RFC 7301, section 3.2: 120 answers a list of protocols, and nothing else.
    const auto offered = hello->alpn_protocols();
    if (offered.empty()) return found(cause, Confidence::possible, evidence);
    return found(cause, unless_vague(evidence, Confidence::certain), evidence,
                 {fmt::format("the client offers {} by ALPN", fmt::join(offered, ", "))});
}

} // namespace alert40
