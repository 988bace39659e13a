// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/tls13_client.h"

#include "server/flights/signing.h"
#include "server/wire/certificate_message.h"
#include "server/wire/client_hello_extensions.h"

#include <algorithm>

namespace alert40 {
namespace {

/// ServerHello's key_share: a group and its value (RFC 8446, section 4.2.8).
std::optional<KeyShare> read_key_share(const ServerHello& hello)
{
    const auto* extension = find_extension(hello.extensions, ExtensionType::key_share);
    if (extension == nullptr) return std::nullopt;
    std::optional<WireError> error;
    Reader reader("key_share", extension->body, error);
    const auto group = NamedGroup{reader.u16("group")};
    const auto value = reader.vector16("key_exchange", {.min = 1}).rest();
    if (error) return std::nullopt;
    return KeyShare{group, Bytes(value.begin(), value.end())};
}

/// RFC 8446, section 4.2.11.1: milliseconds since the ticket came, and what the server adds to hide them.
std::uint32_t obfuscated_age(const StoredSession& session)
{
    const auto age = std::chrono::steady_clock::now() - session.received;
    return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(age).count()) +
           session.age_add;
}

Bytes psk_extension(ByteView ticket, std::uint32_t obfuscated, ByteView binder)
{
    Writer writer;
    {
        auto identities = writer.vector16();
        writer.vector16(ticket);
        writer.u16(static_cast<std::uint16_t>(obfuscated >> 16));
        writer.u16(static_cast<std::uint16_t>(obfuscated));
    }
    {
        auto binders = writer.vector16();
        writer.vector8(binder);
    }
    return writer.take();
}

/// RFC 8446, section 4.2: EncryptedExtensions answers what was sent, with what belongs into it.
std::optional<WireError> misplaced(const std::vector<Extension>& extensions, const ClientHello& hello)
{
    using enum ExtensionType;
    constexpr ExtensionType kElsewhere[] = {key_share,
                                            pre_shared_key,
                                            supported_versions,
                                            cookie,
                                            psk_key_exchange_modes,
                                            signature_algorithms,
                                            signature_algorithms_cert,
                                            status_request,
                                            signed_certificate_timestamp,
                                            extended_master_secret,
                                            renegotiation_info,
                                            ec_point_formats,
                                            session_ticket};
    for (const auto& each : extensions) {
        if (!hello.has_extension(each.type))
            return WireError{AlertDescription::unsupported_extension,
                             "EncryptedExtensions answers " + name(each.type) + ", which was not sent"};
        if (std::find(std::begin(kElsewhere), std::end(kElsewhere), each.type) != std::end(kElsewhere))
            return WireError{AlertDescription::illegal_parameter,
                             name(each.type) + " does not belong into EncryptedExtensions"};
    }
    return std::nullopt;
}

} // namespace

Bytes compose_with_psk(ClientHello& hello, const StoredSession& session, ByteView transcript)
{
    const auto algorithm = tls13_algorithms(session.suite).value_or(Tls13Algorithms{}).hash;
    const KeySchedule early(algorithm, session.secret);
    const Bytes nothing = hash(algorithm, {});
    const Bytes key = early.derive("res binder", nothing);
    if (!hello.has_extension(ExtensionType::psk_key_exchange_modes))
        hello.extensions.push_back(psk_key_exchange_modes_extension(Bytes{1}));
    remove_extension(hello.extensions, ExtensionType::pre_shared_key);
    const auto age = obfuscated_age(session); // once: the binder covers it
    hello.extensions.push_back({ExtensionType::pre_shared_key, psk_extension(session.ticket, age, nothing)});
    const Bytes draft = compose_handshake(HandshakeType::client_hello, compose_client_hello(hello));
    Bytes covered(transcript.begin(), transcript.end());
    append(covered, ByteView(draft).first(draft.size() - 2 - 1 - nothing.size())); // up to the binders list
    hello.extensions.back().body =
        psk_extension(session.ticket, age, finished_verify_data(algorithm, key, hash(algorithm, covered)));
    return compose_handshake(HandshakeType::client_hello, compose_client_hello(hello));
}

void Tls13Client::start(const ServerHello& answer)
{
    const auto algorithms = tls13_algorithms(answer.cipher_suite);
    if (!algorithms)
        return state_.fail(AlertDescription::illegal_parameter,
                           "TLS 1.3 with " + name(answer.cipher_suite) + ", which is none of its suites");
    algorithms_ = *algorithms;
    if (answer.is_hello_retry_request()) return retry(answer);
    agree(answer);
}

