// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/hidden_flight.h"
#include "client-checks/diagnosis/words.h"

#include <algorithm>

namespace alert40 {
namespace {

/// Up to TLS 1.2, behind the server's change_cipher_spec: an alert of 2 octets, without nonce, padding or tag.
bool bare_alert_under_keys(const Transcript& wire)
{
    return std::any_of(wire.events.begin(), wire.events.end(), [](const TranscriptEvent& event) {
        const auto* record = std::get_if<RecordEvent>(&event);
        return record != nullptr && record->direction == Direction::server_to_client && record->encrypted &&
               record->type == ContentType::alert && record->length == 2;
    });
}

/// Servers that compare suites, groups and certificates know the version that they speak, and put TLS 1.2 at least into
/// the record's header where the client has it (measured: Go and NSS send 70 in a record of TLS 1.0, 40 never).
bool is_older_than_offered(const Evidence& evidence)
{
    const auto* hello = evidence.client_hello();
    if (hello == nullptr || !hello->offers(ProtocolVersion::tls12)) return false;
    const auto* event = deciding_event(*evidence.wire);
    const auto* record = event != nullptr ? std::get_if<RecordEvent>(event) : nullptr;
    return record != nullptr && record->alert && record->version == ProtocolVersion::tls10;
}

} // namespace

std::optional<Finding> rule_middlebox_injected_alert(const Evidence& evidence)
{
    const std::string cause = "middlebox-injected-alert";
    // RFC 8446 section 6: once keys are in place alerts are encrypted; one in clear was made by somebody without them.
    const bool keyed = evidence.is_tls13() && evidence.outcome->phase >= Phase::after_server_hello;
    if (keyed && clear_alert_after_server_hello(*evidence.wire))
        return found(cause, Confidence::likely, evidence,
                     {"the alert of the server's side is in clear after the keys are active"});
    if (evidence.has_wire() && bare_alert_under_keys(*evidence.wire))
        return found(cause, Confidence::likely, evidence,
                     {"an alert of the server's side is in clear behind its change_cipher_spec"});
    // An honest server refuses before its ServerHello, or after the client's flight; what is in between is Go's and
    // Java's manner of failing to sign (1.2), or a box that has read the certificate.
    const bool in_flight = evidence.outcome && evidence.outcome->phase == Phase::after_server_hello &&
                           !evidence.is_tls13() && evidence.server_sent(AlertDescription::handshake_failure);
    if (in_flight)
        return found(cause, Confidence::likely, evidence,
                     {"the server had answered already, and its flight broke off"});
    // RFC 8446 section 6.2: "a valid certificate or PSK was received, but ... access control": here nobody sent one.
    if (evidence.refused_before_server_hello(AlertDescription::access_denied))
        return found(cause, Confidence::likely, evidence, {"nothing had been sent that access could be denied to"});
    const bool warned_then_closed = evidence.ended_before_server_hello() && evidence.ended<WeClosed>() &&
                                    warned(evidence, AlertDescription::handshake_failure);
    if (warned_then_closed)
        return found(cause, Confidence::likely, evidence, {"handshake_failure (40) came as a warning"});
    if (is_older_than_offered(evidence) && hello_refused(evidence, {AlertDescription::handshake_failure}))
        return found(cause, Confidence::likely, evidence,
                     {"the alert's record is of TLS 1.0, and a server that refuses an offer has settled the version"});
    // Before them it is two bytes like any server's own.
    if (hello_refused(evidence, {AlertDescription::handshake_failure}))
        return found(cause, Confidence::possible, evidence);
    return std::nullopt;
}

} // namespace alert40
