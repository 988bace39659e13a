// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/tap.h"

#include "server/wire/certificate_message.h"
#include "server/wire/server_key_exchange.h"

#include <algorithm>

namespace alert40 {
namespace {

/// Of the body of an EncryptedExtensions message (RFC 8446 section 4.2.10).
bool accepts_early_data(ByteView body)
{
    std::optional<WireError> error;
    Reader reader("EncryptedExtensions", body, error);
    const auto extensions = read_extensions(reader);
    return !error && find_extension(extensions, ExtensionType::early_data) != nullptr;
}

} // namespace

Tap::Tap(Time accepted) : accepted_(accepted)
{
    transcript_.started = std::chrono::system_clock::now();
}

std::chrono::microseconds Tap::since(Time now) const
{
    return std::chrono::duration_cast<std::chrono::microseconds>(now - accepted_);
}

bool Tap::is_tls13() const
{
    return transcript_.server_hello && transcript_.server_hello->selected_version() == ProtocolVersion::tls13;
}

void Tap::reach(Phase phase)
{
    transcript_.phase = std::max(transcript_.phase, phase);
}

void Tap::bytes(Direction direction, ByteView bytes, Time now)
{
    if (recorder_.recorder != nullptr) recorder_.recorder->bytes(direction, bytes, since(now));
    Half& side = half(direction);
    if (side.other_event != 0) return other_bytes(direction, bytes, now);
    side.records.feed(bytes);
    for (;;) {
        auto next = side.records.next();
        if (std::holds_alternative<NeedMore>(next)) return;
        if (std::holds_alternative<WireError>(next)) {
            const Bytes pending(side.records.pending().begin(), side.records.pending().end());
            return other_bytes(direction, pending, now);
        }
        record(direction, std::get<Record>(next), now);
    }
}

void Tap::plain_text(Direction direction, ByteView bytes, Time now)
{
    if (recorder_.recorder != nullptr) recorder_.recorder->bytes(direction, bytes, since(now));
    if (bytes.empty() || transcript_.events.size() >= kMostEvents) return;
    transcript_.events.emplace_back(
        PlainText{direction, since(now), transcript_.phase, Bytes(bytes.begin(), bytes.end())});
    tell_last_event();
}

void Tap::other_bytes(Direction direction, ByteView bytes, Time now)
{
    Half& side = half(direction);
    if (side.other_event == 0) {
        transcript_.events.emplace_back(OtherBytes{direction, since(now), transcript_.phase, {}, 0});
        side.other_event = transcript_.events.size();
    }
    auto& event = std::get<OtherBytes>(transcript_.events[side.other_event - 1]);
    const auto room = kFirstBytesKept - event.first_bytes.size();
    append(event.first_bytes, bytes.first(std::min(room, bytes.size())));
    event.total += bytes.size();
    tell_event(side.other_event - 1);
}

void Tap::record(Direction direction, const Record& record, Time now)
{
    if (transcript_.events.size() >= kMostEvents) return;
    Half& side = half(direction);
    RecordEvent event;
    event.direction = direction;
    event.at = since(now);
    event.phase = transcript_.phase;
    event.type = record.type;
    event.version = record.version;
    event.length = static_cast<std::uint16_t>(record.fragment.size());
    if (record.type == ContentType::change_cipher_spec) {
        // Up to TLS 1.2 what follows is encrypted; in TLS 1.3 the record means nothing (RFC 8446, appendix D.4).
        side.encrypted = transcript_.server_hello && !is_tls13();
    } else if (is_tls13() && record.type == ContentType::application_data) {
        event.encrypted = true;
        if (const auto inner = decrypt(direction, record)) {
            event.inner_type = inner->type;
            content(direction, inner->type, inner->content, event);
        } else if (direction == Direction::client_to_server && early_data_accepted_ && !side.finished) {
            side.application = true; // under keys that the tap is not told
        }
    } else if (side.encrypted) {
        event.encrypted = true;
        if (record.type == ContentType::handshake && direction == Direction::client_to_server)
            reach(Phase::after_client_finished);
        if (record.type == ContentType::application_data) content(direction, record.type, record.fragment, event);
    } else {
        content(direction, record.type, record.fragment, event);
    }
    if (event.alert && event.alert->level == AlertLevel::fatal) side.fatal_alert = true;
    transcript_.events.emplace_back(std::move(event));
    tell_last_event();
}

std::optional<InnerPlaintext> Tap::decrypt(Direction direction, const Record& record)
{
    const bool client = direction == Direction::client_to_server;
    Half& side = half(direction);
    if (side.finished) {
        make_keys(side.application_keys, client ? "CLIENT_TRAFFIC_SECRET_0" : "SERVER_TRAFFIC_SECRET_0");
        if (side.application_keys)
            if (auto inner = side.application_keys->open(record)) return inner;
    }
    make_keys(side.handshake_keys, client ? "CLIENT_HANDSHAKE_TRAFFIC_SECRET" : "SERVER_HANDSHAKE_TRAFFIC_SECRET");
    if (side.handshake_keys) return side.handshake_keys->open(record);
    return std::nullopt;
}

std::optional<Bytes> Tap::with_other_alert(Direction direction, const Record& record, Alert alert) const
{
    const bool client = direction == Direction::client_to_server;
    Half side = half(direction);
    make_keys(side.application_keys, client ? "CLIENT_TRAFFIC_SECRET_0" : "SERVER_TRAFFIC_SECRET_0");
    make_keys(side.handshake_keys, client ? "CLIENT_HANDSHAKE_TRAFFIC_SECRET" : "SERVER_HANDSHAKE_TRAFFIC_SECRET");
    for (const auto& keys : {side.application_keys, side.handshake_keys}) {
        if (!keys) continue;
        RecordProtection reading = *keys;
        const auto inner = reading.open(record);
        if (!inner) continue;
        if (inner->type != ContentType::alert) return std::nullopt;
        RecordProtection writing = *keys;
        return writing.seal(ContentType::alert, compose_alert(alert));
    }
    return std::nullopt;
}

void Tap::make_keys(std::optional<RecordProtection>& keys, std::string_view label) const
{
    if (keys) return;
    const auto algorithms = tls13_algorithms(transcript_.server_hello->cipher_suite);
    for (const auto& entry : transcript_.key_log)
        if (algorithms && entry.label == label) keys.emplace(*algorithms, entry.secret);
}

void Tap::content(Direction direction, ContentType type, ByteView content, RecordEvent& event)
{
    if (type == ContentType::handshake) {
        handshake(direction, content, event);
    } else if (type == ContentType::alert) {
        const auto alerts = parse_alerts(content);
        if (!alerts.empty()) event.alert = alerts.front();
    } else if (type == ContentType::application_data && !content.empty()) {
        half(direction).application = true;
        if (halves_[0].application && halves_[1].application) reach(Phase::after_application_data);
    }
}

void Tap::handshake(Direction direction, ByteView fragment, RecordEvent& event)
{
    Half& side = half(direction);
    if (side.unreadable) return;
    side.handshake.feed(fragment);
    for (;;) {
        auto next = side.handshake.next();
        side.unreadable = std::holds_alternative<WireError>(next);
        const auto* complete = std::get_if<HandshakeMessage>(&next);
        if (complete == nullptr) return;
        event.messages.push_back(complete->type);
        message(direction, *complete);
    }
}

void Tap::message(Direction direction, const HandshakeMessage& message)
{
    if (recorder_.recorder != nullptr) recorder_.recorder->message(direction, message);
    if (direction == Direction::server_to_client)
        server_message(message);
    else
        client_message(message);
}

void Tap::client_message(const HandshakeMessage& message)
{
    if (message.type == HandshakeType::client_hello) reach(Phase::before_server_hello);
    if (message.type == HandshakeType::certificate && transcript_.server_hello) {
        transcript_.client_certificate_seen = true;
        const auto parsed = parse_certificate_message(message.body, transcript_.server_hello->selected_version());
        if (const auto* list = std::get_if<CertificateMessage>(&parsed)) transcript_.client_chain = list->chain();
    }
    if (message.type == HandshakeType::finished) {
        half(Direction::client_to_server).finished = true;
        reach(Phase::after_client_finished);
    }
}

void Tap::server_hello(const HandshakeMessage& message)
{
    auto parsed = parse_server_hello(message.body);
    auto* hello = std::get_if<ServerHello>(&parsed);
    if (hello == nullptr) return;
    transcript_.group = hello->key_share_group();
    if (hello->is_hello_retry_request())
        transcript_.hello_retry_request = true;
    else
        reach(Phase::after_server_hello);
    transcript_.server_hello = std::move(*hello);
}

void Tap::server_message(const HandshakeMessage& message)
{
    if (message.type == HandshakeType::server_hello) return server_hello(message);
    if (!transcript_.server_hello) return;
    const auto version = transcript_.server_hello->selected_version();
    if (message.type == HandshakeType::certificate) {
        transcript_.server_certificate_seen = true;
        const auto parsed = parse_certificate_message(message.body, version);
        if (const auto* list = std::get_if<CertificateMessage>(&parsed)) transcript_.server_chain = list->chain();
    } else if (message.type == HandshakeType::certificate_request) {
        auto parsed = parse_certificate_request(message.body, version);
        if (auto* request = std::get_if<CertificateRequest>(&parsed))
            transcript_.certificate_request = std::move(*request);
    } else if (message.type == HandshakeType::server_key_exchange) {
        const auto* suite = find_cipher_suite(transcript_.server_hello->cipher_suite);
        if (suite == nullptr) return;
        const auto parsed = parse_server_key_exchange(message.body, *suite, version);
        const auto* exchange = std::get_if<ServerKeyExchange>(&parsed);
        if (exchange == nullptr) return;
        if (const auto* curve = std::get_if<EcdheParams>(&exchange->params)) transcript_.group = curve->curve;
        if (const auto* dhe = std::get_if<DheParams>(&exchange->params)) transcript_.dh_bits = dhe->prime_bits();
        transcript_.server_signature = exchange->scheme;
    } else if (message.type == HandshakeType::certificate_verify && message.body.size() >= 2) {
        transcript_.server_signature =
            SignatureScheme{static_cast<std::uint16_t>(message.body[0] << 8U | message.body[1])};
    } else if (message.type == HandshakeType::encrypted_extensions) {
        early_data_accepted_ = accepts_early_data(message.body);
    } else if (message.type == HandshakeType::server_hello_done) {
        reach(Phase::after_server_flight);
    } else if (message.type == HandshakeType::finished) {
        half(Direction::server_to_client).finished = true;
        reach(Phase::after_server_flight);
    }
}

void Tap::client_hello(ClientHello hello, ProtocolVersion record_version)
{
    transcript_.client_hello = std::move(hello);
    transcript_.client_hello_record_version = record_version;
}

void Tap::decrypted_alert(Direction direction, Alert alert)
{
    for (auto event = transcript_.events.rbegin(); event != transcript_.events.rend(); ++event) {
        auto* record = std::get_if<RecordEvent>(&*event);
        if (record == nullptr || record->direction != direction || record->type != ContentType::alert) continue;
        if (record->alert) return;
        record->alert = alert;
        tell_event(static_cast<std::size_t>(std::distance(event, transcript_.events.rend())) - 1);
        if (alert.level == AlertLevel::fatal) half(direction).fatal_alert = true;
        return;
    }
}

void Tap::secret(KeyLogEntry entry)
{
    if (recorder_.recorder != nullptr) recorder_.recorder->secret(entry, transcript_);
    transcript_.key_log.push_back(std::move(entry));
}

void Tap::socket(SocketEventKind kind, Time now)
{
    if (recorder_.recorder != nullptr) recorder_.recorder->socket(kind, since(now));
    transcript_.events.emplace_back(SocketEvent{kind, since(now), transcript_.phase});
    tell_last_event();
}

} // namespace alert40
