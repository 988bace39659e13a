// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/tls13_handshake.h"

#include "certs/certificate.h"
#include "server/flights/client_identity.h"
#include "server/flights/extensions.h"
#include "server/flights/signing.h"
#include "server/wire/certificate_request.h"

#include <algorithm>

namespace alert40 {
namespace {

// Ours, as OpenSSL's SSL_CTX_set_max_early_data default is: one record.
constexpr std::uint32_t kMaxEarlyData = 16'384;

const KeyShare* share_of(const std::vector<KeyShare>& shares, NamedGroup group)
{
    const auto found =
        std::find_if(shares.begin(), shares.end(), [&](const auto& each) { return each.group == group; });
    return found == shares.end() ? nullptr : &*found;
}

} // namespace

void Tls13Handshake::start(ReceivedHello received)
{
    const auto* suite = choose_suite(state_.plan, received.hello, ProtocolVersion::tls13);
    answer_.cipher_suite = suite != nullptr ? suite->value : CipherSuite::TLS_AES_128_GCM_SHA256;
    algorithms_ =
        tls13_algorithms(answer_.cipher_suite).value_or(Tls13Algorithms{Aead::aes_128_gcm, HashAlgorithm::sha256});
    group_ = choose_group(state_.plan, received.hello);
    // RFC 8446, section 4.1.4: a group that has its share is better than another round.
    const auto shares = received.hello.key_shares();
    for (const auto group : state_.plan.groups)
        if (ecdh_group(group) && share_of(shares, group) != nullptr) {
            group_ = group;
            break;
        }
    answer(std::move(received));
}

void Tls13Handshake::answer(ReceivedHello received)
{
    received_ = std::move(received);
    append(state_.transcript, received_.message);
    if (must_retry()) return send_retry();
    send_flight();
}

bool Tls13Handshake::must_retry() const
{
    const auto* departure = departure_in(state_.plan, FlightStep::hello_retry_request);
    if (departure != nullptr && departure->omit) return false;
    if (departure != nullptr) return retries_ < departure->repeat;
    return retries_ == 0 && share_of(received_.hello.key_shares(), group_) == nullptr;
}

void Tls13Handshake::send_retry()
{
    if (retries_ == 0) { // RFC 8446, section 4.4.1: the first ClientHello is there by its hash alone
        const Bytes message_hash = compose_handshake(HandshakeType::message_hash, transcript_hash());
        state_.transcript = message_hash;
    }
    ++retries_;
    send(FlightStep::hello_retry_request);
    if (retries_ == 1 && !received_.hello.session_id.empty()) send(FlightStep::change_cipher_spec);
    if (received_.hello.has_early_data()) state_.records.pass_over(kMaxEarlyData + 1024);
    state_is_ = Awaits::second_client_hello;
}

void Tls13Handshake::send_flight()
{
    const auto* departure = departure_in(state_.plan, FlightStep::server_hello);
    if (departure != nullptr && departure->group) {
        group_ = settle(*departure->group, [&] { return unoffered_group(received_.hello, ProtocolVersion::tls13); });
        unoffered_group_ = true;
    }
    choose_psk();
    send(FlightStep::server_hello);
    // RFC 8446, appendix D.4: in the middlebox compatibility mode that the client's session id asks for.
    if (!received_.hello.session_id.empty() && retries_ == 0) send(FlightStep::change_cipher_spec);
    send(FlightStep::encrypted_extensions);
    const bool asks = state_.plan.client_certificate != ClientCertificate::none && !psk_;
    if (asks || departs_in(FlightStep::certificate_request)) send(FlightStep::certificate_request);
    if (!psk_) {
        send(FlightStep::certificate);
        send(FlightStep::certificate_verify);
    }
    send(FlightStep::finished);
    if (early_data_) {
        state_is_ = Awaits::end_of_early_data;
        return;
    }
    if (received_.hello.has_early_data()) state_.records.pass_over(kMaxEarlyData + 1024);
    await_second_flight();
}

void Tls13Handshake::await_second_flight()
{
    state_.records.read_keys(protection(client_handshake_secret_));
    const bool asked = state_.plan.client_certificate != ClientCertificate::none && !psk_;
    state_is_ = asked ? Awaits::client_certificate : Awaits::client_finished;
}

/// The first PSK whose ticket is ours, was made for this name and this suite's hash, and whose binder is right.
void Tls13Handshake::choose_psk()
{
    const auto offer = read_psk_offer(received_.hello);
    if (!offer || offer->psks.empty() || !state_.plan.issues_tickets) return;
    const auto modes = received_.hello.psk_key_exchange_modes();
    if (std::find(modes.begin(), modes.end(), 1) == modes.end()) return; // psk_dhe_ke alone
    const auto& first = offer->psks.front();
    auto session = open_ticket(state_.plan.ticket_key, first.identity);
    if (!session || session->version != ProtocolVersion::tls13) return;
    if (session->server_name != received_.hello.server_name().value_or("")) return;
    const auto made_with = tls13_algorithms(session->suite);
    if (!made_with || made_with->hash != algorithms_.hash) return;

    const KeySchedule early(algorithms_.hash, session->secret);
    const Bytes binder_key = early.derive("res binder", hash(algorithms_.hash, {}));
    // RFC 8446, section 4.2.11.2: the ClientHello up to the binders; the transcript ends with that ClientHello.
    const ByteView truncated = ByteView(state_.transcript).first(state_.transcript.size() - offer->binders_length);
    const Bytes binder = finished_verify_data(algorithms_.hash, binder_key, hash(algorithms_.hash, truncated));
    if (binder != first.binder) return state_.fail(AlertDescription::illegal_parameter, "the PSK binder is wrong");
    psk_ = std::move(session);
    begin_early_data();
}

void Tls13Handshake::begin_early_data()
{
    const auto treatment = state_.plan.early_data;
    const bool takes = treatment == EarlyData::accept || treatment == EarlyData::too_early;
    if (!takes || retries_ > 0 || !received_.hello.has_early_data()) return;
    if (psk_->suite != answer_.cipher_suite) return; // RFC 8446, section 4.2.10
    early_data_ = true;
    const KeySchedule early(algorithms_.hash, psk_->secret);
    state_.records.read_keys(
        protection(log("CLIENT_EARLY_TRAFFIC_SECRET", early.derive("c e traffic", transcript_hash()))));
}

/// What both sides would agree on; where the departures leave the client nothing to agree with, a secret of our own.
Bytes Tls13Handshake::shared_secret()
{
    const auto shares = received_.hello.key_shares();
    const auto* share = share_of(shares, group_);
    if (key_ && share != nullptr) {
        if (auto secret = key_->agree(share->key_exchange)) return *std::move(secret);
        state_.fail(AlertDescription::illegal_parameter, "the client's key share is not of its group");
    }
    return random_bytes(32);
}

Bytes Tls13Handshake::log(std::string_view key_log_label, Bytes secret)
{
    state_.secrets.push_back({std::string(key_log_label), secret});
    return secret;
}

void Tls13Handshake::sent(FlightStep step)
{
    if (step == FlightStep::server_hello) {
        schedule_.emplace(algorithms_.hash, psk_ ? psk_->secret : Bytes());
        schedule_->exchange(shared_secret());
        const Bytes so_far = transcript_hash();
        client_handshake_secret_ = log("CLIENT_HANDSHAKE_TRAFFIC_SECRET", schedule_->derive("c hs traffic", so_far));
        server_secret_ = log("SERVER_HANDSHAKE_TRAFFIC_SECRET", schedule_->derive("s hs traffic", so_far));
        state_.records.write_keys(protection(server_secret_));
    } else if (step == FlightStep::finished) {
        schedule_->finish();
        const Bytes so_far = transcript_hash();
        client_secret_ = log("CLIENT_TRAFFIC_SECRET_0", schedule_->derive("c ap traffic", so_far));
        server_secret_ = log("SERVER_TRAFFIC_SECRET_0", schedule_->derive("s ap traffic", so_far));
        log("EXPORTER_SECRET", schedule_->derive("exp master", so_far));
        state_.records.write_keys(protection(server_secret_));
    } else if (step == FlightStep::key_update) {
        server_secret_ = next_traffic_secret(algorithms_.hash, server_secret_);
        state_.records.write_keys(protection(server_secret_));
    }
}

Bytes Tls13Handshake::compose(FlightStep step, const FlightMessage& departure)
{
    switch (step) {
    case FlightStep::hello_retry_request:
        return compose_retry(departure);
    case FlightStep::server_hello:
        return compose_server_hello(departure);
    case FlightStep::encrypted_extensions:
        return compose_encrypted_extensions(departure);
    case FlightStep::certificate_request:
        return compose_certificate_request(departure);
    case FlightStep::certificate:
        return compose_certificate(departure);
    case FlightStep::certificate_verify:
        return compose_certificate_verify(departure);
    case FlightStep::finished:
        return compose_finished(departure);
    case FlightStep::new_session_ticket:
        return compose_new_session_ticket(departure);
    case FlightStep::key_update:
        return {0}; // update_not_requested
    case FlightStep::certificate_status:
    case FlightStep::server_key_exchange:
    case FlightStep::server_hello_done:
    case FlightStep::change_cipher_spec:
    case FlightStep::hello_request:
    case FlightStep::heartbeat:
    case FlightStep::alert:
        return {}; // no message of TLS 1.3: check_flight() lets only raw ones through
    }
    return {};
}

NamedGroup Tls13Handshake::retry_group(const FlightMessage& departure) const
{
    const auto& hello = received_.hello;
    const auto shares = hello.key_shares();
    if (departure.retry_group == RetryGroup::unoffered) return unoffered_group(hello, ProtocolVersion::tls13);
    if (departure.retry_group == RetryGroup::already_shared && !shares.empty()) {
        for (const auto& share : shares)
            if (ecdh_group(share.group)) return share.group;
        return shares.front().group;
    }
    if (share_of(shares, group_) == nullptr) return group_;
    for (const auto group : state_.plan.groups) // nothing calls for a retry: for one, a group without a share
        if (ecdh_group(group) && hello.offers(group) && share_of(shares, group) == nullptr) return group;
    return group_;
}

Bytes Tls13Handshake::compose_retry(const FlightMessage& departure)
{
    retried_ = retry_group(departure);
    if (ecdh_group(*retried_)) group_ = *retried_;
    ServerHello retry;
    retry.random = kHelloRetryRequestRandom;
    retry.session_id = received_.hello.session_id;
    retry.cipher_suite = answer_.cipher_suite;
    retry.extensions = {selected_version_extension(ProtocolVersion::tls13), retry_group_extension(*retried_)};
    depart(retry, departure, state_.plan, received_.hello, ProtocolVersion::tls13);
    return alert40::compose_server_hello(retry);
}

Bytes Tls13Handshake::compose_server_hello(const FlightMessage& departure)
{
    const Bytes random = random_bytes(answer_.random.size());
    std::copy(random.begin(), random.end(), answer_.random.begin());
    answer_.session_id = received_.hello.session_id;
    Bytes public_value;
    if (const auto group = ecdh_group(group_)) {
        key_ = EphemeralKey::generate(*group);
        public_value = key_->public_value();
    } else {
        public_value = random_bytes(is_ffdhe(group_) ? 256 : 65);
    }
    answer_.extensions = {selected_version_extension(ProtocolVersion::tls13),
                          server_key_share_extension({group_, public_value})};
    if (psk_ || departure.psk_identity) {
        Writer writer;
        writer.u16(static_cast<std::uint16_t>(departure.psk_identity.value_or(0)));
        answer_.extensions.push_back({ExtensionType::pre_shared_key, writer.take()});
    }
    depart(answer_, departure, state_.plan, received_.hello, ProtocolVersion::tls13);
    if (const auto algorithms = tls13_algorithms(answer_.cipher_suite)) algorithms_ = *algorithms;
    return alert40::compose_server_hello(answer_);
}

Bytes Tls13Handshake::compose_encrypted_extensions(const FlightMessage& departure) const
{
    std::vector<Extension> extensions;
    if (received_.hello.has_extension(ExtensionType::server_name))
        extensions.push_back({ExtensionType::server_name, {}});
    if (const auto protocol = answered_alpn(state_.plan, received_.hello, departure))
        extensions.push_back(selected_alpn_extension(*protocol));
    if (early_data_) extensions.push_back({ExtensionType::early_data, {}});
    depart(extensions, departure);
    Writer writer;
    write_extensions(writer, extensions);
    return writer.take();
}

Bytes Tls13Handshake::compose_certificate_request(const FlightMessage& departure) const
{
    CertificateRequest request;
    request.signature_schemes = accepted_client_schemes();
    const Bytes honest = alert40::compose_certificate_request(request, ProtocolVersion::tls13);
    if (departure.extensions.empty() && departure.without_extensions.empty()) return honest;
    std::optional<WireError> error;
    Reader reader("CertificateRequest", honest, error);
    reader.vector8("certificate_request_context");
    auto extensions = read_extensions(reader);
    depart(extensions, departure);
    Writer writer;
    writer.vector8({});
    write_extensions(writer, extensions);
    return writer.take();
}

Bytes Tls13Handshake::compose_certificate(const FlightMessage& departure) const
{
    auto message = certificate_message(departed_chain(state_.plan, departure));
    const auto& staple = staple_of(state_.plan, departure);
    if (!staple.empty() && !message.entries.empty() && received_.hello.has_status_request())
        message.entries.front().extensions.push_back({ExtensionType::status_request, certificate_status(staple)});
    return compose_certificate_message(message, ProtocolVersion::tls13);
}

Bytes Tls13Handshake::compose_certificate_verify(const FlightMessage& departure) const
{
    SignatureScheme scheme = choose_scheme(state_.plan, received_.hello, true);
    if (departure.scheme)
        scheme = settle(*departure.scheme, [&] { return unoffered_scheme(state_.plan, received_.hello); });
    Writer writer;
    writer.value(scheme);
    writer.vector16(departed_signature(state_.plan, departure, scheme,
                                       certificate_verify_content(kServerContext, transcript_hash())));
    return writer.take();
}

Bytes Tls13Handshake::compose_finished(const FlightMessage& departure) const
{
    Bytes verify_data = finished_verify_data(algorithms_.hash, server_secret_, transcript_hash());
    if (departure.corrupted) verify_data.back() ^= 0x01;
    return verify_data;
}

Bytes Tls13Handshake::compose_new_session_ticket(const FlightMessage& departure)
{
    constexpr std::uint32_t kLifetime = 7200; // seconds
    const Bytes nonce = {tickets_++};
    SealedSession session{ProtocolVersion::tls13, answer_.cipher_suite,
                          resumption_psk(algorithms_.hash, resumption_secret_, nonce), true,
                          received_.hello.server_name().value_or("")};
    std::vector<Extension> extensions;
    if (state_.plan.early_data != EarlyData::none) {
        Writer size;
        size.u16(kMaxEarlyData >> 16);
        size.u16(kMaxEarlyData & 0xFFFF);
        extensions.push_back({ExtensionType::early_data, size.take()});
    }
    depart(extensions, departure);
    Writer writer;
    writer.u16(kLifetime >> 16);
    writer.u16(kLifetime & 0xFFFF);
    writer.bytes(random_bytes(4)); // ticket_age_add
    writer.vector8(nonce);
    writer.vector16(seal_ticket(state_.plan.ticket_key, session));
    write_extensions(writer, extensions);
    return writer.take();
}

void Tls13Handshake::message(const HandshakeMessage& message)
{
    const auto expect = [&](HandshakeType type) {
        if (message.type == type) return true;
        state_.fail(AlertDescription::unexpected_message, "unexpected " + name(message.type));
        return false;
    };
    switch (state_is_) {
    case Awaits::second_client_hello: {
        if (!expect(HandshakeType::client_hello)) return;
        auto parsed = parse_client_hello(message.body);
        if (const auto* error = std::get_if<WireError>(&parsed)) return state_.fail(error->alert, error->text);
        return answer({std::move(std::get<ClientHello>(parsed)), compose_handshake(message)});
    }
    case Awaits::end_of_early_data:
        if (!expect(HandshakeType::end_of_early_data)) return;
        append(state_.transcript, compose_handshake(message));
        return await_second_flight();
    case Awaits::client_certificate:
        if (expect(HandshakeType::certificate)) client_certificate(message);
        return;
    case Awaits::client_certificate_verify:
        if (expect(HandshakeType::certificate_verify)) client_certificate_verify(message);
        return;
    case Awaits::client_finished:
        if (expect(HandshakeType::finished)) client_finished(message);
        return;
    case Awaits::nothing:
        if (expect(HandshakeType::key_update)) key_update(message);
        return;
    }
}

void Tls13Handshake::client_certificate(const HandshakeMessage& message)
{
    const auto parsed = parse_certificate_message(message.body, ProtocolVersion::tls13);
    if (const auto* error = std::get_if<WireError>(&parsed)) return state_.fail(error->alert, error->text);
    const auto chain = std::get<CertificateMessage>(parsed).chain();
    append(state_.transcript, compose_handshake(message));
    if (chain.empty()) {
        if (state_.plan.client_certificate == ClientCertificate::required)
            return state_.fail(AlertDescription::certificate_required, "the client sent no certificate");
        state_is_ = Awaits::client_finished;
        return;
    }
    const auto refusal = judge_client_chain(chain, state_.plan.client_anchors, std::chrono::system_clock::now());
    if (refusal) return state_.fail(*refusal, "the client's certificate is refused");
    client_key_info_ = parse_certificate(chain.front()).public_key_info;
    state_is_ = Awaits::client_certificate_verify;
}

void Tls13Handshake::client_certificate_verify(const HandshakeMessage& message)
{
    std::optional<WireError> error;
    Reader reader("CertificateVerify", message.body, error);
    const auto scheme = SignatureScheme{reader.u16("algorithm")};
    const ByteView signature = reader.vector16("signature").rest();
    reader.expect_end();
    if (error) return state_.fail(error->alert, error->text);
    if (!verify(client_key_info_, scheme, certificate_verify_content(kClientContext, transcript_hash()), signature))
        return state_.fail(AlertDescription::decrypt_error, "the client's CertificateVerify does not verify");
    append(state_.transcript, compose_handshake(message));
    state_is_ = Awaits::client_finished;
}

void Tls13Handshake::client_finished(const HandshakeMessage& message)
{
    if (message.body != finished_verify_data(algorithms_.hash, client_handshake_secret_, transcript_hash()))
        return state_.fail(AlertDescription::decrypt_error, "the client's Finished does not verify");
    append(state_.transcript, compose_handshake(message));
    resumption_secret_ = schedule_->derive("res master", transcript_hash());
    state_.records.read_keys(protection(client_secret_));
    state_is_ = Awaits::nothing;
    const bool tickets = state_.plan.issues_tickets || departs_in(FlightStep::new_session_ticket);
    if (tickets) send(FlightStep::new_session_ticket);
    send_afterwards();
    state_.established = true;
}

/// RFC 8446, section 4.6.3.
void Tls13Handshake::key_update(const HandshakeMessage& message)
{
    client_secret_ = next_traffic_secret(algorithms_.hash, client_secret_);
    state_.records.read_keys(protection(client_secret_));
    if (message.body == Bytes{1}) send(FlightStep::key_update);
}

} // namespace alert40
