// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/composed_session.h"

#include "server/flights/tls12_handshake.h"
#include "server/flights/tls13_handshake.h"

#include <algorithm>

namespace alert40 {
namespace {

std::unique_ptr<FlightHandshake> handshake_of(FlightState& state, ProtocolVersion version)
{
    if (version == ProtocolVersion::tls13) return std::make_unique<Tls13Handshake>(state);
    return std::make_unique<Tls12Handshake>(state, version);
}

} // namespace

ComposedSession::ComposedSession(const FlightPlan& plan, ProtocolVersion version, ReceivedHello hello)
    : state_(plan, std::min(version, ProtocolVersion::tls12)), // RFC 8446, section 5.1: legacy_record_version
      handshake_(handshake_of(state_, version)),
      input_(state_, *handshake_)
{
    handshake_->start(std::move(hello));
}

ComposedSession::~ComposedSession() = default;

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
