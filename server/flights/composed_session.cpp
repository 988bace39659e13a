// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/composed_session.h"

#include "server/flights/tls12_handshake.h"
#include "server/flights/tls13_handshake.h"

#include <algorithm>

namespace alert40 {
namespace {

// What a client may send before its handshake is complete is bounded; early data counts here too.
constexpr std::size_t kMostApplicationData = 256 * 1024;

std::unique_ptr<FlightHandshake> handshake_of(FlightState& state, ProtocolVersion version)
{
    if (version == ProtocolVersion::tls13) return std::make_unique<Tls13Handshake>(state);
    return std::make_unique<Tls12Handshake>(state, version);
}

} // namespace

ComposedSession::ComposedSession(const FlightPlan& plan, ProtocolVersion version, ReceivedHello hello)
    : state_(plan, std::min(version, ProtocolVersion::tls12)), // RFC 8446, section 5.1: legacy_record_version
      handshake_(handshake_of(state_, version))
{
    handshake_->start(std::move(hello));
}

ComposedSession::~ComposedSession() = default;

void ComposedSession::receive(ByteView bytes)
{
    state_.records.feed(bytes);
    take_records();
}

void ComposedSession::take_records()
{
    while (!state_.error && !state_.closed) {
        auto next = state_.records.next();
        if (std::holds_alternative<NeedMore>(next)) return;
        if (const auto* error = std::get_if<WireError>(&next)) return state_.fail(error->alert, error->text);
        take(std::move(std::get<Content>(next)));
    }
}

void ComposedSession::take(Content content)
{
    if (content.type == ContentType::alert) return take_alert(content.bytes);
    if (content.type == ContentType::handshake) return take_handshake(content.bytes);
    if (content.type == ContentType::change_cipher_spec) return handshake_->change_cipher_spec();
    if (content.type != ContentType::application_data) return; // heartbeat: an answer that means nothing to us
    const bool early = !state_.established && handshake_->takes_early_data();
    if (!early && !state_.established)
        return state_.fail(AlertDescription::unexpected_message, "application data before Finished");
    if (state_.application_data.size() + content.bytes.size() > kMostApplicationData)
        return state_.fail(AlertDescription::internal_error, "more application data than is read");
    append(state_.application_data, content.bytes);
    if (early) state_.early_data = true;
}

void ComposedSession::take_alert(ByteView fragment)
{
    const auto parsed = parse_alert(fragment);
    if (const auto* error = std::get_if<WireError>(&parsed)) return state_.fail(error->alert, error->text);
    const auto alert = std::get<Alert>(parsed);
    state_.received = alert;
    if (alert.description == AlertDescription::close_notify) {
        state_.closed = true;
        if (!state_.established) state_.error = StackError{0, "closed during the handshake"};
    } else if (alert.level != AlertLevel::warning) {
        state_.error = StackError{0, "received " + display_name(alert)};
    }
}

void ComposedSession::take_handshake(ByteView fragment)
{
    messages_.feed(fragment);
    while (!state_.error) {
        auto next = messages_.next();
        if (std::holds_alternative<NeedMore>(next)) return;
        if (const auto* error = std::get_if<WireError>(&next)) return state_.fail(error->alert, error->text);
        handshake_->message(std::get<HandshakeMessage>(next));
    }
}

TlsProgress ComposedSession::advance()
{
    if (state_.error) return TlsProgress::failed;
    if (state_.established) return TlsProgress::established;
    if (peer_closed_) state_.error = StackError{0, "the client closed during the handshake"};
    return peer_closed_ ? TlsProgress::failed : TlsProgress::wants_input;
}

Bytes ComposedSession::read()
{
    const bool gone = peer_closed_ || state_.closed;
    if (gone && state_.application_data.empty() && !state_.error)
        state_.error = StackError{0, "the client closed the connection"};
    return std::exchange(state_.application_data, {});
}

void ComposedSession::write(ByteView data)
{
    if (!state_.error) state_.records.send(ContentType::application_data, data);
}

void ComposedSession::shut_down()
{
    if (!state_.error)
        state_.records.send(ContentType::alert, compose_alert({AlertLevel::warning, AlertDescription::close_notify}));
}

} // namespace alert40
