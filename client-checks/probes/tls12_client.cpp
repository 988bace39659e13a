// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/tls12_client.h"

#include "certs/rsa_signatures.h"
#include "server/flights/signing.h"
#include "server/wire/certificate_message.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {

Prf Tls12Client::prf() const
{
    if (version_ != ProtocolVersion::tls12) return Prf::of_tls10();
    if (const auto aead = tls12_algorithms(*suite_)) return aead->hash;
    if (const auto cbc = cbc_algorithms(*suite_)) return cbc->prf;
    return HashAlgorithm::sha256;
}

void Tls12Client::start(const ServerHello& answer)
{
    suite_ = find_cipher_suite(answer.cipher_suite);
    if (suite_ == nullptr || !fits(*suite_, version_))
        return state_.fail(
            AlertDescription::illegal_parameter,
            fmt::format("the server chose {}, which does not belong to the version", name(answer.cipher_suite)));
    const auto& hello = state_.fresh.hello;
    extended_master_secret_ = answer.has_extended_master_secret() && hello.has_extended_master_secret();
    ticket_promised_ = answer.has_extension(ExtensionType::session_ticket);
    state_.server.alpn = answer.alpn_protocol().value_or("");
    state_.server.knows_name = answer.has_extension(ExtensionType::server_name);
    if (!resumes(answer)) return;
    state_.server.resumed = true;
    master_ = state_.offer.session->secret;
    if (!make_keys()) return;
    awaits_ = ticket_promised_ ? Awaits::new_session_ticket : Awaits::change_cipher_spec;
}

/// RFC 5246, section 7.3, and RFC 5077, section 3.4: the server echoes the session id that came with the session.
bool Tls12Client::resumes(const ServerHello& answer) const
{
    const auto& session = state_.offer.session;
    return session && session->version == version_ && session->suite == answer.cipher_suite &&
           !answer.session_id.empty() && answer.session_id == state_.fresh.hello.session_id;
}

void Tls12Client::message(const HandshakeMessage& message)
{
    const auto type = message.type;
    const auto comes = [&](HandshakeType wanted, Awaits latest) { return type == wanted && awaits_ <= latest; };
    if (type == HandshakeType::hello_request) { // RFC 5246, section 7.4.1.1: may be declined
        if (!state_.established) return;
        state_.server.asks_to_renegotiate = true;
        return state_.records.send(ContentType::alert,
                                   compose_alert({AlertLevel::warning, AlertDescription::no_renegotiation}));
    }
    if (comes(HandshakeType::certificate, Awaits::certificate)) return certificate(message);
    if (comes(HandshakeType::certificate_status, Awaits::certificate_status)) {
        append(state_.transcript, compose_handshake(message));
        state_.server.staple = read_staple(message.body);
        awaits_ = Awaits::server_key_exchange;
        return;
    }
    if (comes(HandshakeType::server_key_exchange, Awaits::server_key_exchange)) return server_key_exchange(message);
    if (comes(HandshakeType::certificate_request, Awaits::certificate_request)) return certificate_request(message);
    if (comes(HandshakeType::server_hello_done, Awaits::server_hello_done)) return server_hello_done(message);
    if (type == HandshakeType::new_session_ticket && awaits_ == Awaits::new_session_ticket)
        return new_session_ticket(message);
    if (type == HandshakeType::finished && awaits_ == Awaits::finished) return finished(message);
    state_.fail(AlertDescription::unexpected_message, "unexpected " + name(type));
}

void Tls12Client::certificate(const HandshakeMessage& message)
{
    const auto parsed = parse_certificate_message(message.body, version_);
    if (const auto* error = std::get_if<WireError>(&parsed)) return state_.fail(error->alert, error->text);
    append(state_.transcript, compose_handshake(message));
    state_.server.chain = std::get<CertificateMessage>(parsed).chain();
    if (state_.server.chain.empty())
        return state_.fail(AlertDescription::decode_error, "the server's certificate list is empty");
    awaits_ = Awaits::certificate_status;
}

void Tls12Client::server_key_exchange(const HandshakeMessage& message)
{
    auto parsed = parse_server_key_exchange(message.body, *suite_, version_);
    if (const auto* error = std::get_if<WireError>(&parsed)) return state_.fail(error->alert, error->text);
    append(state_.transcript, compose_handshake(message));
    exchange_ = std::move(std::get<ServerKeyExchange>(parsed));
    awaits_ = Awaits::certificate_request;
    if (exchange_->signature.empty()) return;
    Bytes content(client_random().begin(), client_random().end());
    append(content, server_random());
    append(content, compose_params(*exchange_));
    state_.server.scheme = exchange_->scheme;
    state_.server.signature = state_.check_signature(exchange_->scheme, content, exchange_->signature);
}

