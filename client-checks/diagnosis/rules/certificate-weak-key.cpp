// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"
#include "client-checks/diagnosis/flight_lengths.h"

#include <algorithm>

namespace alert40 {

std::optional<Finding> rule_certificate_weak_key(const Evidence& evidence)
{
    auto finding = find_chain_fault("certificate-weak-key", evidence, weak_key, {"verify:weak-key"},
                                    {AlertDescription::bad_certificate, AlertDescription::certificate_unknown,
                                     AlertDescription::insufficient_security},
                                    std::nullopt, OwnWords::certain);
    if (!finding || !shows_weak_key(evidence)) return finding;
    // OpenSSL's alert for it; others that refuse for anything have it as well, and half of the clients take the key.
    if (evidence.client_sent(AlertDescription::bad_certificate))
        finding->confidence = std::min(finding->confidence, Confidence::likely);
    finding->because.emplace_back("the server's signature has the length of one by an RSA key of 1024 bits");
    return finding;
}

} // namespace alert40
