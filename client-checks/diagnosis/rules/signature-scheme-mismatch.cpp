// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"
#include "client-checks/diagnosis/hidden_flight.h"
#include "client-checks/diagnosis/offer.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr auto kCause = "signature-scheme-mismatch";

/// SHA-1 in a signature of a server that knows no better, where the client had not offered it (RFC 5246 sections 7.4.3
/// and 7.4.1.4.1). With any other scheme that was not offered the server violates the protocol.
std::optional<std::string> unoffered_sha1(const Evidence& evidence)
{
    const auto* hello = evidence.client_hello();
    if (hello == nullptr || !evidence.wire->server_signature) return std::nullopt;
    const auto offered = hello->signature_schemes();
    const auto used = *evidence.wire->server_signature;
    const bool is_sha1 = used == SignatureScheme::rsa_pkcs1_sha1 || used == SignatureScheme::ecdsa_sha1;
    if (!is_sha1 || offered.empty() || std::find(offered.begin(), offered.end(), used) != offered.end())
        return std::nullopt;
    return fmt::format("the server signed with {}, which the client does not offer", name(used));
}

/// A server that had chosen suite and group and cannot sign: Go and Java send the alert behind their ServerHello.
std::optional<Finding> after_server_hello(const Evidence& evidence)
{
    const bool by_server = evidence.alert && evidence.alert_from == Direction::server_to_client;
    if (const auto unoffered = unoffered_sha1(evidence); unoffered && !by_server)
        return found(kCause, Confidence::likely, evidence, {*unoffered});
    const std::string chosen = "the server had chosen suite and group, and sent no signature";
    const bool unfinished = evidence.outcome && evidence.outcome->phase == Phase::after_server_hello;
    const bool in_clear = evidence.is_tls13() && clear_alert_after_server_hello(*evidence.wire); // not by this server
    if (unfinished && !in_clear && evidence.server_sent(AlertDescription::handshake_failure))
        return found(kCause, Confidence::likely, evidence, {chosen});
    if (unfinished && evidence.server_sent(AlertDescription::internal_error))
        return found(kCause, Confidence::possible, evidence, {chosen});
    if (!evidence.alert && gave_up_behind_server_hello(*evidence.wire))
        return found(kCause, Confidence::possible, evidence,
                     {"the server went no further than its ServerHello, or to a record of the length of an alert"});
    // The client's own list is shorter than what the server signs with (OpenSSL 3 and SHA-1): it looked at the scheme,
    // and refused it.
    if (words(evidence, {"local:signature-scheme"}) == Words::exact)
        return found(kCause, Confidence::likely, evidence,
                     {"the client does not take the scheme that the server signed with"});
    return is_plain_client_40(evidence) ? std::optional(found(kCause, Confidence::possible, evidence)) : std::nullopt;
}

} // namespace

std::optional<Finding> rule_signature_scheme_mismatch(const Evidence& evidence)
{
    if (evidence.has_wire() && !evidence.ended_before_server_hello()) return after_server_hello(evidence);
    const bool refused =
        hello_refused(evidence, {AlertDescription::handshake_failure, AlertDescription::insufficient_security});
    // Java says internal_error for a certificate of a type that the client cannot verify (10 runs). That and a bare
    // close are read as this only with a reason in the offer.
    const bool may_be = hello_refused(evidence, {AlertDescription::internal_error}) || evidence.ended<WeClosed>();
    if (!refused && !may_be) return std::nullopt;
    const auto* hello = evidence.client_hello();
    if (hello == nullptr) return found(kCause, Confidence::possible, evidence);
    const auto narrow = narrow_schemes(*hello);
    if (!refused && !narrow) return std::nullopt;
    if (!refused || !narrow) return found(kCause, Confidence::possible, evidence, {narrow.value_or("")});
    const bool suites_follow = !narrow_suites(*hello) || narrow_suites_by_key(*hello);
    const bool nothing_else = suites_follow && !single_version(*hello) && !narrow_groups(*hello);
    return found(kCause, nothing_else ? unless_vague(evidence, Confidence::certain) : Confidence::likely, evidence,
                 {*narrow});
}

} // namespace alert40