void Tls12Client::certificate_request(const HandshakeMessage& message)
{
    auto parsed = parse_certificate_request(message.body, version_);
    if (const auto* error = std::get_if<WireError>(&parsed)) return state_.fail(error->alert, error->text);
    append(state_.transcript, compose_handshake(message));
    state_.server.request = std::move(std::get<CertificateRequest>(parsed));
    awaits_ = Awaits::server_hello_done;
}

void Tls12Client::server_hello_done(const HandshakeMessage& message)
{
    append(state_.transcript, compose_handshake(message));
    const auto exchange = exchange_keys();
    if (!exchange) return;
    if (state_.server.request) send_certificate();
    send(HandshakeType::client_key_exchange, exchange->message);
    master_ = extended_master_secret_ ? extended_master_secret(prf(), exchange->premaster, transcript_hash())
                                      : master_secret(prf(), exchange->premaster, client_random(), server_random());
    if (!make_keys()) return;
    if (certified_) send_certificate_verify();
    send_finished();
    awaits_ = ticket_promised_ ? Awaits::new_session_ticket : Awaits::change_cipher_spec;
}

void Tls12Client::send_certificate()
{
    const auto& identity = state_.offer.identity;
    const bool has_scheme =
        version_ != ProtocolVersion::tls12 || (identity && state_.own_scheme(*state_.server.request, false));
    certified_ = identity && has_scheme;
    state_.sent_certificate = certified_;
    const auto list = certificate_message(certified_ ? identity->chain : std::vector<Bytes>());
    send(HandshakeType::certificate, compose_certificate_message(list, version_));
}

void Tls12Client::send_certificate_verify()
{
    const auto& key = state_.offer.identity->key;
    Writer writer;
    if (version_ == ProtocolVersion::tls12) {
        const auto scheme = *state_.own_scheme(*state_.server.request, false);
        writer.value(scheme);
        writer.vector16(sign(key, scheme, state_.transcript));
    } else { // RFC 4346, section 7.4.8; RFC 8422, section 5.8
        writer.vector16(is_rsa(key.type()) ? sign_rsa_md5_sha1(key, state_.transcript)
                                           : key.sign(HashAlgorithm::sha1, state_.transcript));
    }
    send(HandshakeType::certificate_verify, writer.take());
}

void Tls12Client::send_finished()
{
    state_.records.send_clear(ContentType::change_cipher_spec, Bytes{1});
    state_.records.write_keys(client_keys_);
    send(HandshakeType::finished, tls12_verify_data(prf(), master_, "client finished", transcript_hash()));
}

std::optional<Tls12Client::Exchange> Tls12Client::exchange_keys()
{
    if (!tls12_algorithms(*suite_) && !cbc_algorithms(*suite_)) {
        state_.leave(fmt::format("the server chose {}, whose records are not played here", suite_->iana_name));
        return std::nullopt;
    }
    if (suite_->key_exchange == KeyExchange::rsa) return exchange_by_rsa();
    if (exchange_)
        if (const auto* params = std::get_if<EcdheParams>(&exchange_->params)) {
            if (const auto key = GroupKey::generate(params->curve))
                return exchange_by(*key, params->public_value, true);
            state_.leave(fmt::format("the server chose the curve {}, which is not played here", name(params->curve)));
            return std::nullopt;
        }
    if (exchange_)
        if (const auto* params = std::get_if<DheParams>(&exchange_->params)) {
            if (const auto key = GroupKey::generate(DhGroup{params->prime, params->generator}))
                return exchange_by(*key, params->public_value, false);
            state_.leave(fmt::format("a DHE prime of {} bits is not played here", params->prime_bits()));
            return std::nullopt;
        }
    const bool needs_one = suite_->key_exchange == KeyExchange::ecdhe || suite_->key_exchange == KeyExchange::dhe;
    if (needs_one)
        state_.fail(AlertDescription::unexpected_message, "ServerHelloDone without a ServerKeyExchange");
    else
        state_.leave(fmt::format("the key exchange of {} is not played here", suite_->iana_name));
    return std::nullopt;
}

