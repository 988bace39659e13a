// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/tls12_flight.h"

#include "scenarios/loader/input_error.h"
#include "scenarios/vocabulary/extension_type.h"
#include "server/wire/certificate_message.h"
#include "server/wire/handshake.h"
#include "server/wire/record.h"
#include "server/wire/server_hello.h"
#include "server/wire/server_key_exchange.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

// What an honest ServerHello of ours carries, each where the client asked for it (RFC 5746, 7627, 8422).
constexpr ExtensionType kServerHelloExtensions[] = {
    ExtensionType::renegotiation_info, ExtensionType::extended_master_secret, ExtensionType::ec_point_formats};

bool leaves_out(const std::vector<FlightMessage>& flight, HandshakeType message, ExtensionType extension)
{
    for (const auto& departure : flight)
        for (const auto& name : departure.without_extensions)
            if (departure.message.value == message && find_extension_type(name.value) == extension) return true;
    return false;
}

const CipherSuiteInfo* choose_suite(const ClientHello& hello, const Chain& chain, const std::vector<CipherSuite>& ours)
{
    const auto authentication = is_rsa(chain.key.type()) ? Authentication::rsa : Authentication::ecdsa;
    for (const auto suite : ours) {
        const auto* info = find_cipher_suite(suite);
        if (info != nullptr && info->key_exchange == KeyExchange::ecdhe && info->authentication == authentication &&
            fits(*info, ProtocolVersion::tls12) && hello.offers(suite))
            return info;
    }
    return nullptr;
}

Bytes server_hello(const std::vector<FlightMessage>& flight, const ClientHello& hello, CipherSuite suite,
                   ServerHello& answer)
{
    const Bytes random = random_bytes(answer.random.size());
    std::copy(random.begin(), random.end(), answer.random.begin());
    answer.session_id = random_bytes(32);
    answer.cipher_suite = suite;
    for (const auto type : kServerHelloExtensions) {
        const bool asked =
            type == ExtensionType::renegotiation_info ? hello.has_renegotiation_info() : hello.has_extension(type);
        if (!asked || leaves_out(flight, HandshakeType::server_hello, type)) continue;
        Bytes body;
        if (type == ExtensionType::renegotiation_info) body = {0};  // RFC 5746 3.6: empty renegotiated_connection
        if (type == ExtensionType::ec_point_formats) body = {1, 0}; // RFC 8422 5.1.2: uncompressed
        answer.extensions.push_back({type, body});
    }
    return compose_handshake(HandshakeType::server_hello, compose_server_hello(answer));
}

Bytes server_key_exchange(const ClientHello& hello, const ServerHello& answer, const Chain& chain)
{
    ServerKeyExchange exchange;
    // RFC 8422 5.1.1: without supported_groups the server may take any; secp256r1 is what everybody has.
    const bool x25519 = hello.offers(NamedGroup::x25519);
    exchange.params = EcdheParams{x25519 ? NamedGroup::x25519 : NamedGroup::secp256r1,
                                  ephemeral_public_value(x25519 ? EcdhGroup::x25519 : EcdhGroup::secp256r1)};
    exchange.scheme =
        is_rsa(chain.key.type()) ? SignatureScheme::rsa_pkcs1_sha256 : SignatureScheme::ecdsa_secp256r1_sha256;
    Bytes message(hello.random.begin(), hello.random.end());
    append(message, answer.random);
    append(message, compose_params(exchange));
    exchange.signature = chain.key.sign(HashAlgorithm::sha256, message);
    return compose_handshake(HandshakeType::server_key_exchange, compose_server_key_exchange(exchange));
}

} // namespace

void check_flight(const std::vector<FlightMessage>& flight)
{
    std::vector<std::string> extensions;
    for (const auto type : kServerHelloExtensions) extensions.push_back(name(type));
    for (const auto& departure : flight) {
        if (departure.message.value != HandshakeType::server_hello)
            throw InputError(departure.message.where,
                             fmt::format("a composed {} is not available", name(departure.message.value)),
                             "a flight can depart in its server_hello");
        for (const auto& extension : departure.without_extensions)
            if (std::find(extensions.begin(), extensions.end(), extension.value) == extensions.end())
                throw InputError(extension.where,
                                 fmt::format("a server_hello has no extension '{}' to leave out", extension.value),
                                 hint_for(extension.value, extensions));
    }
}

std::optional<Bytes> compose_tls12_flight(const std::vector<FlightMessage>& flight, const ClientHello& hello,
                                          const Chain& chain, const std::vector<CipherSuite>& cipher_suites)
{
    const CipherSuiteInfo* suite = choose_suite(hello, chain, cipher_suites);
    if (suite == nullptr || !hello.offers(ProtocolVersion::tls12)) return std::nullopt;
    ServerHello answer;
    const Bytes messages[] = {
        server_hello(flight, hello, suite->value, answer),
        compose_handshake(HandshakeType::certificate,
                          compose_certificate_message(certificate_message(chain.certificates), ProtocolVersion::tls12)),
        server_key_exchange(hello, answer, chain),
        compose_handshake(HandshakeType::server_hello_done, {}),
    };
    Bytes records; // OpenSSL sends each message in a record of its own
    for (const auto& message : messages)
        append(records, compose_records(ContentType::handshake, ProtocolVersion::tls12, message));
    return records;
}

} // namespace alert40
