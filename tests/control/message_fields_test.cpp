// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/message_fields.h"
#include "server/wire/client_hello.h"
#include "server/wire/client_hello_extensions.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

using namespace alert40;

namespace {

nlohmann::json fields(HandshakeType type, Bytes body, Negotiated negotiated = {})
{
    JsonText json;
    write_fields(json, {type, std::move(body)}, negotiated);
    return nlohmann::json::parse(json.text());
}

Bytes hello()
{
    ClientHello hello;
    hello.cipher_suites = {CipherSuite{0x1301}};
    hello.extensions = {server_name_extension("a.test.localhost"), supported_groups_extension({NamedGroup::x25519}),
                        supported_versions_extension({ProtocolVersion::tls13}), alpn_extension({"h2"})};
    return compose_client_hello(hello);
}

} // namespace

TEST_CASE("a ClientHello is told with the names of the RFC", "[control][fields]")
{
    const auto told = fields(HandshakeType::client_hello, hello());
    CHECK(told["cipher_suites"] == nlohmann::json{"TLS_AES_128_GCM_SHA256"});
    CHECK(told["server_name"] == "a.test.localhost");
    CHECK(told["supported_versions"] == nlohmann::json{"TLS 1.3"});
    CHECK(told["supported_groups"] == nlohmann::json{"x25519"});
    CHECK(told["application_layer_protocol_negotiation"] == nlohmann::json{"h2"});
    CHECK(told["extensions"].size() == 4);
}

TEST_CASE("a message that cannot be read says why, and is JSON all the same", "[control][fields]")
{
    CHECK(fields(HandshakeType::client_hello, {1, 2, 3}).contains("error"));
    CHECK(fields(HandshakeType::certificate, {0, 0, 9}).contains("error"));
    CHECK(fields(HandshakeType::finished, {0xab}) == nlohmann::json{{"verify_data", "ab"}, {"length", 1}});
    std::mt19937 random(40);
    const auto good = hello();
    for (int turn = 0; turn < 3000; ++turn) {
        Bytes body = good;
        for (int change = 0; change < 4; ++change) body[random() % body.size()] = static_cast<std::uint8_t>(random());
        body.resize(random() % (body.size() + 1));
        for (const int type : {1, 2, 4, 8, 11, 12, 13, 15, 20, 99})
            for (const auto version : {ProtocolVersion::tls10, ProtocolVersion::tls12, ProtocolVersion::tls13})
                CHECK_NOTHROW(fields(static_cast<HandshakeType>(type), body, {version, CipherSuite{0xc02f}}));
    }
}