void Tls13Client::send_change_cipher_spec()
{
    // RFC 8446, appendix D.4: once, where a session id asked for the middlebox compatibility mode.
    if (std::exchange(changed_cipher_spec_, true) || state_.fresh.hello.session_id.empty()) return;
    state_.records.send_clear(ContentType::change_cipher_spec, Bytes{1});
}

void Tls13Client::retry(const ServerHello& request)
{
    auto& hello = state_.fresh.hello;
    retried_ = true;
    if (const auto group = request.key_share_group()) {
        auto key = GroupKey::generate(*group);
        if (!hello.offers(*group))
            return state_.fail(AlertDescription::illegal_parameter, "a HelloRetryRequest for a group not offered");
        const auto& keys = state_.fresh.keys; // RFC 8446, section 4.2.8
        if (std::any_of(keys.begin(), keys.end(), [&](const auto& each) { return each.group() == *group; }))
            return state_.fail(AlertDescription::illegal_parameter,
                               "a HelloRetryRequest for a group whose share was there");
        if (!key) return state_.leave("the server asks for the group " + name(*group) + ", which is not played here");
        state_.fresh.keys = {*key};
        set_extension(hello.extensions, key_share_extension({{*group, key->public_value()}}));
    }
    if (const auto* cookie = find_extension(request.extensions, ExtensionType::cookie))
        set_extension(hello.extensions, *cookie);
    // RFC 8446, section 4.4.1: the first ClientHello is there by its hash alone. It is what stands before the retry.
    const Bytes retry_message = compose_handshake(HandshakeType::server_hello, compose_server_hello(request));
    const auto first = ByteView(state_.transcript).first(state_.transcript.size() - retry_message.size());
    Bytes transcript = compose_handshake(HandshakeType::message_hash, hash(algorithms_.hash, first));
    append(transcript, retry_message);
    state_.transcript = transcript;
    send_change_cipher_spec();
    const auto& session = state_.offer.session;
    const bool with_psk = session && session->version == ProtocolVersion::tls13 &&
                          tls13_algorithms(session->suite)->hash == algorithms_.hash;
    if (!with_psk) remove_extension(hello.extensions, ExtensionType::pre_shared_key);
    const Bytes message = with_psk ? compose_with_psk(hello, *session, state_.transcript)
                                   : compose_handshake(HandshakeType::client_hello, compose_client_hello(hello));
    append(state_.transcript, message);
    state_.records.send(ContentType::handshake, message);
    awaits_ = Awaits::server_hello;
}

void Tls13Client::agree(const ServerHello& answer)
{
    const auto share = read_key_share(answer);
    if (!share) return state_.fail(AlertDescription::missing_extension, "the ServerHello has no key_share");
    const auto& keys = state_.fresh.keys;
    const auto key =
        std::find_if(keys.begin(), keys.end(), [&](const auto& each) { return each.group() == share->group; });
    if (key == keys.end())
        return state_.fail(AlertDescription::illegal_parameter, "the server's share is of a group without one of ours");
    const auto secret = key->agree(share->key_exchange);
    if (!secret) return state_.fail(AlertDescription::illegal_parameter, "the server's key share is not of its group");

    const auto& session = state_.offer.session;
    state_.server.resumed = answer.has_extension(ExtensionType::pre_shared_key);
    if (state_.server.resumed && (!session || session->version != ProtocolVersion::tls13))
        return state_.fail(AlertDescription::unsupported_extension, "the server took a PSK that was not offered");
    schedule_.emplace(algorithms_.hash, state_.server.resumed ? session->secret : Bytes());
    schedule_->exchange(*secret);
    const Bytes so_far = transcript_hash();
    client_secret_ = log("CLIENT_HANDSHAKE_TRAFFIC_SECRET", schedule_->derive("c hs traffic", so_far));
    server_secret_ = log("SERVER_HANDSHAKE_TRAFFIC_SECRET", schedule_->derive("s hs traffic", so_far));
    state_.records.read_keys(protection(server_secret_));
    send_change_cipher_spec(); // before the first record under keys, which may be an alert
    state_.records.write_keys(protection(client_secret_));
    awaits_ = Awaits::encrypted_extensions;
}

Bytes Tls13Client::log(std::string_view key_log_label, Bytes secret)
{
    state_.secrets.push_back({std::string(key_log_label), secret});
    return secret;
}

