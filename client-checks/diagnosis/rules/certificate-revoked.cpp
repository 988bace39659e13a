// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"
#include "client-checks/diagnosis/hidden_flight.h"

namespace alert40 {

namespace {

/// Some clients have one text for all that can be wrong with a certificate; their 44 tells which it is (RFC 8446,
/// section 6.2: "revoked by its signer").
Confidence by(ChainRefusal refusal, const Evidence& evidence)
{
    constexpr std::size_t kFew = 2;
    const bool by_44 = evidence.has_wire() && evidence.client_sent(AlertDescription::certificate_revoked);
    if (refusal == ChainRefusal::exact || (refusal == ChainRefusal::among && by_44)) return Confidence::certain;
    return refusal == ChainRefusal::among && evidence.symptoms.size() > kFew ? Confidence::possible
                                                                             : Confidence::likely;
}

} // namespace

std::optional<Finding> rule_certificate_revoked(const Evidence& evidence)
{
    const std::string cause = "certificate-revoked";
    // Measured: 44 (OpenSSL, Firefox), 42, 46, or a bare close; 7 of 14 clients take a stapled "revoked"
    // silently.
    const auto refusal = chain_refusal(evidence, {"verify:revoked"}, {AlertDescription::certificate_revoked});
    // A response came with the chain, in clear up to TLS 1.2, and the client would not go on: for what it says, or for
    // another fault of the chain.
    const auto for_any =
        chain_refusal(evidence, {}, {AlertDescription::bad_certificate, AlertDescription::certificate_unknown});
    const bool stapled = evidence.has_wire() && server_sent_message(*evidence.wire, HandshakeType::certificate_status);
    if (refusal < ChainRefusal::by_alert && stapled && for_any != ChainRefusal::no)
        return found(cause, Confidence::possible, evidence, {"the server sent a CertificateStatus"});
    if (refusal < ChainRefusal::by_alert) return std::nullopt;
    // Nobody says "revoked" for another reason.
    return found(cause, by(refusal, evidence), evidence);
}

} // namespace alert40
