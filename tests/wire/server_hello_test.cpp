// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/server_hello.h"

#include "tests/wire/hex_file.h"
#include "tests/wire/rfc8448.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

ServerHello parsed(ByteView body)
{
    auto result = parse_server_hello(body);
    if (const auto* error = std::get_if<WireError>(&result)) FAIL(error->text);
    return std::get<ServerHello>(result);
}

TEST_CASE("the ServerHello of RFC 8448 is read", "[wire][server_hello]")
{
    const Bytes message = from_hex(kRfc8448ServerHello);
    const auto hello = parsed(ByteView(message).subspan(4));
    CHECK(hello.legacy_version == ProtocolVersion::tls12);
    CHECK(hello.selected_version() == ProtocolVersion::tls13);
    CHECK(hello.cipher_suite == CipherSuite::TLS_AES_128_GCM_SHA256);
    CHECK(hello.key_share_group() == NamedGroup::x25519);
    CHECK_FALSE(hello.is_hello_retry_request());
    CHECK(hello.downgrade_sentinel() == DowngradeSentinel::none);
    CHECK(to_hex(compose_server_hello(hello)) == to_hex(ByteView(message).subspan(4)));
}

TEST_CASE("real ServerHellos survive octet for octet", "[wire][server_hello]")
{
    const Bytes tls12 = read_hex_file("server_message/server_hello-tls12.hex");
    const auto hello = parsed(ByteView(tls12).subspan(4));
    CHECK(hello.selected_version() == ProtocolVersion::tls12);
    CHECK(hello.has_renegotiation_info());
    CHECK_FALSE(hello.key_share_group());
    CHECK(to_hex(compose_server_hello(hello)) == to_hex(ByteView(tls12).subspan(4)));
    const Bytes tls13 = read_hex_file("server_message/server_hello-tls13.hex");
    CHECK(parsed(ByteView(tls13).subspan(4)).selected_version() == ProtocolVersion::tls13);
}

TEST_CASE("a ServerHello cut at any byte is a decode_error", "[wire][server_hello]")
{
    const Bytes message = from_hex(kRfc8448ServerHello);
    const ByteView body = ByteView(message).subspan(4);
    constexpr std::size_t kWithoutExtensions = 2 + 32 + 1 + 2 + 1;
    for (std::size_t length = 0; length < body.size(); ++length) {
        const auto result = parse_server_hello(body.first(length));
        CAPTURE(length);
        REQUIRE(std::holds_alternative<WireError>(result) == (length != kWithoutExtensions));
    }
}

TEST_CASE("a HelloRetryRequest is told by its random", "[wire][server_hello]")
{
    ServerHello hello;
    hello.random = kHelloRetryRequestRandom;
    hello.cipher_suite = CipherSuite::TLS_AES_128_GCM_SHA256;
    hello.extensions = {selected_version_extension(ProtocolVersion::tls13),
                        retry_group_extension(NamedGroup::secp384r1)};
    const auto again = parsed(compose_server_hello(hello));
    CHECK(again == hello);
    CHECK(again.is_hello_retry_request());
    CHECK(again.key_share_group() == NamedGroup::secp384r1);

    hello.random[31] ^= 1; // now it is a ServerHello, and its key share is cut short
    CHECK(std::holds_alternative<WireError>(parse_server_hello(compose_server_hello(hello))));
}

TEST_CASE("downgrade sentinels are set and seen", "[wire][server_hello]")
{
    ServerHello hello;
    const auto sentinel = GENERATE(DowngradeSentinel::tls12, DowngradeSentinel::tls11_or_below);
    hello.set_downgrade_sentinel(sentinel);
    CHECK(hello.downgrade_sentinel() == sentinel);
    CHECK(to_text(ByteView(hello.random).subspan(24, 7)) == "DOWNGRD");
    hello.set_downgrade_sentinel(DowngradeSentinel::none);
    CHECK(hello.downgrade_sentinel() == sentinel);
}

TEST_CASE("a ServerHello's ALPN names exactly one protocol", "[wire][server_hello]")
{
    ServerHello hello;
    hello.extensions = {selected_alpn_extension("h2")};
    CHECK(parsed(compose_server_hello(hello)).alpn_protocol() == "h2");
    hello.extensions[0].body = from_hex("0006 02 6832 02 6833");
    CHECK_FALSE(hello.alpn_protocol());
    CHECK(std::holds_alternative<WireError>(parse_server_hello(compose_server_hello(hello))));
}

TEST_CASE("a server share carries its key", "[wire][server_hello]")
{
    ServerHello hello;
    hello.extensions = {server_key_share_extension({NamedGroup::secp256r1, Bytes(65, 4)})};
    CHECK(parsed(compose_server_hello(hello)).key_share_group() == NamedGroup::secp256r1);
}

} // namespace
} // namespace alert40
