// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"

namespace alert40 {

std::optional<Finding> rule_certificate_malformed(const Evidence& evidence)
{
    return find_chain_fault("certificate-malformed", evidence, malformed,
                            {"verify:malformed", "verify:unknown-ca", "verify:incomplete-chain"},
                            {AlertDescription::bad_certificate, AlertDescription::decode_error,
                             AlertDescription::decrypt_error, AlertDescription::unknown_ca,
                             AlertDescription::internal_error, AlertDescription::certificate_unknown});
}

} // namespace alert40
