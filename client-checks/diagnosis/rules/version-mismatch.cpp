// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/offer.h"
#include "client-checks/diagnosis/violations.h"
#include "client-checks/diagnosis/words.h"

namespace alert40 {
namespace {

constexpr auto kCause = "version-mismatch";

/// Go and NSS answer so, in a record of TLS 1.0; OpenSSL, which says 70 to TLS 1.3 alone where it has no certificate,
/// in one of TLS 1.2 (measured: 61 of 61 and 300 of 300 runs).
bool is_of_go_or_nss(const Evidence& evidence)
{
    const auto* event = deciding_event(*evidence.wire);
    const auto* record = event != nullptr ? std::get_if<RecordEvent>(event) : nullptr;
    return record != nullptr && record->version == ProtocolVersion::tls10;
}

/// protocol_version (70) at a ClientHello, which has no other meaning (RFC 8446 section 6.2). One of TLS 1.3 alone gets
/// it from an OpenSSL server without certificate too; one that offers TLS 1.2 beside it gets 40 from that.
Finding by_protocol_version(const Evidence& evidence, const ClientHello& hello)
{
    const bool sure = !offers_only_tls13(hello) || is_of_go_or_nss(evidence);
    return found(kCause, unless_vague(evidence, sure ? Confidence::certain : Confidence::likely), evidence,
                 {single_version(hello).value_or("")});
}

/// The client refuses the version that the server chose.
std::optional<Finding> by_client(const Evidence& evidence)
{
    const auto version = evidence.outcome->version;
    if (!version) return std::nullopt;
    const auto chosen = "the server chose " + display_name(*version);
    const bool refused = evidence.client_sent(AlertDescription::protocol_version);
    const auto said = words(evidence, {"local:version"});
    // A version that the ClientHello does not list is refused for that, however the client words it.
    const auto* hello = evidence.client_hello();
    const bool unlisted = hello != nullptr && !hello->offers(*version);
    const bool old = *version <= ProtocolVersion::tls11;
    if (old && !unlisted && (refused || said == Words::exact))
        return found(kCause, Confidence::certain, evidence, {chosen});
    if (unlisted && said == Words::exact && answers_like_older_server(*evidence.wire))
        return found(kCause, Confidence::certain, evidence, {chosen});
    if (refused || said == Words::exact || (unlisted && said == Words::among))
        return found(kCause, Confidence::likely, evidence, {chosen});
    // Measured (51 runs): OpenSSL 3 takes TLS 1.1, finds its signature too weak and sends internal_error.
    if (!old) return std::nullopt;
    if (evidence.client_sent(AlertDescription::internal_error))
        return found(kCause, Confidence::certain, evidence, {chosen});
    if (said == Words::among) return found(kCause, Confidence::likely, evidence, {chosen});
    const bool left = evidence.ended<PeerClosed>() || evidence.ended<PeerReset>();
    if (left && words(evidence, {}) == Words::silent) return found(kCause, Confidence::possible, evidence, {chosen});
    return std::nullopt;
}

} // namespace

std::optional<Finding> rule_version_mismatch(const Evidence& evidence)
{
    const auto* hello = evidence.client_hello();
    if (evidence.has_wire() && !evidence.ended_before_server_hello()) return by_client(evidence);
    if (hello_refused(evidence, {AlertDescription::protocol_version})) {
        if (hello != nullptr) return by_protocol_version(evidence, *hello);
        return found(kCause, unless_vague(evidence, Confidence::likely), evidence);
    }
    if (!evidence.has_wire() && words(evidence, {"local:version"}) >= Words::among)
        return found(kCause, unless_vague(evidence, Confidence::likely), evidence);
    // Measured: 46 of 619 runs gave 40 (GnuTLS, mbedTLS, OpenSSL 1.0.1, NSS) and 18 a bare close.
    const bool refused = hello_refused(evidence, {AlertDescription::handshake_failure});
    const bool closed = evidence.has_wire() ? evidence.ended<WeClosed>() : says_closed(evidence);
    if (!refused && !closed) return std::nullopt;
    if (hello == nullptr)
        return evidence.has_wire() ? std::nullopt : std::optional(found(kCause, Confidence::possible, evidence));
    const auto single = single_version(*hello);
    if (!single) return std::nullopt;
    const bool old = !hello->offers(ProtocolVersion::tls12) && offers_at_most_tls12(*hello);
    // Whoever has TLS 1.3 has its suites and x25519 or P-256: alone it is refused by those who have it not.
    const bool new_alone = refused && offers_only_tls13(*hello) && !offers_session(*hello) && !narrow_suites(*hello) &&
                           !narrow_groups(*hello);
    return found(kCause, old || new_alone ? Confidence::likely : Confidence::possible, evidence, {*single});
}

} // namespace alert40
