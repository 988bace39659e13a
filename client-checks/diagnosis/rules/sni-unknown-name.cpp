// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"
#include "client-checks/diagnosis/hidden_flight.h"

namespace alert40 {
namespace {

constexpr auto kCause = "sni-unknown-name";

/// Many servers go on with the certificate of their default host (RFC 6066 section 3 allows it).
std::optional<Finding> default_host(const Evidence& evidence, const std::string& sent)
{
    const auto fits = is_for_server_name(evidence);
    if (fits.value_or(false)) return std::nullopt;
    if (!fits) { // measured: 44 runs of Apache and Erlang, where the client judged the default host's certificate
        const auto refusal = chain_refusal(evidence, {"verify:name-mismatch"}, {AlertDescription::bad_certificate});
        if (refusal == ChainRefusal::no || refusal == ChainRefusal::unexplained) return std::nullopt;
        return found(kCause, Confidence::possible, evidence, {sent});
    }
    const auto refusal = chain_refusal(evidence, {"verify:name-mismatch", "verify:self-signed", "verify:unknown-ca"},
                                       {AlertDescription::bad_certificate, AlertDescription::certificate_unknown,
                                        AlertDescription::unknown_ca, AlertDescription::internal_error});
    if (refusal == ChainRefusal::no) return std::nullopt;
    return found(kCause, Confidence::possible, evidence, {sent, "the certificate is for another name"});
}

} // namespace

std::optional<Finding> rule_sni_unknown_name(const Evidence& evidence)
{
    const auto* hello = evidence.client_hello();
    if (hello == nullptr && evidence.has_wire()) return std::nullopt;
    if (hello != nullptr && !hello->server_name()) return std::nullopt; // sni-missing
    const std::string sent = hello != nullptr ? "the client asked for " + *hello->server_name() : "";
    // 112 is this one's own alert: 259 of 447 recorded runs, sni-missing 129 more.
    if (hello_refused(evidence, {AlertDescription::unrecognized_name}) ||
        warned(evidence, AlertDescription::unrecognized_name))
        return found(kCause, unless_vague(evidence, Confidence::likely), evidence, {sent});
    // rustls says 49 where its ResolvesServerCert has none for the name (rustls/src/server/hs.rs); RFC 8446 section 6.2
    // knows it of certificates and PSKs alone, which nobody has sent yet.
    if (evidence.refused_before_server_hello(AlertDescription::access_denied))
        return found(kCause, Confidence::likely, evidence, {sent});
    // 80: Go (22 runs); a bare close or reset: Node (44); 40: allowed, never recorded (0 of 369).
    if (hello_refused(evidence, {AlertDescription::internal_error}))
        return found(kCause, Confidence::possible, evidence, {sent});
    if (evidence.refused_before_server_hello(AlertDescription::handshake_failure))
        return found(kCause, Confidence::possible, evidence, {sent});
    const bool left = evidence.ended<WeClosed>() || evidence.ended<WeReset>();
    const bool closed = evidence.has_wire() ? evidence.ended_before_server_hello() && left : says_closed(evidence);
    if (closed) return found(kCause, Confidence::possible, evidence, {sent});
    if (hello != nullptr && !evidence.alert && gave_up_behind_server_hello(*evidence.wire))
        return found(kCause, Confidence::possible, evidence, {sent, "the server showed no certificate"});
    return hello != nullptr ? default_host(evidence, sent) : std::nullopt;
}

} // namespace alert40
