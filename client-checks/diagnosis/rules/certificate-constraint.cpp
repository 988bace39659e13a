// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"

namespace alert40 {

std::optional<Finding> rule_certificate_constraint(const Evidence& evidence)
{
    // wolfSSL has no issuer left where one is no CA (-188).
    return find_chain_fault("certificate-constraint", evidence, violated_constraint,
                            {"verify:constraint", "verify:wrong-usage", "verify:unknown-ca", "verify:incomplete-chain"},
                            {AlertDescription::unknown_ca, AlertDescription::bad_certificate,
                             AlertDescription::certificate_unknown, AlertDescription::unsupported_certificate});
}

} // namespace alert40
