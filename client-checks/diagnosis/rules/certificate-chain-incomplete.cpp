// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"

namespace alert40 {

std::optional<Finding> rule_certificate_chain_incomplete(const Evidence& evidence)
{
    const std::string cause = "certificate-chain-incomplete";
    const auto refusal = chain_refusal(
        evidence, {"verify:incomplete-chain", "verify:unknown-ca"},
        {AlertDescription::unknown_ca, AlertDescription::bad_certificate, AlertDescription::certificate_unknown});
    if (refusal == ChainRefusal::no) return std::nullopt;
    const auto& chain = evidence.server_chain;
    if (chain.empty()) {
        const bool said = evidence.means_only("verify:incomplete-chain");
        return found(cause, said ? Confidence::likely : Confidence::possible, evidence);
    }
    // Only the root may be left out (RFC 8446 section 4.4.2).
    if (is_self_issued(chain.back())) return std::nullopt;
    const bool by_trust = refusal >= ChainRefusal::among || evidence.client_sent(AlertDescription::unknown_ca);
    const std::string issuer = "not sent: " + chain.back().issuer.text + ", the issuer of the last certificate";
    if (chain.size() > 1 && links_up(chain)) return found(cause, Confidence::possible, evidence, {issuer});
    const std::string sent = chain.size() == 1 ? "the server sent its own certificate alone"
                                               : "the certificates that the server sent do not issue one another";
    return found(cause, by_trust ? Confidence::likely : Confidence::possible, evidence, {sent, issuer});
}

} // namespace alert40
