// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/client_certificate.h"

namespace alert40 {

std::optional<Finding> rule_client_misconfigured(const Evidence& evidence)
{
    const std::string cause = "client-misconfigured";
    const bool spoke = evidence.has_wire() && evidence.client_hello() != nullptr;
    if (spoke || words(evidence, {"local:configuration"}) < Words::among) return std::nullopt;
    if (says_foreign_key(evidence)) return std::nullopt; // client-certificate-key-mismatch
    if (!evidence.means_only("local:configuration")) return found(cause, Confidence::possible, evidence);
    if (evidence.has_wire()) return found(cause, Confidence::certain, evidence, {"the client sent no ClientHello"});
    return found(cause, evidence.side_unknown ? Confidence::likely : Confidence::certain, evidence);
}

} // namespace alert40
