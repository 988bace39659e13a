// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"

namespace alert40 {

std::optional<Finding> rule_certificate_chain_too_large(const Evidence& evidence)
{
    auto finding = find_chain_fault(
        "certificate-chain-too-large", evidence, too_large,
        {"local:message-too-large", "verify:unknown-ca", "verify:incomplete-chain"},
        {AlertDescription::illegal_parameter, AlertDescription::decode_error, AlertDescription::unknown_ca});
    const bool by_name = evidence.means_only("local:message-too-large");
    if (finding && finding->confidence == Confidence::certain && !by_name) finding->confidence = Confidence::likely;
    return finding;
}

} // namespace alert40
