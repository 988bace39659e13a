// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/tls12_handshake.h"

#include "certs/certificate.h"
#include "certs/finite_field.h"
#include "certs/rsa_signatures.h"
#include "server/flights/client_identity.h"
#include "server/flights/extensions.h"
#include "server/flights/signing.h"
#include "server/wire/certificate_request.h"
#include "server/wire/server_key_exchange.h"

#include <algorithm>

namespace alert40 {

void Tls12Handshake::start(ReceivedHello received)
{
    received_ = std::move(received);
    append(state_.transcript, received_.message);
    suite_ = choose_suite(state_.plan, received_.hello, version_);
    answer_.cipher_suite = suite_ != nullptr ? suite_->value : CipherSuite{0xC02F};
    if (resume()) {
        send(FlightStep::server_hello);
        make_keys();
        return send_finished();
    }
    send_flight();
}

bool Tls12Handshake::is_ephemeral() const
{
    return suite_ != nullptr &&
           (suite_->key_exchange == KeyExchange::ecdhe || suite_->key_exchange == KeyExchange::dhe);
}

bool Tls12Handshake::extends_master_secret() const
{
    return answer_.has_extended_master_secret() && received_.hello.has_extended_master_secret();
}

/// A ticket of ours for the same name (RFC 5077, section 3.4).
bool Tls12Handshake::resume()
{
    const auto* ticket = find_extension(received_.hello.extensions, ExtensionType::session_ticket);
    if (!state_.plan.issues_tickets || ticket == nullptr || ticket->body.empty()) return false;
    auto session = open_ticket(state_.plan.ticket_key, ticket->body);
    if (!session || session->version != version_) return false;
    if (session->server_name != received_.hello.server_name().value_or("")) return false;
    // RFC 7627, section 5.3: both hellos agree about it.
    if (session->extended_master_secret != received_.hello.has_extended_master_secret()) return false;
    if (!received_.hello.offers(session->suite)) return false;
    answer_.cipher_suite = session->suite;
    suite_ = find_cipher_suite(session->suite);
    master_ = session->secret;
    resumed_ = true;
    return true;
}

void Tls12Handshake::send_flight()
{
    send(FlightStep::server_hello);
    if (suite_ == nullptr || !is_plain_psk(*suite_)) send(FlightStep::certificate); // RFC 4279, section 2
    const auto* status = departure_in(state_.plan, FlightStep::certificate_status);
    if (status != nullptr || (!state_.plan.staple.empty() && received_.hello.has_status_request()))
        send(FlightStep::certificate_status);
    if (is_ephemeral() || departs_in(FlightStep::server_key_exchange)) send(FlightStep::server_key_exchange);
    const bool asks = state_.plan.client_certificate != ClientCertificate::none;
    if (asks || departs_in(FlightStep::certificate_request)) send(FlightStep::certificate_request);
    send(FlightStep::server_hello_done);
    if (!algorithms_ || !is_ephemeral())
        state_is_ = Awaits::departure;
    else
        state_is_ = asks ? Awaits::client_certificate : Awaits::client_key_exchange;
}

void Tls12Handshake::send_finished()
{
    const bool ticket = state_.plan.issues_tickets && received_.hello.has_session_ticket();
    if (ticket || departs_in(FlightStep::new_session_ticket)) send(FlightStep::new_session_ticket);
    send(FlightStep::change_cipher_spec);
    send(FlightStep::finished);
    if (resumed_) state_is_ = Awaits::client_finished;
}

void Tls12Handshake::sent(FlightStep step)
{
    if (step == FlightStep::change_cipher_spec) state_.records.write_keys(keys_->server);
}

Bytes Tls12Handshake::compose(FlightStep step, const FlightMessage& departure)
{
    switch (step) {
    case FlightStep::server_hello:
        return compose_server_hello(departure);
    case FlightStep::certificate:
        return compose_certificate(departure);
    case FlightStep::certificate_status:
        return certificate_status(staple_of(state_.plan, departure));
    case FlightStep::server_key_exchange:
        return compose_server_key_exchange(departure);
    case FlightStep::certificate_request:
        return compose_certificate_request();
    case FlightStep::finished:
        return compose_finished(departure);
    case FlightStep::new_session_ticket:
        return compose_new_session_ticket();
    case FlightStep::server_hello_done:
    case FlightStep::hello_request:
    case FlightStep::hello_retry_request:
    case FlightStep::encrypted_extensions:
    case FlightStep::certificate_verify:
    case FlightStep::key_update:
    case FlightStep::change_cipher_spec:
    case FlightStep::heartbeat:
    case FlightStep::alert:
        return {}; // empty, or no message of this version: check_flight() lets only raw ones through
    }
    return {};
}

Bytes Tls12Handshake::compose_server_hello(const FlightMessage& departure)
{
    const auto& hello = received_.hello;
    const Bytes random = random_bytes(answer_.random.size());
    std::copy(random.begin(), random.end(), answer_.random.begin());
    answer_.legacy_version = version_;
    answer_.session_id = resumed_ ? hello.session_id : random_bytes(32);
    answer_.extensions.clear();
    // RFC 5746 3.6: empty renegotiated_connection; RFC 7627; RFC 8422 5.1.2: uncompressed; RFC 5077; RFC 6066.
    if (hello.has_renegotiation_info()) answer_.extensions.push_back({ExtensionType::renegotiation_info, {0}});
    if (version_ != ProtocolVersion::ssl30) {
        if (hello.has_extended_master_secret())
            answer_.extensions.push_back({ExtensionType::extended_master_secret, {}});
        if (hello.has_extension(ExtensionType::ec_point_formats))
            answer_.extensions.push_back({ExtensionType::ec_point_formats, {1, 0}});
        if (state_.plan.issues_tickets && hello.has_session_ticket())
            answer_.extensions.push_back({ExtensionType::session_ticket, {}});
        if (!resumed_ && !state_.plan.staple.empty() && hello.has_status_request())
            answer_.extensions.push_back({ExtensionType::status_request, {}});
        if (const auto protocol = answered_alpn(state_.plan, hello, departure))
            answer_.extensions.push_back(selected_alpn_extension(*protocol));
    }
    depart(answer_, departure, state_.plan, hello, version_);
    // The keys are those of the suite that was said, where that can be.
    const auto* said = find_cipher_suite(answer_.cipher_suite);
    if (said != nullptr && fits(*said, version_)) suite_ = said;
    if (suite_ != nullptr && version_ == ProtocolVersion::tls12) algorithms_ = tls12_algorithms(*suite_);
    return alert40::compose_server_hello(answer_);
}

Bytes Tls12Handshake::compose_certificate(const FlightMessage& departure) const
{
    return compose_certificate_message(certificate_message(departed_chain(state_.plan, departure)), version_);
}

Bytes Tls12Handshake::compose_server_key_exchange(const FlightMessage& departure)
{
    ServerKeyExchange exchange;
    const bool dhe = suite_ != nullptr && suite_->key_exchange == KeyExchange::dhe && state_.plan.dh;
    if (dhe) {
        const auto& dh = *state_.plan.dh;
        dh_secret_ = random_bytes(std::min<std::size_t>(dh.prime.size(), 32));
        DheParams params{dh.prime, dh.generator, modular_power(dh.generator, dh_secret_, dh.prime)};
        if (departure.dh_public_value) {
            const auto value = *departure.dh_public_value;
            params.public_value = {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
            if (value < 256) params.public_value.erase(params.public_value.begin());
        }
        exchange.params = params;
    } else {
        auto group = choose_group(state_.plan, received_.hello);
        if (departure.group)
            group = settle(*departure.group, [&] { return unoffered_group(received_.hello, version_); });
        if (const auto curve = ecdh_group(group)) key_ = EphemeralKey::generate(*curve);
        exchange.params = EcdheParams{group, key_ ? key_->public_value() : random_bytes(65)};
    }
    Bytes content(received_.hello.random.begin(), received_.hello.random.end());
    append(content, answer_.random);
    append(content, compose_params(exchange));
    if (version_ == ProtocolVersion::tls12) {
        auto scheme = choose_scheme(state_.plan, received_.hello, false);
        if (departure.scheme)
            scheme = settle(*departure.scheme, [&] { return unoffered_scheme(state_.plan, received_.hello); });
        exchange.scheme = scheme;
        exchange.signature = departed_signature(state_.plan, departure, scheme, content);
    } else { // RFC 4346, section 7.4.3; RFC 8422, section 5.4
        const auto& key = state_.plan.chain.key;
        exchange.signature =
            is_rsa(key.type()) ? sign_rsa_md5_sha1(key, content) : key.sign(HashAlgorithm::sha1, content);
    }
    if (exchange.scheme) return alert40::compose_server_key_exchange(exchange);
    Writer writer;
    writer.bytes(compose_params(exchange));
    writer.vector16(exchange.signature);
    return writer.take();
}

Bytes Tls12Handshake::compose_certificate_request() const
{
    CertificateRequest request;
    request.certificate_types = {1, 64}; // rsa_sign, ecdsa_sign
    request.signature_schemes = accepted_client_schemes();
    return alert40::compose_certificate_request(request, version_);
}

Bytes Tls12Handshake::compose_finished(const FlightMessage& departure) const
{
    Bytes verify_data = tls12_verify_data(algorithms_->hash, master_, "server finished", transcript_hash());
    if (departure.corrupted) verify_data.back() ^= 0x01;
    return verify_data;
}

Bytes Tls12Handshake::compose_new_session_ticket() const
{
    constexpr std::uint16_t kLifetime = 7200; // seconds
    Writer writer;
    writer.u16(0);
    writer.u16(kLifetime);
    writer.vector16(
        seal_ticket(state_.plan.ticket_key, {version_, answer_.cipher_suite, master_, extends_master_secret(),
                                             received_.hello.server_name().value_or("")}));
    return writer.take();
}

void Tls12Handshake::message(const HandshakeMessage& message)
{
    const auto expect = [&](HandshakeType type, bool encrypted = false) {
        if (message.type == type && client_encrypts_ == encrypted) return true;
        state_.fail(AlertDescription::unexpected_message, "unexpected " + name(message.type));
        return false;
    };
    switch (state_is_) {
    case Awaits::client_certificate:
        if (expect(HandshakeType::certificate)) client_certificate(message);
        return;
    case Awaits::client_key_exchange:
        if (expect(HandshakeType::client_key_exchange)) client_key_exchange(message);
        return;
    case Awaits::client_certificate_verify:
        if (expect(HandshakeType::certificate_verify)) client_certificate_verify(message);
        return;
    case Awaits::client_finished:
        if (expect(HandshakeType::finished, true)) client_finished(message);
        return;
    case Awaits::departure:
        return;
    case Awaits::nothing: // RFC 5246, section 7.4.1.2: a ClientHello would renegotiate
        if (message.type != HandshakeType::client_hello) {
            expect(HandshakeType::client_hello);
            return;
        }
        state_.records.send(ContentType::alert,
                            compose_alert({AlertLevel::warning, AlertDescription::no_renegotiation}));
        return;
    }
}

void Tls12Handshake::change_cipher_spec()
{
    if (state_is_ == Awaits::departure) return;
    if (state_is_ != Awaits::client_finished || !keys_ || client_encrypts_)
        return state_.fail(AlertDescription::unexpected_message, "unexpected ChangeCipherSpec");
    client_encrypts_ = true;
    state_.records.read_keys(keys_->client);
}

void Tls12Handshake::client_certificate(const HandshakeMessage& message)
{
    const auto parsed = parse_certificate_message(message.body, version_);
    if (const auto* error = std::get_if<WireError>(&parsed)) return state_.fail(error->alert, error->text);
    const auto chain = std::get<CertificateMessage>(parsed).chain();
    append(state_.transcript, compose_handshake(message));
    state_is_ = Awaits::client_key_exchange;
    if (chain.empty()) {
        if (state_.plan.client_certificate == ClientCertificate::required)
            state_.fail(AlertDescription::handshake_failure, "the client sent no certificate");
        return;
    }
    const auto refusal = judge_client_chain(chain, state_.plan.client_anchors, std::chrono::system_clock::now());
    if (refusal) return state_.fail(*refusal, "the client's certificate is refused");
    client_key_info_ = parse_certificate(chain.front()).public_key_info;
}

std::optional<Bytes> Tls12Handshake::premaster(ByteView client_key_exchange)
{
    std::optional<WireError> error;
    Reader reader("ClientKeyExchange", client_key_exchange, error);
    const bool dhe = suite_->key_exchange == KeyExchange::dhe;
    const ByteView value = (dhe ? reader.vector16("dh_Yc", {.min = 1}) : reader.vector8("ecdh_Yc", {.min = 1})).rest();
    reader.expect_end();
    if (error) {
        state_.fail(error->alert, error->text);
        return std::nullopt;
    }
    if (dhe) {
        if (value.size() <= state_.plan.dh->prime.size())
            return modular_power(value, dh_secret_, state_.plan.dh->prime);
    } else if (!key_) { // a group of which there is nothing but its number
        return random_bytes(32);
    } else if (auto secret = key_->agree(value)) {
        return secret;
    }
    state_.fail(AlertDescription::illegal_parameter, "the client's public value is not of its group");
    return std::nullopt;
}

void Tls12Handshake::client_key_exchange(const HandshakeMessage& message)
{
    const auto secret = premaster(message.body);
    if (!secret) return;
    append(state_.transcript, compose_handshake(message));
    master_ = extends_master_secret()
                  ? extended_master_secret(algorithms_->hash, *secret, transcript_hash())
                  : master_secret(algorithms_->hash, *secret, received_.hello.random, answer_.random);
    make_keys();
    state_is_ = client_key_info_.empty() ? Awaits::client_finished : Awaits::client_certificate_verify;
}

void Tls12Handshake::make_keys()
{
    if (!algorithms_) algorithms_ = tls12_algorithms(*suite_);
    state_.secrets.push_back({"CLIENT_RANDOM", master_});
    keys_ = tls12_keys(*algorithms_, master_, received_.hello.random, answer_.random);
}

void Tls12Handshake::client_certificate_verify(const HandshakeMessage& message)
{
    std::optional<WireError> error;
    Reader reader("CertificateVerify", message.body, error);
    const auto scheme = SignatureScheme{reader.u16("algorithm")};
    const ByteView signature = reader.vector16("signature").rest();
    reader.expect_end();
    if (error) return state_.fail(error->alert, error->text);
    if (!verify(client_key_info_, scheme, state_.transcript, signature))
        return state_.fail(AlertDescription::decrypt_error, "the client's CertificateVerify does not verify");
    append(state_.transcript, compose_handshake(message));
    state_is_ = Awaits::client_finished;
}

void Tls12Handshake::client_finished(const HandshakeMessage& message)
{
    if (message.body != tls12_verify_data(algorithms_->hash, master_, "client finished", transcript_hash()))
        return state_.fail(AlertDescription::decrypt_error, "the client's Finished does not verify");
    append(state_.transcript, compose_handshake(message));
    if (!resumed_) send_finished();
    state_is_ = Awaits::nothing;
    send_afterwards();
    state_.established = true;
}

std::string Tls12Handshake::version_name() const
{
    return version_ == ProtocolVersion::ssl30 ? "SSLv3" : "TLSv" + name(version_);
}

} // namespace alert40
