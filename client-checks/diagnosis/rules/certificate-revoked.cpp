// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"

namespace alert40 {

std::optional<Finding> rule_certificate_revoked(const Evidence& evidence)
{
    const std::string cause = "certificate-revoked";
    // Measured: 44 (OpenSSL, Firefox), 42, 46, or a bare close; 7 of 14 clients take a stapled "revoked"
    // silently.
    const auto refusal = chain_refusal(evidence, {"verify:revoked"}, {AlertDescription::certificate_revoked});
    if (refusal < ChainRefusal::by_alert) return std::nullopt;
    // Nobody says "revoked" for another reason.
    return found(cause, refusal == ChainRefusal::exact ? Confidence::certain : Confidence::likely, evidence);
}

} // namespace alert40
