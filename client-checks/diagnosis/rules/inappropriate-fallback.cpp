// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/words.h"

namespace alert40 {

std::optional<Finding> rule_inappropriate_fallback(const Evidence& evidence)
{
    const std::string cause = "inappropriate-fallback";
    if (!hello_refused(evidence, {AlertDescription::inappropriate_fallback})) return std::nullopt;
    const auto* hello = evidence.client_hello();
    if (hello == nullptr) return found(cause, unless_vague(evidence, Confidence::certain), evidence);
    // RFC 7507, section 3: the alert answers the signalling value and nothing else.
    if (hello->has_fallback_scsv())
        return found(cause, Confidence::certain, evidence, {"the ClientHello carries TLS_FALLBACK_SCSV"});
    return found(cause, Confidence::possible, evidence, {"the ClientHello carries no TLS_FALLBACK_SCSV"});
}

} // namespace alert40
