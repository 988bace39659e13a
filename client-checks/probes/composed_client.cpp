// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/composed_client.h"

#include "client-checks/probes/tls12_client.h"
#include "client-checks/probes/tls13_client.h"
#include "server/wire/client_hello_extensions.h"

#include <algorithm>

namespace alert40 {

namespace {

// Ten times what any library takes: a chain that is too large for them is to be read and judged.
constexpr std::size_t kLongestMessage = 1024 * 1024;

} // namespace

ComposedClient::ComposedClient(ClientOffer offer) : state_(std::move(offer)), input_(state_, *this, kLongestMessage)
{
    send_hello();
}

void ComposedClient::send_hello()
{
    auto& hello = state_.fresh.hello;
    const auto& session = state_.offer.session;
    Bytes message;
    if (session && session->version == ProtocolVersion::tls13) {
        message = compose_with_psk(hello, *session, {});
    } else {
        if (session) {
            // RFC 5077, section 3.4: an id of our own beside a ticket shows whether it was taken.
            hello.session_id =
                session->ticket.empty() || !session->session_id.empty() ? session->session_id : random_bytes(32);
            if (!session->ticket.empty()) set_extension(hello.extensions, session_ticket_extension(session->ticket));
        }
        message = compose_handshake(HandshakeType::client_hello, compose_client_hello(hello));
    }
    first_hello_ = hello;
    append(state_.transcript, message);
    state_.records.send(ContentType::handshake, message);
}

TlsProgress ComposedClient::progress() const
{
    if (state_.error) return TlsProgress::failed;
    return state_.established ? TlsProgress::established : TlsProgress::wants_input;
}

void ComposedClient::write(ByteView data)
{
    if (!state_.error && state_.established) state_.records.send(ContentType::application_data, data);
}

void ComposedClient::shut_down()
{
    if (!state_.error && state_.established)
        state_.records.send(ContentType::alert, compose_alert({AlertLevel::warning, AlertDescription::close_notify}));
}

void ComposedClient::message(const HandshakeMessage& message)
{
    if (handshake_) return handshake_->message(message);
    if (message.type == HandshakeType::hello_request) return;
    if (message.type != HandshakeType::server_hello)
        return state_.fail(AlertDescription::unexpected_message, "unexpected " + name(message.type));
    server_hello(message);
}

void ComposedClient::change_cipher_spec()
{
    if (handshake_) handshake_->change_cipher_spec();
}

/// RFC 5246, section 6, and RFC 8446, section 5: a type that was not agreed on is unexpected_message. A heartbeat is
/// passed over where the client offered it (RFC 6520, section 4).
void ComposedClient::other_record()
{
    if (state_.fresh.hello.has_extension(ExtensionType::heartbeat)) return;
    state_.fail(AlertDescription::unexpected_message, "a record of a type that was not agreed on");
}

void ComposedClient::server_hello(const HandshakeMessage& message)
{
    auto parsed = parse_server_hello(message.body);
    if (const auto* error = std::get_if<WireError>(&parsed)) return state_.fail(error->alert, error->text);
    const auto& answer = std::get<ServerHello>(parsed);
    append(state_.transcript, compose_handshake(message));
    state_.server.hello = answer;
    if (const auto refusal = refuse(answer)) return state_.fail(refusal->alert, refusal->text);
    const auto version = answer.selected_version();
    state_.records.change_version(std::min(version, ProtocolVersion::tls12));
    if (version == ProtocolVersion::ssl30) return state_.leave("the server chose SSL 3.0, which is not played here");
    if (version == ProtocolVersion::tls13)
        handshake_ = std::make_unique<Tls13Client>(state_);
    else
        handshake_ = std::make_unique<Tls12Client>(state_, version);
    handshake_->start(answer);
}

/// What no client could go on with (RFC 8446, section 4.1.3; RFC 5246, section 7.4.1.3).
std::optional<WireError> ComposedClient::refuse(const ServerHello& answer) const
{
    const auto& hello = state_.fresh.hello;
    const auto version = answer.selected_version();
    if (!hello.offers(version))
        return WireError{AlertDescription::protocol_version,
                         "the server chose " + display_name(version) + ", which was not offered"};
    if (!hello.offers(answer.cipher_suite))
        return WireError{AlertDescription::illegal_parameter,
                         "the server chose " + name(answer.cipher_suite) + ", which was not offered"};
    if (answer.compression_method != 0)
        return WireError{AlertDescription::illegal_parameter, "the server chose a compression"};
    return std::nullopt;
}

} // namespace alert40
