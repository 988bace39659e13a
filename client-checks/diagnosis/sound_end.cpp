// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/sound_end.h"

#include "client-checks/diagnosis/hidden_flight.h"
#include "client-checks/diagnosis/offer.h"
#include "server/wire/outcome.h"

#include <algorithm>

namespace alert40 {
namespace {

bool is_tls13(const Transcript& wire)
{
    return wire.server_hello && wire.server_hello->selected_version() == ProtocolVersion::tls13;
}

bool is_from(const TranscriptEvent& event, Direction direction)
{
    const auto* record = std::get_if<RecordEvent>(&event);
    return record != nullptr && record->direction == direction;
}

/// An encrypted alert up to TLS 1.2, or a record of TLS 1.3 that has the length of one; close_notify looks the same.
bool may_be_alert(const Transcript& wire, const TranscriptEvent& event)
{
    const auto* record = std::get_if<RecordEvent>(&event);
    if (record == nullptr || !record->encrypted) return false;
    if (record->type == ContentType::alert) return true;
    const auto length = usual_length(wire, *record);
    return is_tls13(wire) && !record->inner_type && (length == 19 || length == 35);
}

bool is_end(const TranscriptEvent& event)
{
    const auto* record = std::get_if<RecordEvent>(&event);
    return std::holds_alternative<SocketEvent>(event) || (record != nullptr && record->alert);
}

/// How one side left: the events until then, and by what.
struct Leaving {
    std::span<const TranscriptEvent> before;
    bool by_client = false;
    bool perhaps_by_alert = false; // one that could not be read
};

/// Whoever spoke of an end first, in the open or perhaps not.
Leaving leaving(const Transcript& wire)
{
    const auto& events = wire.events;
    const auto first =
        std::ranges::find_if(events, [&](const auto& event) { return is_end(event) || may_be_alert(wire, event); });
    Leaving left{{events.begin(), first}};
    if (first == events.end()) return left;
    left.perhaps_by_alert = !is_end(*first);
    if (left.perhaps_by_alert) left.by_client = is_from(*first, Direction::client_to_server);
    if (const auto* socket = std::get_if<SocketEvent>(&*first))
        left.by_client = socket->kind == SocketEventKind::client_fin || socket->kind == SocketEventKind::client_reset;
    return left;
}

bool client_finished(const Transcript& wire)
{
    if (!is_tls13(wire)) return wire.phase >= Phase::after_client_finished;
    const auto flight = hidden_client_flight(wire);
    return flight != HiddenFlight::none && flight != HiddenFlight::alert && flight != HiddenFlight::unknown;
}

/// The client's certificate, or that it has none, was perhaps answered by an alert, which the client did not wait for
/// (gnutls-cli at the end of its input).
bool refused_certificate(const Transcript& wire)
{
    return hidden_client_flight(wire) != HiddenFlight::finished && may_answer_flight_by_alert(wire);
}

bool sent_request(const Transcript& wire)
{
    if (is_tls13(wire)) return hides_request(wire);
    return std::ranges::any_of(leaving(wire).before, [](const auto& event) {
        const auto* record = std::get_if<RecordEvent>(&event);
        return record != nullptr && record->direction == Direction::client_to_server &&
               record->type == ContentType::application_data;
    });
}

/// Of an id up to TLS 1.2 it can be told by a ClientHello that has none: Go and rustls send one always.
bool offers_session_unlike(const ClientHello& hello, const ClientHello& other)
{
    const bool old = offers_at_most_tls12(hello) && offers_at_most_tls12(other);
    return offers_session(hello) || (old && !hello.session_id.empty() && other.session_id.empty());
}

/// The client kept a session of a handshake like this one: it offers it in another connection. Or it offers one here,
/// and is a client that sends nothing in any connection.
bool keeps_session(const Transcript& wire, std::span<const Transcript* const> beside)
{
    return std::ranges::any_of(beside, [&](const Transcript* other) {
        if (!other->client_hello) return false;
        if (offers_session_unlike(*other->client_hello, *wire.client_hello)) return true;
        return offers_session_unlike(*wire.client_hello, *other->client_hello) && !completed(*other);
    });
}

/// What the server sent until the client's end is the beginning of what it sent there: the same certificates where they
/// can be read, and where they cannot, records of the same lengths but for a signature's.
bool answered_alike(const Transcript& wire, const Transcript& other)
{
    if (!wire.server_chain.empty() && !other.server_chain.empty() && wire.server_chain != other.server_chain)
        return false;
    if (!is_tls13(wire) || !is_tls13(other)) return true;
    constexpr int kSignatureJitter = 8; // ECDSA in DER: two integers, each up to a few octets shorter
    const auto hidden = [](const Transcript& of) {
        std::vector<int> lengths;
        for (const auto& event : leaving(of).before) {
            const auto* record = std::get_if<RecordEvent>(&event);
            if (record == nullptr || record->type != ContentType::application_data) continue;
            if (record->direction == Direction::client_to_server) break;
            lengths.push_back(record->length);
        }
        return lengths;
    };
    const auto here = hidden(wire);
    const auto there = hidden(other);
    const auto count = std::min(here.size(), there.size());
    return std::equal(here.begin(), here.begin() + static_cast<std::ptrdiff_t>(count), there.begin(),
                      [](int left, int right) { return std::abs(left - right) <= kSignatureJitter; });
}

} // namespace

bool is_resumed(const Transcript& wire)
{
    if (!wire.server_hello || wire.server_hello->is_hello_retry_request()) return false;
    if (is_tls13(wire)) return find_extension(wire.server_hello->extensions, ExtensionType::pre_shared_key) != nullptr;
    const auto is_change = [](const auto& event) {
        const auto* record = std::get_if<RecordEvent>(&event);
        return record != nullptr && record->type == ContentType::change_cipher_spec;
    };
    const auto first = std::ranges::find_if(wire.events, is_change);
    return first != wire.events.end() && is_from(*first, Direction::server_to_client);
}

bool completed(const Transcript& wire)
{
    return std::holds_alternative<Completed>(outcome_of(wire).how) || looks_completed(wire);
}

bool client_just_left(const Transcript& wire, std::span<const Transcript* const> beside)
{
    const auto left = leaving(wire);
    if (!left.by_client || !wire.client_hello || refused_certificate(wire)) return false;
    if (client_finished(wire) && (sent_request(wire) || is_resumed(wire) || keeps_session(wire, beside))) return true;
    if (left.perhaps_by_alert) return false;
    return std::ranges::any_of(beside, [&](const Transcript* other) {
        return completed(*other) && other->client_hello && same_offer(*other->client_hello, *wire.client_hello) &&
               answered_alike(wire, *other);
    });
}

} // namespace alert40
