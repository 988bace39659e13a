// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/client_certificate.h"
#include "client-checks/diagnosis/flight_lengths.h"
#include "client-checks/diagnosis/hidden_flight.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr auto kCause = "client-certificate-required";

/// Go, Java, GnuTLS and NSS send no certificate whose issuer is not on the server's list; OpenSSL sends what it has
/// (RFC 8446 section 4.2.4 leaves it to the client), if a signature scheme fits.
bool sends_whatever_it_has(const Evidence& evidence)
{
    if (evidence.account.sends_what_it_has || asks_anybody(evidence)) return true;
    constexpr std::string_view kSuch[] = {"openssl", "rustls", "mbedtls", "wolfssl"}; // "node-openssl" as well
    return std::any_of(std::begin(kSuch), std::end(kSuch),
                       [&](auto library) { return evidence.library.find(library) != std::string::npos; });
}

std::optional<Finding> with_empty_answer(const Evidence& evidence)
{
    const std::string empty = "the server asked for a certificate and the client sent none";
    // certificate_required cannot be forged: it is encrypted.
    if (server_refused(evidence, AlertDescription::certificate_required))
        return found(kCause, sends_whatever_it_has(evidence) ? Confidence::certain : Confidence::likely, evidence,
                     {empty});
    // Measured: 40 (OpenSSL, Erlang), 42 (Go, Java, NSS), 50 (GnuTLS), a close or HTTP 400 (nginx).
    const bool is_said = evidence.alert || (evidence.has_wire() && may_answer_flight_by_alert(*evidence.wire)) ||
                         words(evidence, {"http-status:400"}) == Words::exact ||
                         evidence.can_mean("alert-received:bad_certificate") ||
                         evidence.can_mean("alert-received:handshake_failure");
    if (server_refused(evidence, {AlertDescription::handshake_failure, AlertDescription::bad_certificate,
                                  AlertDescription::decode_error}) ||
        refused_without_alert(evidence))
        return found(kCause, is_said && sends_whatever_it_has(evidence) ? Confidence::certain : Confidence::likely,
                     evidence, {empty});
    if (may_be_refused_by_page(evidence))
        return found(kCause, Confidence::possible, evidence, {empty, "one short answer came, and the server closed"});
    const bool client_left = evidence.ended<PeerClosed>() || evidence.ended<PeerReset>();
    return client_left ? std::optional(found(kCause, Confidence::possible, evidence, {empty})) : std::nullopt;
}

/// Chromium closes by itself, to ask its user.
std::optional<Finding> left_at_the_question(const Evidence& evidence)
{
    const bool asked = evidence.has_wire() && hidden_certificate_request(*evidence.wire);
    const bool left = evidence.ended<PeerClosed>() && hidden_client_flight(*evidence.wire) == HiddenFlight::none;
    const bool judged = std::any_of(evidence.symptoms.begin(), evidence.symptoms.end(),
                                    [](const Symptom& each) { return each.kind() == "verify"; });
    if (!asked || !left || judged) return std::nullopt;
    return found(
        kCause, Confidence::likely, evidence,
        {"the server's flight has a message more, before its Certificate, and the client left without answer"});
}

} // namespace

std::optional<Finding> rule_client_certificate_required(const Evidence& evidence)
{
    const auto answer = client_answer(evidence);
    if (answer == ClientAnswer::no_certificate) return with_empty_answer(evidence);
    if (answer == ClientAnswer::not_asked) return left_at_the_question(evidence);
    if (answer != ClientAnswer::unknown) return std::nullopt;
    if (server_refused(evidence, AlertDescription::certificate_required))
        return found(kCause, unless_vague(evidence, Confidence::likely), evidence);
    if (server_refused(evidence, {AlertDescription::handshake_failure, AlertDescription::bad_certificate,
                                  AlertDescription::certificate_unknown, AlertDescription::access_denied,
                                  AlertDescription::decode_error}) ||
        refused_without_alert(evidence))
        return found(kCause, Confidence::possible, evidence);
    // Chromium closes by itself, to ask its user.
    const bool asked = evidence.has_wire() && (evidence.wire->certificate_request ||
                                               server_sent_message(*evidence.wire, HandshakeType::certificate_request));
    const bool early = evidence.outcome && evidence.outcome->phase <= Phase::after_server_flight;
    const bool judged = std::any_of(evidence.symptoms.begin(), evidence.symptoms.end(),
                                    [](const Symptom& each) { return each.kind() == "verify"; });
    if (asked && early && evidence.ended<PeerClosed>() && !judged)
        return found(kCause, Confidence::likely, evidence, {"the client left without an answer to the request"});
    return std::nullopt;
}

} // namespace alert40
