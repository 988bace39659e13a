// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"
#include "client-checks/diagnosis/inspection.h"

namespace alert40 {
namespace {

/// The chain as the client lists it, and finds no issuer for.
Finding by_account(const Evidence& evidence, ChainRefusal refusal)
{
    const bool issuer_alone = // is what the client objects to
        refusal == ChainRefusal::exact ||
        words(evidence, {"verify:unknown-ca", "verify:incomplete-chain", "verify:self-signed"}) == Words::exact;
    for (const auto& each : evidence.account.chain) {
        const auto word = inspection_word(each.issuer);
        if (word.empty()) continue;
        const bool sure = is_inspection_alone(word) && issuer_alone && each.issuer != each.subject;
        return found("tls-inspection", sure ? Confidence::certain : Confidence::likely, evidence,
                     {"the issuer is named " + each.issuer});
    }
    return found("tls-inspection", Confidence::possible, evidence);
}

} // namespace

std::optional<Finding> rule_tls_inspection(const Evidence& evidence)
{
    const std::string cause = "tls-inspection";
    const auto refusal = chain_refusal(
        evidence, {"verify:unknown-ca", "verify:self-signed", "verify:pin-mismatch"},
        {AlertDescription::unknown_ca, AlertDescription::bad_certificate, AlertDescription::certificate_unknown});
    if (refusal == ChainRefusal::no) return std::nullopt;
    const auto* leaf = evidence.server_leaf();
    if (leaf == nullptr) return by_account(evidence, refusal);
    if (is_self_issued(*leaf)) return std::nullopt;
    const auto& issuer = evidence.server_chain.back().issuer.text;
    const auto word = inspection_word(leaf->issuer.text + issuer);
    // Made for the asked name a moment ago: nothing but the issuer tells it from the server's own.
    const bool fits = is_for_server_name(evidence).value_or(true);
    if (word.empty() || !fits) return found(cause, Confidence::possible, evidence);
    return found(cause, Confidence::likely, evidence, {"the issuer is named " + issuer});
}

} // namespace alert40
