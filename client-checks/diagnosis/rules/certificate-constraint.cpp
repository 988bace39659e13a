// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"
#include "client-checks/diagnosis/ranking.h"
#include "client-checks/diagnosis/words.h"

namespace alert40 {

std::optional<Finding> rule_certificate_constraint(const Evidence& evidence)
{
    // OpenSSL's client sends 46 for a name constraint and what else has no alert of its own (ssl/statem/statem_lib.c,
    // x509table), in clear: its keys come later. 11 of 11 recorded runs.
    const auto* hello = evidence.client_hello();
    const bool by_openssl = evidence.is_tls13() && hello != nullptr && alerts_name_reasons(*hello) &&
                            evidence.client_sent(AlertDescription::certificate_unknown);
    if (by_openssl && evidence.server_chain.empty() && words(evidence, {"verify:constraint"}) != Words::otherwise)
        return found("certificate-constraint", Confidence::likely, evidence,
                     {"the ClientHello is like OpenSSL's, which has other alerts for the usual faults of a chain"});
    // wolfSSL has no issuer left where one is no CA (-188).
    return find_chain_fault("certificate-constraint", evidence, violated_constraint,
                            {"verify:constraint", "verify:wrong-usage", "verify:unknown-ca", "verify:incomplete-chain"},
                            {AlertDescription::unknown_ca, AlertDescription::bad_certificate,
                             AlertDescription::certificate_unknown, AlertDescription::unsupported_certificate});
}

} // namespace alert40