void Tls13Client::message(const HandshakeMessage& message)
{
    const auto type = message.type;
    if (awaits_ == Awaits::nothing) return after_handshake(message);
    if (awaits_ == Awaits::server_hello && type == HandshakeType::server_hello) return server_hello(message);
    if (awaits_ == Awaits::encrypted_extensions && type == HandshakeType::encrypted_extensions)
        return encrypted_extensions(message);
    if (awaits_ == Awaits::certificate_or_request && type == HandshakeType::certificate_request)
        return certificate_request(message);
    if ((awaits_ == Awaits::certificate_or_request || awaits_ == Awaits::certificate) &&
        type == HandshakeType::certificate)
        return certificate(message);
    if (awaits_ == Awaits::certificate_verify && type == HandshakeType::certificate_verify)
        return certificate_verify(message);
    if (awaits_ == Awaits::finished && type == HandshakeType::finished) return finished(message);
    state_.fail(AlertDescription::unexpected_message, "unexpected " + name(type));
}

void Tls13Client::server_hello(const HandshakeMessage& message)
{
    auto parsed = parse_server_hello(message.body);
    if (const auto* error = std::get_if<WireError>(&parsed)) return state_.fail(error->alert, error->text);
    const auto& answer = std::get<ServerHello>(parsed);
    if (answer.is_hello_retry_request() && retried_)
        return state_.fail(AlertDescription::unexpected_message, "a second HelloRetryRequest");
    append(state_.transcript, compose_handshake(message));
    state_.server.hello = answer;
    if (answer.selected_version() != ProtocolVersion::tls13 ||
        tls13_algorithms(answer.cipher_suite).value_or(Tls13Algorithms{}).hash != algorithms_.hash)
        return state_.fail(AlertDescription::illegal_parameter, "the ServerHello departs from the HelloRetryRequest");
    start(answer);
}

void Tls13Client::encrypted_extensions(const HandshakeMessage& message)
{
    std::optional<WireError> error;
    Reader reader("EncryptedExtensions", message.body, error);
    const auto extensions = read_extensions(reader);
    reader.expect_end();
    if (error) return state_.fail(error->alert, error->text);
    if (const auto fault = misplaced(extensions, state_.fresh.hello)) return state_.fail(fault->alert, fault->text);
    append(state_.transcript, compose_handshake(message));
    state_.server.knows_name = find_extension(extensions, ExtensionType::server_name) != nullptr;
    if (const auto* alpn = find_extension(extensions, ExtensionType::application_layer_protocol_negotiation))
        state_.server.alpn = read_selected_alpn(alpn->body);
    awaits_ = state_.server.resumed ? Awaits::finished : Awaits::certificate_or_request;
}

void Tls13Client::certificate_request(const HandshakeMessage& message)
{
    auto parsed = parse_certificate_request(message.body, ProtocolVersion::tls13);
    if (const auto* error = std::get_if<WireError>(&parsed)) return state_.fail(error->alert, error->text);
    append(state_.transcript, compose_handshake(message));
    state_.server.request = std::move(std::get<CertificateRequest>(parsed));
    if (state_.server.request->signature_schemes.empty()) // RFC 8446, section 4.3.2
        return state_.fail(AlertDescription::missing_extension, "a CertificateRequest without signature_algorithms");
    awaits_ = Awaits::certificate;
}

void Tls13Client::certificate(const HandshakeMessage& message)
{
    const auto parsed = parse_certificate_message(message.body, ProtocolVersion::tls13);
    if (const auto* error = std::get_if<WireError>(&parsed)) return state_.fail(error->alert, error->text);
    append(state_.transcript, compose_handshake(message));
    const auto& list = std::get<CertificateMessage>(parsed);
    state_.server.chain = list.chain();
    if (list.entries.empty())
        return state_.fail(AlertDescription::decode_error, "the server's certificate list is empty");
    if (const auto* status = find_extension(list.entries.front().extensions, ExtensionType::status_request))
        state_.server.staple = read_staple(status->body);
    awaits_ = Awaits::certificate_verify;
}

void Tls13Client::certificate_verify(const HandshakeMessage& message)
{
    std::optional<WireError> error;
    Reader reader("CertificateVerify", message.body, error);
    const auto scheme = SignatureScheme{reader.u16("algorithm")};
    const ByteView signature = reader.vector16("signature").rest();
    reader.expect_end();
    if (error) return state_.fail(error->alert, error->text);
    state_.server.scheme = scheme;
    state_.server.signature =
        state_.check_signature(scheme, certificate_verify_content(kServerContext, transcript_hash()), signature);
    append(state_.transcript, compose_handshake(message));
    awaits_ = Awaits::finished; // whatever came of it: what follows tells more
}