std::optional<Tls12Client::Exchange> Tls12Client::exchange_by(const GroupKey& key, ByteView peer, bool elliptic)
{
    auto secret = key.agree_tls12(peer);
    if (!secret) {
        state_.fail(AlertDescription::illegal_parameter, "the server's public value is not of its group");
        return std::nullopt;
    }
    Writer writer;
    elliptic ? writer.vector8(key.public_value()) : writer.vector16(key.public_value());
    return Exchange{writer.take(), *std::move(secret)};
}

/// RFC 5246, section 7.4.7.1: the version is the one that was offered, not the one that was chosen.
std::optional<Tls12Client::Exchange> Tls12Client::exchange_by_rsa()
{
    const auto offered = static_cast<std::uint16_t>(state_.fresh.hello.legacy_version);
    Bytes premaster = {static_cast<std::uint8_t>(offered >> 8), static_cast<std::uint8_t>(offered)};
    append(premaster, random_bytes(46));
    std::optional<Bytes> encrypted;
    try {
        encrypted = encrypt_rsa(parse_certificate(state_.server.chain.front()).public_key_info, premaster);
    } catch (const CertificateError&) {
    }
    if (!encrypted) {
        state_.leave("nothing can be encrypted with the key of the server's certificate");
        return std::nullopt;
    }
    Writer writer;
    writer.vector16(*encrypted);
    return Exchange{writer.take(), premaster};
}

bool Tls12Client::make_keys()
{
    state_.secrets.push_back({"CLIENT_RANDOM", master_});
    if (const auto aead = tls12_algorithms(*suite_)) {
        auto keys = tls12_keys(*aead, master_, client_random(), server_random());
        client_keys_ = std::move(keys.client);
        server_keys_ = std::move(keys.server);
        return true;
    }
    const auto cbc = cbc_algorithms(*suite_);
    if (!cbc) {
        state_.leave(fmt::format("the records of {} are not played here", suite_->iana_name));
        return false;
    }
    const bool outside = state_.server.hello->has_extension(ExtensionType::encrypt_then_mac);
    auto keys = cbc_keys(*cbc, version_, outside, master_, client_random(), server_random());
    client_keys_ = std::move(keys.client);
    server_keys_ = std::move(keys.server);
    return true;
}

void Tls12Client::new_session_ticket(const HandshakeMessage& message)
{
    std::optional<WireError> error;
    Reader reader("NewSessionTicket", message.body, error);
    const std::uint32_t high = reader.u16("lifetime");
    const std::uint32_t lifetime = high << 16 | reader.u16("lifetime");
    const auto ticket = reader.vector16("ticket").rest();
    reader.expect_end();
    if (error) return state_.fail(error->alert, error->text);
    append(state_.transcript, compose_handshake(message));
    if (!ticket.empty()) store_session(Bytes(ticket.begin(), ticket.end()), lifetime);
    awaits_ = Awaits::change_cipher_spec;
}

void Tls12Client::store_session(Bytes ticket, std::uint32_t lifetime)
{
    StoredSession session;
    session.version = version_;
    session.suite = suite_->value;
    session.secret = master_;
    session.ticket = std::move(ticket);
    session.session_id = state_.server.hello->session_id;
    session.extended_master_secret = extended_master_secret_;
    session.lifetime = lifetime;
    session.received = std::chrono::steady_clock::now();
    state_.server.sessions.push_back(std::move(session));
}

void Tls12Client::change_cipher_spec()
{
    // A promised ticket may stay away (RFC 5077, section 3.3, has it empty then; some servers leave it out).
    const bool expected = awaits_ == Awaits::change_cipher_spec || awaits_ == Awaits::new_session_ticket;
    if (!expected) return state_.fail(AlertDescription::unexpected_message, "unexpected ChangeCipherSpec");
    state_.records.read_keys(server_keys_);
    awaits_ = Awaits::finished;
}

void Tls12Client::finished(const HandshakeMessage& message)
{
    if (message.body != tls12_verify_data(prf(), master_, "server finished", transcript_hash()))
        return state_.fail(AlertDescription::decrypt_error, "the server's Finished does not verify");
    append(state_.transcript, compose_handshake(message));
    auto& sessions = state_.server.sessions;
    if (state_.server.resumed) {
        send_finished();
        if (sessions.empty()) sessions.push_back(*state_.offer.session); // it holds on without another ticket
    } else if (sessions.empty() && !state_.server.hello->session_id.empty()) {
        store_session({}, 0);
    }
    state_.established = true;
    awaits_ = Awaits::nothing;
}

} // namespace alert40
