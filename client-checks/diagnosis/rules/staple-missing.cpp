// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"

namespace alert40 {

std::optional<Finding> rule_staple_missing(const Evidence& evidence)
{
    const std::string cause = "staple-missing";
    // RFC 7633 section 4.2.3.1 has 113 for a promised response that does not come.
    const auto refusal =
        chain_refusal(evidence, {"verify:status-missing"},
                      {AlertDescription::bad_certificate_status_response, AlertDescription::certificate_unknown});
    if (refusal < ChainRefusal::by_alert) return std::nullopt;
    // Some clients have one text for all that can be wrong with a certificate.
    constexpr std::size_t kFew = 2;
    const bool is_vague = refusal == ChainRefusal::by_alert || evidence.symptoms.size() > kFew;
    return found(cause, is_vague ? Confidence::possible : Confidence::likely, evidence);
}

} // namespace alert40
