// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/hidden_flight.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::size_t kSmallestCertificate = 100; // shorter than any certificate with a key and a signature

bool is_tls13(const Transcript& wire)
{
    return wire.server_hello && wire.server_hello->selected_version() == ProtocolVersion::tls13;
}

bool is_hidden(const RecordEvent& record)
{
    return record.type == ContentType::application_data && !record.inner_type;
}

/// The first or the last record of a direction that `wanted` holds for, before the end: what is sent behind a FIN is
/// politeness.
template <class Wanted>
const RecordEvent* find_record(const Transcript& wire, Direction direction, bool last, Wanted wanted)
{
    const auto* end = deciding_event(wire);
    const RecordEvent* found = nullptr;
    for (const auto& event : wire.events) {
        const auto* record = std::get_if<RecordEvent>(&event);
        if (record != nullptr && record->direction == direction && wanted(*record)) {
            found = record;
            if (!last) return found;
        }
        if (&event == end) break;
    }
    return found;
}

bool has_alert_length(const Transcript& wire, const RecordEvent& record)
{
    const auto length = usual_length(wire, record);
    return length == 19 || length == 35;
}

} // namespace

std::size_t usual_length(const Transcript& wire, const RecordEvent& record)
{
    constexpr std::size_t kUsualTag = 16;
    constexpr std::size_t kShortTag = 8;
    const bool is_short = wire.server_hello && wire.server_hello->cipher_suite == CipherSuite::TLS_AES_128_CCM_8_SHA256;
    return is_short ? record.length + kUsualTag - kShortTag : record.length;
}

HiddenFlight hidden_client_flight(const Transcript& wire)
{
    if (!is_tls13(wire)) return HiddenFlight::unknown;
    const auto is_encrypted = [](const RecordEvent& record) { return record.type == ContentType::application_data; };
    const auto* record = find_record(wire, Direction::client_to_server, false, is_encrypted);
    if (record == nullptr) return HiddenFlight::none;
    if (record->inner_type) return HiddenFlight::unknown;
    if (has_alert_length(wire, *record)) return HiddenFlight::alert;
    const auto length = usual_length(wire, *record);
    if (length == 25 || length == 41 || length == 61 || length == 77) return HiddenFlight::empty_certificate;
    if (length == 53 || length == 69 || length == 85) return HiddenFlight::finished;
    return length >= kSmallestCertificate ? HiddenFlight::certificate : HiddenFlight::unknown;
}

bool may_hide_alert(const Transcript& wire, Direction direction)
{
    const auto is_any = [](const RecordEvent&) { return true; };
    const auto* record = find_record(wire, direction, true, is_any);
    if (record == nullptr || record->alert) return false;
    if (record->type == ContentType::alert) return record->encrypted;
    return is_tls13(wire) && is_hidden(*record) && has_alert_length(wire, *record);
}

bool ends_with_padded_alert(const Transcript& wire)
{
    constexpr std::uint16_t kPadded = 35;
    const auto is_encrypted = [](const RecordEvent& record) { return record.type == ContentType::application_data; };
    const auto* record = find_record(wire, Direction::server_to_client, true, is_encrypted);
    return record != nullptr && usual_length(wire, *record) == kPadded;
}

bool may_hide_early_server_alert(const Transcript& wire)
{
    return hidden_client_flight(wire) == HiddenFlight::none && may_hide_alert(wire, Direction::server_to_client);
}

bool gave_up_behind_server_hello(const Transcript& wire)
{
    if (!is_tls13(wire) || wire.server_hello->is_hello_retry_request()) return false;
    if (may_hide_early_server_alert(wire)) return true;
    const auto* end = deciding_event(wire);
    const auto* socket = end != nullptr ? std::get_if<SocketEvent>(end) : nullptr;
    if (socket == nullptr || socket->kind != SocketEventKind::server_fin) return false;
    const auto is_certificate = [&](const RecordEvent& record) {
        return is_hidden(record) && usual_length(wire, record) > kSmallestCertificate;
    };
    return hidden_client_flight(wire) == HiddenFlight::none &&
           find_record(wire, Direction::server_to_client, false, is_certificate) == nullptr;
}

bool may_answer_flight_by_alert(const Transcript& wire)
{
    if (!is_tls13(wire)) return false;
    bool client_spoke = false;
    bool alert = false;
    for (const auto& event : wire.events) {
        const auto* record = std::get_if<RecordEvent>(&event);
        if (record == nullptr || !is_hidden(*record)) continue;
        if (record->direction == Direction::client_to_server) {
            client_spoke = true;
            continue;
        }
        if (!client_spoke) continue;
        if (!has_alert_length(wire, *record)) return false;
        alert = true;
    }
    return alert;
}

namespace {

/// The records of the client's handshake; nullopt where it has none, or refuses.
std::optional<int> client_handshake_records(const Transcript& wire)
{
    constexpr std::size_t kTogether = 61; // an empty Certificate and Finished in one record
    const auto flight = hidden_client_flight(wire);
    if (flight == HiddenFlight::certificate) return 3; // with CertificateVerify
    if (flight == HiddenFlight::finished) return 1;
    if (flight != HiddenFlight::empty_certificate) return std::nullopt;
    const auto is_encrypted = [](const RecordEvent& record) { return record.type == ContentType::application_data; };
    const auto* first = find_record(wire, Direction::client_to_server, false, is_encrypted);
    return usual_length(wire, *first) >= kTogether ? 1 : 2;
}

} // namespace

bool looks_completed(const Transcript& wire)
{
    const auto handshake = client_handshake_records(wire);
    if (!handshake || hidden_client_flight(wire) == HiddenFlight::empty_certificate) return false;
    int from_client = 0;
    for (const auto& event : wire.events) {
        const auto* record = std::get_if<RecordEvent>(&event);
        if (record == nullptr || !is_hidden(*record) || has_alert_length(wire, *record)) continue;
        if (record->direction == Direction::client_to_server) ++from_client;
        if (record->direction == Direction::server_to_client && from_client > *handshake) return true;
    }
    return false;
}

bool hides_request(const Transcript& wire)
{
    const auto handshake = client_handshake_records(wire);
    if (!handshake) return false;
    const auto is_message = [&](const TranscriptEvent& event) {
        const auto* record = std::get_if<RecordEvent>(&event);
        return record != nullptr && record->direction == Direction::client_to_server && is_hidden(*record) &&
               !has_alert_length(wire, *record);
    };
    return std::ranges::count_if(wire.events, is_message) > *handshake;
}

bool clear_alert_after_server_hello(const Transcript& wire)
{
    const auto is_clear = [](const RecordEvent& record) {
        return record.type == ContentType::alert && !record.encrypted && record.phase >= Phase::after_server_hello;
    };
    return find_record(wire, Direction::server_to_client, false, is_clear) != nullptr;
}

bool server_sent_message(const Transcript& wire, HandshakeType type)
{
    const auto has_it = [&](const RecordEvent& record) {
        return std::find(record.messages.begin(), record.messages.end(), type) != record.messages.end();
    };
    return find_record(wire, Direction::server_to_client, false, has_it) != nullptr;
}

} // namespace alert40