void Tls13Client::finished(const HandshakeMessage& message)
{
    if (message.body != finished_verify_data(algorithms_.hash, server_secret_, transcript_hash()))
        return state_.fail(AlertDescription::decrypt_error, "the server's Finished does not verify");
    append(state_.transcript, compose_handshake(message));
    const Bytes handshake_secret = client_secret_;
    schedule_->finish();
    const Bytes so_far = transcript_hash();
    const Bytes next = log("CLIENT_TRAFFIC_SECRET_0", schedule_->derive("c ap traffic", so_far));
    server_secret_ = log("SERVER_TRAFFIC_SECRET_0", schedule_->derive("s ap traffic", so_far));
    state_.records.read_keys(protection(server_secret_));
    if (state_.server.request) send_certificate(*state_.server.request);
    send(HandshakeType::finished, finished_verify_data(algorithms_.hash, handshake_secret, transcript_hash()));
    resumption_secret_ = schedule_->derive("res master", transcript_hash());
    client_secret_ = next;
    state_.records.write_keys(protection(client_secret_));
    state_.established = true;
    awaits_ = Awaits::nothing;
}

/// Certificate, and CertificateVerify where there is one to prove (RFC 8446, section 4.4.2).
void Tls13Client::send_certificate(const CertificateRequest& request)
{
    const auto& identity = state_.offer.identity;
    std::optional<SignatureScheme> fitting;
    if (identity) fitting = state_.own_scheme(request, true);
    const auto scheme = fitting.value_or(SignatureScheme{});
    auto list = certificate_message(fitting ? identity->chain : std::vector<Bytes>());
    list.request_context = request.context;
    send(HandshakeType::certificate, compose_certificate_message(list, ProtocolVersion::tls13));
    if (!fitting) return;
    state_.sent_certificate = true;
    Writer writer;
    writer.value(scheme);
    writer.vector16(sign(identity->key, scheme, certificate_verify_content(kClientContext, transcript_hash())));
    send(HandshakeType::certificate_verify, writer.take());
}

void Tls13Client::after_handshake(const HandshakeMessage& message)
{
    if (message.type == HandshakeType::new_session_ticket) return new_session_ticket(message);
    if (message.type == HandshakeType::key_update) return key_update(message);
    if (message.type == HandshakeType::certificate_request) return answer_later_request(message);
    state_.fail(AlertDescription::unexpected_message, "unexpected " + name(message.type));
}

void Tls13Client::new_session_ticket(const HandshakeMessage& message)
{
    std::optional<WireError> error;
    Reader reader("NewSessionTicket", message.body, error);
    StoredSession session;
    const auto u32 = [&](std::string_view field) {
        const std::uint32_t high = reader.u16(field);
        return high << 16 | reader.u16(field);
    };
    session.lifetime = u32("ticket_lifetime");
    session.age_add = u32("ticket_age_add");
    const auto nonce = reader.vector8("ticket_nonce").rest();
    const auto ticket = reader.vector16("ticket", {.min = 1}).rest();
    read_extensions(reader);
    reader.expect_end();
    if (error) return state_.fail(error->alert, error->text);
    session.version = ProtocolVersion::tls13;
    session.suite = state_.server.hello->cipher_suite;
    session.secret = resumption_psk(algorithms_.hash, resumption_secret_, nonce);
    session.ticket.assign(ticket.begin(), ticket.end());
    session.received = std::chrono::steady_clock::now();
    constexpr std::size_t kMostSessions = 8;
    if (state_.server.sessions.size() < kMostSessions) state_.server.sessions.push_back(std::move(session));
}

/// RFC 8446, section 4.6.2: what is signed and finished is the handshake and this request.
void Tls13Client::answer_later_request(const HandshakeMessage& message)
{
    auto parsed = parse_certificate_request(message.body, ProtocolVersion::tls13);
    if (const auto* error = std::get_if<WireError>(&parsed)) return state_.fail(error->alert, error->text);
    const Bytes handshake = state_.transcript;
    append(state_.transcript, compose_handshake(message));
    state_.server.request = std::move(std::get<CertificateRequest>(parsed));
    state_.server.requested_afterwards = true;
    send_certificate(*state_.server.request);
    send(HandshakeType::finished, finished_verify_data(algorithms_.hash, client_secret_, transcript_hash()));
    state_.transcript = handshake;
}

/// RFC 8446, section 4.6.3.
void Tls13Client::key_update(const HandshakeMessage& message)
{
    server_secret_ = next_traffic_secret(algorithms_.hash, server_secret_);
    state_.records.read_keys(protection(server_secret_));
    if (message.body != Bytes{1}) return;
    state_.records.send(ContentType::handshake, compose_handshake(HandshakeType::key_update, Bytes{0}));
    client_secret_ = next_traffic_secret(algorithms_.hash, client_secret_);
    state_.records.write_keys(protection(client_secret_));
}

} // namespace alert40
