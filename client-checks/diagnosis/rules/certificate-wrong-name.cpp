// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"

namespace alert40 {

std::optional<Finding> rule_certificate_wrong_name(const Evidence& evidence)
{
    const std::string cause = "certificate-wrong-name";
    // Measured: 42 (89 runs), 46, 80 (Perl, stunnel, HAProxy, mosquitto), 40 (Erlang in TLS 1.2), or a close when the
    // handshake is done (curl, PHP, wget).
    const auto refusal = chain_refusal(evidence, {"verify:name-mismatch"},
                                       {AlertDescription::bad_certificate, AlertDescription::certificate_unknown,
                                        AlertDescription::internal_error, AlertDescription::handshake_failure});
    if (refusal == ChainRefusal::no) return std::nullopt;
    const auto fits = is_for_server_name(evidence);
    if (!fits) {
        const bool by_40 = evidence.client_sent(AlertDescription::handshake_failure);
        if (by_40 && refusal == ChainRefusal::by_alert) return std::nullopt; // without the name 40 means something else
        return found(cause, without_chain(refusal), evidence);
    }
    // The name that the client checks may differ from the one that it sends.
    if (*fits && refusal == ChainRefusal::exact) return found(cause, Confidence::possible, evidence);
    if (*fits) return std::nullopt;
    // Not certain: wrong-server and a default host show the same.
    const auto& leaf = *evidence.server_leaf();
    const std::string for_name = leaf.dns_names.empty() ? leaf.subject.text : leaf.dns_names.front();
    const bool sure = refusal == ChainRefusal::exact || !is_self_issued(leaf);
    return found(
        cause, sure ? Confidence::likely : Confidence::possible, evidence,
        {"the client asked for " + *evidence.client_hello()->server_name(), "the certificate is for " + for_name});
}

} // namespace alert40
