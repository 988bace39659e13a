// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"

namespace alert40 {

std::optional<Finding> rule_certificate_chain_too_large(const Evidence& evidence)
{
    return find_chain_fault("certificate-chain-too-large", evidence, too_large, {"local:message-too-large"},
                            {AlertDescription::illegal_parameter, AlertDescription::decode_error});
}

} // namespace alert40
