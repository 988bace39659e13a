// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"

namespace alert40 {

std::optional<Finding> rule_certificate_pin_mismatch(const Evidence& evidence)
{
    // Nothing on the wire tells which key the client insists on: its words alone do.
    const auto refusal = chain_refusal(evidence, {"verify:pin-mismatch"}, {});
    if (refusal < ChainRefusal::among) return std::nullopt;
    return found("certificate-pin-mismatch", refusal == ChainRefusal::exact ? Confidence::certain : Confidence::likely,
                 evidence);
}

} // namespace alert40
