// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/personas/late_refusal.h"

#include "certs/key_agreement.h"
#include "server/wire/certificate_message.h"
#include "server/wire/handshake.h"
#include "server/wire/record_protection.h"
#include "server/wire/server_hello.h"
#include "server/wire/writer.h"

#include <algorithm>

namespace alert40 {
namespace {

std::optional<EcdhGroup> key_agreement_of(NamedGroup group)
{
    constexpr std::pair<NamedGroup, EcdhGroup> kGroups[] = {{NamedGroup::secp256r1, EcdhGroup::secp256r1},
                                                            {NamedGroup::secp384r1, EcdhGroup::secp384r1},
                                                            {NamedGroup::secp521r1, EcdhGroup::secp521r1},
                                                            {NamedGroup::x25519, EcdhGroup::x25519},
                                                            {NamedGroup::x448, EcdhGroup::x448}};
    for (const auto& [known, agreement] : kGroups)
        if (known == group) return agreement;
    return std::nullopt;
}

ServerHello begin_hello(const StartedFlight& flight)
{
    ServerHello answer;
    const Bytes random = random_bytes(answer.random.size());
    std::copy(random.begin(), random.end(), answer.random.begin());
    answer.cipher_suite = flight.suite;
    return answer;
}

/// The body of an extension that a ServerHello up to TLS 1.2 answers with; nullopt: it is not answered.
std::optional<Bytes> answer_body(ExtensionType type, const ClientHello& hello, CipherSuite suite)
{
    if (type == ExtensionType::renegotiation_info)
        return hello.has_renegotiation_info() ? std::optional(Bytes{0}) : std::nullopt; // RFC 5746, section 3.6
    if (!hello.has_extension(type)) return std::nullopt;
    const auto* info = find_cipher_suite(suite);
    if (type == ExtensionType::ec_point_formats)
        return info != nullptr && info->key_exchange == KeyExchange::ecdhe ? std::optional(Bytes{1, 0}) : std::nullopt;
    const bool empty = type == ExtensionType::server_name || type == ExtensionType::extended_master_secret ||
                       type == ExtensionType::session_ticket;
    return empty ? std::optional(Bytes{}) : std::nullopt;
}

Bytes legacy_flight(const Persona& persona, const StartedFlight& flight, const ClientHello& hello)
{
    ServerHello answer = begin_hello(flight);
    answer.legacy_version = flight.version;
    answer.session_id = random_bytes(32);
    for (const auto type : persona.hello.extensions) {
        if (type == ExtensionType::application_layer_protocol_negotiation && !flight.alpn.empty())
            answer.extensions.push_back(selected_alpn_extension(flight.alpn));
        else if (auto body = answer_body(type, hello, flight.suite))
            answer.extensions.push_back({type, std::move(*body)});
    }
    Bytes records = compose_records(ContentType::handshake, flight.version,
                                    compose_handshake(HandshakeType::server_hello, compose_server_hello(answer)));
    append(records, compose_records(ContentType::handshake, flight.version,
                                    compose_handshake(HandshakeType::certificate,
                                                      compose_certificate_message(certificate_message(flight.chain),
                                                                                  flight.version))));
    return records;
}

/// EncryptedExtensions with supported_groups, which the client may remember (RFC 8446, section 4.2.7).
Bytes encrypted_extensions(const Persona& persona)
{
    Writer writer;
    {
        const auto extensions = writer.vector16();
        writer.value(ExtensionType::supported_groups);
        const auto body = writer.vector16();
        const auto list = writer.vector16();
        for (const auto group : persona.picks.group_list) writer.value(group);
    }
    return compose_handshake(HandshakeType::encrypted_extensions, writer.take());
}

/// RFC 8446, section 7.1, without PSK: server_handshake_traffic_secret.
Bytes handshake_secret(HashAlgorithm algorithm, ByteView shared_secret, ByteView messages)
{
    const Bytes nothing = hash(algorithm, {});
    const Bytes zeros(nothing.size(), 0);
    const Bytes early = hmac(algorithm, zeros, zeros);
    const Bytes derived = hkdf_expand_label(algorithm, early, "derived", nothing, nothing.size());
    const Bytes secret = hmac(algorithm, derived, shared_secret);
    return hkdf_expand_label(algorithm, secret, "s hs traffic", hash(algorithm, messages), nothing.size());
}

} // namespace

std::optional<LateRefusal> compose_late_refusal(const Persona& persona, const RefusalAnswer& answer,
                                                const StartedFlight& flight, const ClientHello& hello,
                                                ByteView hello_message)
{
    LateRefusal late;
    if (flight.version != ProtocolVersion::tls13) {
        late.records = legacy_flight(persona, flight, hello);
        append(late.records, compose_record(ContentType::alert, flight.version, compose_alert(answer.alert)));
        return late;
    }
    const auto algorithms = tls13_algorithms(flight.suite);
    const auto group = flight.group ? key_agreement_of(*flight.group) : std::nullopt;
    if (!algorithms || !group) return std::nullopt;
    const auto shares = hello.key_shares();
    const auto share =
        std::find_if(shares.begin(), shares.end(), [&](const auto& each) { return each.group == *flight.group; });
    if (share == shares.end()) return std::nullopt;
    const EphemeralKey key = EphemeralKey::generate(*group);
    const auto secret = key.agree(share->key_exchange);
    if (!secret) return std::nullopt;

    ServerHello server_hello = begin_hello(flight);
    server_hello.session_id = hello.session_id;
    server_hello.extensions = {selected_version_extension(ProtocolVersion::tls13),
                               server_key_share_extension({*flight.group, key.public_value()})};
    const Bytes message = compose_handshake(HandshakeType::server_hello, compose_server_hello(server_hello));
    Bytes messages(hello_message.begin(), hello_message.end());
    append(messages, message);
    late.secrets = {{"SERVER_HANDSHAKE_TRAFFIC_SECRET", handshake_secret(algorithms->hash, *secret, messages)}};
    RecordProtection protection(*algorithms, late.secrets.front().secret);

    late.records = compose_records(ContentType::handshake, ProtocolVersion::tls12, message);
    if (persona.hello.change_cipher_spec && !hello.session_id.empty())
        append(late.records, compose_record(ContentType::change_cipher_spec, ProtocolVersion::tls12, Bytes{1}));
    const auto padding = persona.hello.padding;
    if (answer.moment == AnswerMoment::after_encrypted_extensions)
        append(late.records, protection.seal(ContentType::handshake, encrypted_extensions(persona), padding));
    append(late.records, protection.seal(ContentType::alert, compose_alert(answer.alert), padding));
    return late;
}

} // namespace alert40
