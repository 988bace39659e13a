// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"

namespace alert40 {

std::optional<Finding> rule_certificate_untrusted_root(const Evidence& evidence)
{
    const std::string cause = "certificate-untrusted-root";
    const auto refusal = chain_refusal(
        evidence, {"verify:unknown-ca", "verify:self-signed"},
        {AlertDescription::unknown_ca, AlertDescription::bad_certificate, AlertDescription::certificate_unknown});
    if (refusal == ChainRefusal::no) return std::nullopt;
    const auto* leaf = evidence.server_leaf();
    if (leaf == nullptr) {
        if (evidence.means_only("verify:self-signed")) return found(cause, Confidence::possible, evidence);
        return found(cause, without_chain(refusal), evidence);
    }
    // Never certain: tls-inspection differs in the issuer's name alone, and what the client trusts is not on the wire.
    if (is_self_issued(*leaf)) return std::nullopt;
    const auto& chain = evidence.server_chain;
    const std::string issuer = "the last certificate sent is issued by " + chain.back().issuer.text;
    const bool said =
        refusal >= ChainRefusal::among && !name_explains(evidence, refusal) && !says_anything(evidence, refusal);
    const bool by_trust = said || evidence.client_sent(AlertDescription::unknown_ca);
    const bool whole = chain.size() > 1 && links_up(chain);
    return found(cause, whole && by_trust ? Confidence::likely : Confidence::possible, evidence, {issuer});
}

} // namespace alert40
