// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/hidden_flight.h"
#include "client-checks/diagnosis/words.h"

namespace alert40 {
namespace {

constexpr auto kCause = "record-tampering";

/// The order of the server's messages up to TLS 1.2 (RFC 5246 section 7.3); 0: not one of them.
unsigned place_in_flight(HandshakeType message)
{
    constexpr HandshakeType kOrder[] = {HandshakeType::server_hello,        HandshakeType::certificate,
                                        HandshakeType::certificate_status,  HandshakeType::server_key_exchange,
                                        HandshakeType::certificate_request, HandshakeType::server_hello_done};
    unsigned place = 1;
    for (const auto each : kOrder) {
        if (each == message) return place;
        ++place;
    }
    return 0;
}

/// A message of the server's flight in clear came again, or before one that precedes it.
std::string disorder(const Transcript& wire)
{
    unsigned reached = 0;
    for (const auto& event : wire.events) {
        const auto* record = std::get_if<RecordEvent>(&event);
        if (record == nullptr || record->direction != Direction::server_to_client || record->encrypted) continue;
        for (const auto message : record->messages) {
            const unsigned place = place_in_flight(message);
            if (place == 0) continue;
            if (place <= reached) return "the server's " + name(message) + " came twice or behind its place";
            reached = place;
        }
    }
    return "";
}

/// Whether the other side called the record that `alert` answers unreadable.
bool unreadable(const Evidence& evidence)
{
    return evidence.client_sent(AlertDescription::bad_record_mac) ||
           evidence.server_sent(AlertDescription::bad_record_mac);
}

} // namespace

std::optional<Finding> rule_record_tampering(const Evidence& evidence)
{
    if (!evidence.has_wire()) {
        if (words(evidence, {"local:bad-mac", "alert-received:bad_record_mac"}) >= Words::among)
            return found(kCause, unless_vague(evidence, Confidence::likely), evidence);
        return evidence.can_mean("local:unexpected-message")
                   ? std::optional(found(kCause, Confidence::possible, evidence))
                   : std::nullopt;
    }
    // A forged alert in clear is a record that cannot be authenticated either: then the alert is what was forged.
    const bool forged = evidence.is_tls13() && clear_alert_after_server_hello(*evidence.wire);
    if (forged) return std::nullopt;
    const std::string keyed =
        "a record under keys did not authenticate: it was changed, repeated or taken out of order";
    // rustls has one word for a record that does not authenticate and for a wrong Finished; its alert tells them apart.
    const bool finished = evidence.client_sent(AlertDescription::decrypt_error);
    const auto said = words(evidence, {"local:bad-mac", "local:bad-finished"});
    const bool said_so = said == Words::exact && evidence.can_mean("local:bad-mac") && !finished;
    if (unreadable(evidence) || said_so) return found(kCause, Confidence::likely, evidence, {keyed});
    const std::string order = evidence.is_tls13() ? "" : disorder(*evidence.wire);
    if (!order.empty()) return found(kCause, Confidence::likely, evidence, {order});
    // RFC 5246 section 7.4.9, RFC 8446 section 4.4.4: Finished covers every message as each side has seen it.
    const bool other_transcript = evidence.server_sent(AlertDescription::decrypt_error) &&
                                  evidence.outcome->phase == Phase::after_client_finished;
    if (other_transcript)
        return found(kCause, Confidence::likely, evidence, {"the two sides have seen different handshake messages"});
    const bool refused =
        evidence.client_sent(AlertDescription::unexpected_message) || evidence.can_mean("local:unexpected-message");
    return refused ? std::optional(found(kCause, Confidence::possible, evidence)) : std::nullopt;
}

} // namespace alert40
