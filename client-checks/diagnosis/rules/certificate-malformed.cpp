// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"
#include "client-checks/diagnosis/violations.h"

#include <algorithm>

namespace alert40 {

std::optional<Finding> rule_certificate_malformed(const Evidence& evidence)
{
    const std::string cause = "certificate-malformed";
    const auto* leaf = evidence.server_leaf();
    if (leaf != nullptr && leaf->not_after < leaf->not_before) // each client stops at the date that it looks at first
        return find_chain_fault(cause, evidence, malformed,
                                {"verify:expired", "verify:not-yet-valid", "verify:malformed"},
                                {AlertDescription::bad_certificate, AlertDescription::certificate_expired,
                                 AlertDescription::certificate_unknown});
    auto finding = find_chain_fault(
        cause, evidence, malformed, {"verify:malformed", "verify:unknown-ca", "verify:incomplete-chain"},
        {AlertDescription::bad_certificate, AlertDescription::decode_error, AlertDescription::decrypt_error,
         AlertDescription::unknown_ca, AlertDescription::internal_error, AlertDescription::certificate_unknown});
    // Octets that are no certificate at all may be a file that was spoilt after a sound one was issued.
    if (finding && evidence.has_wire() && !evidence.knows_lengths_alone() && corrupt_certificate(*evidence.wire))
        finding->confidence = std::max(finding->confidence, Confidence::likely);
    return finding;
}

} // namespace alert40
