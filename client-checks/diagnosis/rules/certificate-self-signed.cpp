// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"
#include "client-checks/diagnosis/flight_lengths.h"

namespace alert40 {

std::optional<Finding> rule_certificate_self_signed(const Evidence& evidence)
{
    const std::string cause = "certificate-self-signed";
    const auto refusal = chain_refusal(
        evidence, {"verify:self-signed", "verify:unknown-ca"},
        {AlertDescription::unknown_ca, AlertDescription::bad_certificate, AlertDescription::certificate_unknown});
    if (refusal == ChainRefusal::no) return std::nullopt;
    const auto* leaf = evidence.server_leaf();
    if (leaf == nullptr) {
        const bool said = evidence.means_only("verify:self-signed");
        if (evidence.means_only("verify:unknown-ca")) return std::nullopt;
        // A root that came with the chain is another certificate; one alone that is said to be self-signed is the leaf.
        if (said && server_chain_length(evidence) == ChainLength::one)
            return found(cause, Confidence::certain, evidence, {"the server sent one certificate"});
        return found(cause, said ? Confidence::likely : Confidence::possible, evidence);
    }
    // A self-signed root behind the leaf (OpenSSL's error 19) is certificate-untrusted-root.
    if (!is_self_issued(*leaf)) return std::nullopt;
    // A placeholder for another name is a default host's: SNI or address may be to blame.
    const bool sure = is_self_signed(*leaf) && evidence.server_chain.size() == 1 && refusal >= ChainRefusal::by_alert &&
                      is_for_server_name(evidence).value_or(false);
    return found(cause, sure ? Confidence::certain : Confidence::likely, evidence,
                 {"the server sent one certificate that names itself as its issuer, " + leaf->subject.text});
}

} // namespace alert40
