// SPDX-License-Identifier: GPL-2.0-or-later
// What the library has only when it is built from source: versions and suites of the past, seen from a client of the
// stack.
#include "tests/stack/exchange.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace alert40 {
namespace {

using namespace test;

constexpr CipherSuite kRsaAes128{0x002f};      // TLS_RSA_WITH_AES_128_CBC_SHA
constexpr CipherSuite kRsaAes128Gcm{0x009c};   // TLS_RSA_WITH_AES_128_GCM_SHA256
constexpr CipherSuite kRsaNull{0x003b};        // TLS_RSA_WITH_NULL_SHA256
constexpr CipherSuite kRsaRc4{0x0005};         // TLS_RSA_WITH_RC4_128_SHA
constexpr CipherSuite kRsa3des{0x000a};        // TLS_RSA_WITH_3DES_EDE_CBC_SHA
constexpr CipherSuite kEcdheRsaAes128{0xc013}; // TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA

struct Case {
    ProtocolVersion version;
    CipherSuite suite;
    std::string version_name;
};

Exchange exchange_of(const Case& each)
{
    auto server = server_config({each.version});
    server.chain = forge_named("", KeyType::rsa_2048);
    server.cipher_suites = {each.suite};
    auto client = client_config({each.version});
    client.cipher_suites = {each.suite};
    return {TlsContext::client(client), TlsContext::server(server)};
}

TEST_CASE("versions and suites of the past connect where the library is built from source", "[stack][legacy]")
{
    if (!stack_is_from_source()) return;
    using enum ProtocolVersion;
    const auto each = GENERATE(values<Case>({{ssl30, kRsaAes128, "SSLv3"},
                                             {tls10, kRsaAes128, "TLSv1"},
                                             {tls10, kEcdheRsaAes128, "TLSv1"},
                                             {tls10, kRsa3des, "TLSv1"},
                                             {tls11, kRsaAes128, "TLSv1.1"},
                                             {tls11, kEcdheRsaAes128, "TLSv1.1"},
                                             {tls12, kRsaAes128Gcm, "TLSv1.2"},
                                             {tls12, kRsaRc4, "TLSv1.2"},
                                             {tls12, kRsaNull, "TLSv1.2"}}));
    INFO(each.version_name << " " << name(each.suite));
    auto exchange = exchange_of(each);
    exchange.handshake();
    REQUIRE(exchange.established());
    CHECK(exchange.server.version_name() == each.version_name);
    CHECK(exchange.client.cipher_suite() == each.suite);
    CHECK(exchange.application_data() == "ping pong");
}

TEST_CASE("a suite without encryption shows its application data on the wire", "[stack][legacy]")
{
    if (!stack_is_from_source()) return;
    auto exchange = exchange_of({ProtocolVersion::tls12, kRsaNull, ""});
    exchange.handshake();
    REQUIRE(exchange.application_data() == "ping pong");
    const auto answer = to_text(exchange.flights.back().bytes);
    CHECK(answer.find("pong") != std::string::npos);
}

} // namespace
} // namespace alert40
