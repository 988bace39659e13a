// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/stack/dh_parameters.h"
#include "tests/stack/exchange.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

namespace alert40 {
namespace {

using namespace test;

const std::vector<ProtocolVersion> kTls12{ProtocolVersion::tls12};
const std::vector<ProtocolVersion> kTls13{ProtocolVersion::tls13};
const std::vector<ProtocolVersion> kBoth{ProtocolVersion::tls12, ProtocolVersion::tls13};

constexpr CipherSuite kEcdheEcdsaAes256{0xc02c}; // TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
constexpr CipherSuite kEcdheEcdsaChacha{0xcca9}; // TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
constexpr CipherSuite kDheRsaAes128{0x009e};     // TLS_DHE_RSA_WITH_AES_128_GCM_SHA256
constexpr CipherSuite kEcdheEcdsaRc4{0xc007};    // TLS_ECDHE_ECDSA_WITH_RC4_128_SHA
constexpr CipherSuite kRsaAes128{0x002f};        // TLS_RSA_WITH_AES_128_CBC_SHA
constexpr CipherSuite kRsaNull{0x003b};          // TLS_RSA_WITH_NULL_SHA256
constexpr CipherSuite kPskAes128{0x008c};        // TLS_PSK_WITH_AES_128_CBC_SHA

Exchange exchange_of(const TlsClientConfig& client, const TlsServerConfig& server)
{
    return {TlsContext::client(client), TlsContext::server(server)};
}

TEST_CASE("a client and a server of the stack connect over memory", "[stack][session]")
{
    struct Case {
        std::vector<ProtocolVersion> client;
        std::vector<ProtocolVersion> server;
        std::string version;
    };
    const auto each = GENERATE(values<Case>({{kTls12, kTls12, "TLSv1.2"},
                                             {kTls13, kTls13, "TLSv1.3"},
                                             {kBoth, kBoth, "TLSv1.3"},
                                             {kTls12, kBoth, "TLSv1.2"},
                                             {kBoth, kTls12, "TLSv1.2"},
                                             {{}, kBoth, "TLSv1.3"}}));
    const auto mutual = GENERATE(false, true);
    auto client = client_config(each.client);
    auto server = server_config(each.server);
    if (mutual) make_mutual(server, client);
    auto exchange = exchange_of(client, server);
    exchange.handshake();
    REQUIRE(exchange.established());
    CHECK(exchange.server.version_name() == each.version);
    CHECK(exchange.client.version_name() == each.version);
    CHECK(exchange.client.cipher_suite() == exchange.server.cipher_suite());
    CHECK(exchange.application_data() == "ping pong");
    CHECK_FALSE(exchange.server.error());
    CHECK_FALSE(exchange.server.last_sent_alert());
}

TEST_CASE("a session makes progress however its input is cut", "[stack][session]")
{
    const auto versions = GENERATE(kTls12, kTls13);
    auto exchange = exchange_of(client_config(versions), server_config(versions));
    auto bytewise = [](TlsSession& from, TlsSession& to, TlsProgress& progress) {
        const Bytes bytes = from.take_output();
        for (const auto octet : bytes) {
            to.receive(ByteView(&octet, 1));
            if (progress == TlsProgress::wants_input) progress = to.advance();
        }
        return !bytes.empty();
    };
    exchange.client_progress = exchange.client.advance();
    // The ClientHello goes over at once: wolfSSL refuses one whose first record comes in less than 4 octets.
    exchange.carry(Direction::client_to_server);
    exchange.server_progress = exchange.server.advance();
    bool moved = true;
    while (moved) {
        moved = bytewise(exchange.server, exchange.client, exchange.client_progress);
        moved = bytewise(exchange.client, exchange.server, exchange.server_progress) || moved;
    }
    CHECK(exchange.established());
}

TEST_CASE("a server's certificate that the client refuses ends with the client's alert", "[stack][session]")
{
    struct Case {
        std::string defect;
        AlertDescription alert;
    };
    // wolfSSL's own choice for each.
    const auto each = GENERATE(values<Case>({{"expired", AlertDescription::certificate_expired},
                                             {"not-yet-valid", AlertDescription::certificate_expired},
                                             {"untrusted-root", AlertDescription::unknown_ca},
                                             {"incomplete-chain", AlertDescription::unknown_ca}}));
    INFO(each.defect);
    auto exchange = exchange_of(client_config(kTls12), server_config(kTls12, each.defect));
    exchange.handshake();
    CHECK(exchange.client_progress == TlsProgress::failed);
    REQUIRE(exchange.client.error());
    CHECK(exchange.client.error()->code < 0);
    CHECK_FALSE(exchange.client.error()->text.empty());
    REQUIRE(exchange.server.last_received_alert());
    CHECK(exchange.server.last_received_alert()->level == AlertLevel::fatal);
    CHECK(exchange.server.last_received_alert()->description == each.alert);
}

TEST_CASE("a client's certificate that the server refuses ends with the server's alert", "[stack][session]")
{
    struct Case {
        std::string defect;
        AlertDescription alert;
    };
    const auto each = GENERATE(values<Case>(
        {{"expired", AlertDescription::certificate_expired}, {"untrusted-root", AlertDescription::unknown_ca}}));
    const auto versions = GENERATE(kTls12, kTls13);
    INFO(each.defect);
    auto client = client_config(versions);
    auto server = server_config(versions);
    make_mutual(server, client, each.defect);
    auto exchange = exchange_of(client, server);
    exchange.handshake();
    exchange.client.read(); // in TLS 1.3 the verdict comes after the client thinks that it is done
    CHECK(exchange.server_progress == TlsProgress::failed);
    CHECK(exchange.server.last_sent_alert() == Alert{AlertLevel::fatal, each.alert});
    CHECK(exchange.client.last_received_alert() == Alert{AlertLevel::fatal, each.alert});
}

TEST_CASE("a required client certificate that is not sent ends the handshake", "[stack][session]")
{
    const auto versions = GENERATE(kTls12, kTls13);
    const auto client = client_config(versions);
    auto server = server_config(versions);
    auto unused = client;
    make_mutual(server, unused);
    auto exchange = exchange_of(client, server);
    exchange.handshake();
    CHECK(exchange.server_progress == TlsProgress::failed);
    const bool tls13 = versions == kTls13;
    // In TLS 1.2 wolfSSL 5.5.4 says nothing; engine/connection.cpp sends OpenSSL's 40 then.
    CHECK(exchange.server.last_sent_alert().has_value() == tls13);
    if (tls13) CHECK(exchange.server.last_sent_alert()->description == AlertDescription::certificate_required);

    server.client_certificate = PeerCertificate::optional;
    auto tolerated = exchange_of(client, server);
    tolerated.handshake();
    CHECK(tolerated.established());
}

TEST_CASE("a certificate for another name is refused by the client", "[stack][session]")
{
    auto client = client_config(kTls13);
    client.server_name = "other.alert40.test";
    auto exchange = exchange_of(client, server_config(kTls13));
    exchange.handshake();
    CHECK(exchange.client_progress == TlsProgress::failed);
}

TEST_CASE("the suites of both sides are those of the configuration", "[stack][context]")
{
    SECTION("TLS 1.2")
    {
        auto client = client_config(kTls12);
        client.cipher_suites = {kEcdheEcdsaAes256, kEcdheEcdsaChacha};
        auto server = server_config(kTls12);
        server.cipher_suites = {kEcdheEcdsaChacha};
        auto exchange = exchange_of(client, server);
        exchange.handshake();
        REQUIRE(exchange.established());
        CHECK(exchange.server.cipher_suite() == kEcdheEcdsaChacha);
    }
    SECTION("TLS 1.3")
    {
        auto server = server_config(kTls13);
        server.cipher_suites = {CipherSuite::TLS_CHACHA20_POLY1305_SHA256};
        auto exchange = exchange_of(client_config(kTls13), server);
        exchange.handshake();
        REQUIRE(exchange.established());
        CHECK(exchange.client.cipher_suite() == CipherSuite::TLS_CHACHA20_POLY1305_SHA256);
    }
    SECTION("none shared")
    {
        auto client = client_config(kTls12);
        client.cipher_suites = {kEcdheEcdsaAes256};
        auto server = server_config(kTls12);
        server.cipher_suites = {kEcdheEcdsaChacha};
        auto exchange = exchange_of(client, server);
        exchange.handshake();
        CHECK(exchange.client.last_received_alert() == Alert{AlertLevel::fatal, AlertDescription::handshake_failure});
    }
}

TEST_CASE("DHE needs parameters, of any of three lengths", "[stack][context]")
{
    const auto bits = GENERATE(0u, 512u, 1024u, 2048u);
    INFO(bits);
    auto client = client_config(kTls12);
    client.cipher_suites = {kDheRsaAes128};
    client.groups = {NamedGroup::secp256r1}; // a client that offers ffdhe groups is refused, or served one of those
    auto server = server_config(kTls12);
    server.chain = forge_named("", KeyType::rsa_2048);
    server.cipher_suites = {kDheRsaAes128};
    server.dh = dh_parameters(bits);
    auto exchange = exchange_of(client, server);
    exchange.handshake();
    CHECK(exchange.established() == (bits >= 1024)); // the least for wolfSSL's client
}

TEST_CASE("DH parameters have the length of their name", "[stack][context]")
{
    for (const unsigned bits : {512u, 1024u, 2048u}) {
        const auto parameters = dh_parameters(bits);
        REQUIRE(parameters);
        CHECK(parameters->prime.size() * 8 == bits);
        CHECK((parameters->prime.front() & 0x80) != 0);
        CHECK((parameters->prime.back() & 1) != 0);
    }
    CHECK_FALSE(dh_parameters(1536));
}

TEST_CASE("a TLS 1.3 server tells its traffic secrets, and a TLS 1.2 one its master secret", "[stack][session]")
{
    auto exchange = exchange_of(client_config(kTls13), server_config(kTls13));
    exchange.handshake();
    std::set<std::string> labels;
    for (const auto& flight : exchange.flights)
        for (const auto& entry : flight.secrets) {
            CHECK(labels.insert(entry.label).second);
            CHECK((entry.secret.size() == 32 || entry.secret.size() == 48));
        }
    CHECK(labels == std::set<std::string>{"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET",
                                          "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0", "EXPORTER_SECRET"});

    auto older = exchange_of(client_config(kTls12), server_config(kTls12));
    older.handshake();
    std::vector<KeyLogEntry> secrets;
    for (const auto& flight : older.flights)
        secrets.insert(secrets.end(), flight.secrets.begin(), flight.secrets.end());
    REQUIRE(secrets.size() == 1);
    CHECK(secrets.front().label == "CLIENT_RANDOM");
    CHECK(secrets.front().secret.size() == 48); // RFC 5246, section 8.1
}

TEST_CASE("both sides of one process keep their secrets apart, and agree on them", "[stack][session]")
{
    auto exchange = exchange_of(client_config(kTls13), server_config(kTls13));
    exchange.handshake();
    std::vector<KeyLogEntry> server_secrets;
    for (const auto& flight : exchange.flights)
        server_secrets.insert(server_secrets.end(), flight.secrets.begin(), flight.secrets.end());
    const auto client_secrets = exchange.client.take_secrets();
    REQUIRE(client_secrets.size() == server_secrets.size());
    for (const auto& entry : client_secrets) {
        const auto same = std::find_if(server_secrets.begin(), server_secrets.end(),
                                       [&](const auto& other) { return other.label == entry.label; });
        REQUIRE(same != server_secrets.end());
        CHECK(same->secret == entry.secret);
    }
}

TEST_CASE("close_notify and a peer that has gone are told apart", "[stack][session]")
{
    const auto versions = GENERATE(kTls12, kTls13);
    auto exchange = exchange_of(client_config(versions), server_config(versions));
    exchange.handshake();
    REQUIRE(exchange.established());
    SECTION("close_notify")
    {
        exchange.client.shut_down();
        exchange.carry(Direction::client_to_server);
        CHECK(exchange.server.read().empty());
        CHECK(exchange.server.last_received_alert() == Alert{AlertLevel::warning, AlertDescription::close_notify});
    }
    SECTION("FIN")
    {
        exchange.server.peer_closed();
        CHECK(exchange.server.read().empty());
        CHECK(exchange.server.error());
        CHECK_FALSE(exchange.server.last_received_alert());
    }
}

TEST_CASE("what the stack cannot serve is known before it is asked", "[stack][context]")
{
    CHECK(stack_serves(CipherSuite::TLS_AES_128_GCM_SHA256));
    CHECK(stack_serves(kEcdheEcdsaAes256));
    CHECK(stack_serves(kEcdheEcdsaRc4));
    CHECK_FALSE(stack_serves(CipherSuite::TLS_FALLBACK_SCSV));
    CHECK(stack_serves(ProtocolVersion::tls11));
    for (const auto suite : {kRsaAes128, kRsaNull, kPskAes128}) CHECK(stack_serves(suite) == stack_is_from_source());
    CHECK(stack_serves(ProtocolVersion::tls10) == stack_is_from_source());
    CHECK(stack_serves(ProtocolVersion::ssl30) == stack_is_from_source());
    CHECK(stack_serves(NamedGroup::ffdhe2048, ProtocolVersion::tls13));
    CHECK_FALSE(stack_serves(NamedGroup::ffdhe2048, ProtocolVersion::tls12));
    CHECK(stack_serves(NamedGroup::brainpoolP256r1, ProtocolVersion::tls12));
    CHECK_FALSE(stack_serves(NamedGroup::brainpoolP256r1, ProtocolVersion::tls13));
    CHECK(stack_version().starts_with("wolfSSL "));
}

TEST_CASE("a group that is said to be served in TLS 1.3 is", "[stack][context]")
{
    const auto group = GENERATE(NamedGroup::x25519, NamedGroup::x448, NamedGroup::secp256r1, NamedGroup::secp384r1,
                                NamedGroup::secp521r1, NamedGroup::ffdhe2048, NamedGroup::ffdhe3072);
    INFO(name(group));
    auto client = client_config(kTls13);
    auto server = server_config(kTls13);
    client.groups = server.groups = {group};
    auto exchange = exchange_of(client, server);
    exchange.handshake();
    CHECK(exchange.established());
}

TEST_CASE("a refused setting is named", "[stack][context]")
{
    auto server = server_config(kTls12);
    server.chain->certificates.front() = {0x30, 0x00};
    CHECK_THROWS_WITH(TlsContext::server(server), Catch::Contains("the certificate chain"));
    auto client = client_config(kTls12);
    client.anchors_pem = "no PEM";
    CHECK_THROWS_WITH(TlsContext::client(client), Catch::Contains("the trust anchors"));
}

} // namespace
} // namespace alert40
