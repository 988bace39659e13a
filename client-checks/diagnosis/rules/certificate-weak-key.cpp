// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"

namespace alert40 {

std::optional<Finding> rule_certificate_weak_key(const Evidence& evidence)
{
    return find_chain_fault("certificate-weak-key", evidence, weak_key, {"verify:weak-key"},
                            {AlertDescription::bad_certificate, AlertDescription::certificate_unknown,
                             AlertDescription::insufficient_security});
}

} // namespace alert40
