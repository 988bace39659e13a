// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/server_key_exchange.h"

#include "tests/wire/hex_file.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

constexpr auto kTls12 = ProtocolVersion::tls12;

Parsed<ServerKeyExchange> parse(ByteView body, std::string_view suite, ProtocolVersion version = kTls12)
{
    const auto* info = find_cipher_suite(suite);
    REQUIRE(info != nullptr);
    return parse_server_key_exchange(body, *info, version);
}

ServerKeyExchange parsed(ByteView body, std::string_view suite, ProtocolVersion version = kTls12)
{
    const auto result = parse(body, suite, version);
    if (const auto* error = std::get_if<WireError>(&result)) FAIL(error->text);
    return std::get<ServerKeyExchange>(result);
}

TEST_CASE("recorded key exchanges are read and written back", "[wire][key_exchange]")
{
    struct Row {
        std::string file;
        std::string suite;
    };
    const auto row = GENERATE(values<Row>({{"c02f", "ECDHE-RSA-AES128-GCM-SHA256"},
                                           {"c02c", "ECDHE-ECDSA-AES256-GCM-SHA384"},
                                           {"009e", "DHE-RSA-AES128-GCM-SHA256"}}));
    const Bytes message = read_hex_file("server_message/server_key_exchange-" + row.file + ".hex");
    const ByteView body = ByteView(message).subspan(4);
    const auto exchange = parsed(body, row.suite);
    CHECK(exchange.scheme);
    CHECK(to_hex(compose_server_key_exchange(exchange)) == to_hex(body));
    for (std::size_t length = 0; length < body.size(); ++length)
        REQUIRE(std::holds_alternative<WireError>(parse(body.first(length), row.suite)));
}

TEST_CASE("the size of a DHE prime is that of its number", "[wire][key_exchange]")
{
    const Bytes message = read_hex_file("server_message/server_key_exchange-009e.hex");
    const auto exchange = parsed(ByteView(message).subspan(4), "DHE-RSA-AES128-GCM-SHA256");
    CHECK(std::get<DheParams>(exchange.params).prime_bits() == 1024);
    CHECK(DheParams{{0x00, 0x01, 0xFF}, {2}, {3}}.prime_bits() == 9);
    CHECK(DheParams{{0x00}, {2}, {3}}.prime_bits() == 0);
    CHECK(DheParams{}.prime_bits() == 0);
}

TEST_CASE("a composed ECDHE exchange is laid out as RFC 8422 says", "[wire][key_exchange]")
{
    ServerKeyExchange exchange;
    exchange.params = EcdheParams{NamedGroup::x25519, {1, 2, 3}};
    exchange.scheme = SignatureScheme::ecdsa_secp256r1_sha256;
    exchange.signature = {0xAA, 0xBB};
    CHECK(to_hex(compose_params(exchange)) == "03001d03010203");
    CHECK(to_hex(compose_server_key_exchange(exchange)) == "03001d0301020304030002aabb");
    CHECK(parsed(compose_server_key_exchange(exchange), "ECDHE-ECDSA-AES128-GCM-SHA256") == exchange);
}

TEST_CASE("before TLS 1.2 a signature has no scheme, and anonymous exchanges have no signature", "[wire][key_exchange]")
{
    ServerKeyExchange exchange;
    exchange.params = DheParams{{0xFB}, {2}, {5}};
    CHECK(parsed(compose_server_key_exchange(exchange), "ADH-AES128-SHA") == exchange);
    exchange.signature = {0xAA};
    CHECK(parsed(compose_server_key_exchange(exchange), "DHE-RSA-AES128-SHA", ProtocolVersion::tls10) == exchange);
}

TEST_CASE("PSK exchanges begin with the identity hint", "[wire][key_exchange]")
{
    ServerKeyExchange exchange;
    exchange.psk_identity_hint = to_bytes("hint");
    CHECK(parsed(compose_server_key_exchange(exchange), "PSK-AES128-CBC-SHA") == exchange);
    CHECK(parsed(compose_server_key_exchange(exchange), "RSA-PSK-AES128-CBC-SHA") == exchange);
    exchange.params = EcdheParams{NamedGroup::secp256r1, Bytes(65, 4)};
    CHECK(parsed(compose_server_key_exchange(exchange), "ECDHE-PSK-AES128-CBC-SHA") == exchange);
}

TEST_CASE("suites without a ServerKeyExchange and explicit curves are refused", "[wire][key_exchange]")
{
    const auto error = std::get<WireError>(parse(Bytes{3}, "AES128-SHA"));
    CHECK(error ==
          WireError{AlertDescription::unexpected_message, "ServerKeyExchange: the suite's key exchange has none"});
    CHECK(std::get<WireError>(parse(Bytes{1, 0, 23, 1, 4}, "ECDHE-RSA-AES128-SHA")).alert ==
          AlertDescription::handshake_failure);
}

} // namespace
} // namespace alert40
