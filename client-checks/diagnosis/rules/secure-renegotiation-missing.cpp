// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/words.h"

namespace alert40 {

std::optional<Finding> rule_secure_renegotiation_missing(const Evidence& evidence)
{
    const std::string cause = "secure-renegotiation-missing";
    const bool said = evidence.means_only("local:unsafe-renegotiation");
    if (!evidence.has_wire()) return said ? std::optional(found(cause, Confidence::certain, evidence)) : std::nullopt;

    // TLS 1.3 has no renegotiation and does not use the extension (RFC 8446 section 4.1.2).
    const auto& server_hello = evidence.wire->server_hello;
    if (!server_hello || evidence.is_tls13() || server_hello->has_renegotiation_info()) return std::nullopt;
    const std::string lacks = "the ServerHello carries no renegotiation_info";
    if (said) return found(cause, Confidence::certain, evidence, {lacks});

    // RFC 5746 section 4.1: a client that terminates "SHOULD" send handshake_failure. It announced RFC 5746 before.
    const auto* hello = evidence.client_hello();
    if (hello == nullptr || !hello->has_renegotiation_info()) return std::nullopt;
    const auto meant = words(evidence, {"local:unsafe-renegotiation"});
    if (meant == Words::otherwise) return std::nullopt;
    if (evidence.client_sent(AlertDescription::handshake_failure))
        return found(cause, Confidence::likely, evidence, {lacks});
    const bool left = evidence.ended<PeerClosed>() || evidence.ended<PeerReset>();
    if (left) return found(cause, meant == Words::among ? Confidence::likely : Confidence::possible, evidence, {lacks});
    return std::nullopt;
}

} // namespace alert40
