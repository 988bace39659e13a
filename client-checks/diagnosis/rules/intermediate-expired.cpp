// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"

namespace alert40 {

std::optional<Finding> rule_intermediate_expired(const Evidence& evidence)
{
    // The words are those of an expired leaf; wolfSSL finds no issuer in place of an expired one (-188), and sends 45.
    return find_chain_fault("intermediate-expired", evidence, expired_issuer,
                            {"verify:expired", "verify:unknown-ca", "verify:incomplete-chain"},
                            {AlertDescription::certificate_expired, AlertDescription::bad_certificate,
                             AlertDescription::certificate_unknown, AlertDescription::unknown_ca});
}

} // namespace alert40
