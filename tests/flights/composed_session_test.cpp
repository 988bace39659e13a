// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/flights/composed.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace test;

constexpr auto kTls12 = ProtocolVersion::tls12;
constexpr auto kTls13 = ProtocolVersion::tls13;

const std::string kHonest12 = "[server]\nversions = [\"1.2\"]\nflight = [{ message = \"server_hello\" }]\n";
const std::string kHonest13 = "[server]\nversions = [\"1.3\"]\nflight = [{ message = \"server_hello\" }]\n";

/// A server of this version whose flight departs in `entry`.
std::string departing(ProtocolVersion version, const std::string& entry)
{
    return "[server]\nversions = [\"" + name(version) + "\"]\nflight = [{ " + entry + " }]\n";
}

/// The alert that a client of the stack answers with; nullopt where it connects or just leaves.
std::optional<AlertDescription> answered(ProtocolVersion version, const std::string& entry)
{
    const auto plan = plan_of(departing(version, entry));
    Composed pair(plan, version, client_config({version}));
    pair.handshake();
    const auto alert = pair.server->last_received_alert();
    return alert ? std::optional(alert->description) : std::nullopt;
}

bool connects(ProtocolVersion version, const std::string& entry)
{
    const auto plan = plan_of(departing(version, entry));
    Composed pair(plan, version, client_config({version}));
    pair.handshake();
    return pair.established() && pair.application_data() == "ping pong";
}

TEST_CASE("a composed flight without departures connects, with every suite that it can protect", "[flights][session]")
{
    struct Case {
        ProtocolVersion version;
        std::string suite;
        KeyType key;
    };
    const auto each = GENERATE(values<Case>({{kTls12, "ECDHE-ECDSA-AES128-GCM-SHA256", KeyType::ec_p256},
                                             {kTls12, "ECDHE-ECDSA-AES256-GCM-SHA384", KeyType::ec_p256},
                                             {kTls12, "ECDHE-ECDSA-CHACHA20-POLY1305", KeyType::ec_p256},
                                             {kTls12, "ECDHE-RSA-AES128-GCM-SHA256", KeyType::rsa_2048},
                                             {kTls12, "DHE-RSA-AES128-GCM-SHA256", KeyType::rsa_2048},
                                             {kTls13, "TLS_AES_128_GCM_SHA256", KeyType::ec_p256},
                                             {kTls13, "TLS_AES_256_GCM_SHA384", KeyType::ec_p384},
                                             {kTls13, "TLS_CHACHA20_POLY1305_SHA256", KeyType::rsa_2048}}));
    INFO(each.suite);
    const auto plan = plan_of("[server]\nversions = [\"" + name(each.version) + "\"]\nciphers = [\"" + each.suite +
                                  "\"]\nflight = [{ message = \"server_hello\" }]\ndh_bits = 2048\n",
                              each.key);
    auto config = client_config({each.version});
    config.cipher_suites = {find_cipher_suite(std::string_view(each.suite))->value};
    Composed pair(plan, each.version, config);
    pair.handshake();
    REQUIRE(pair.established());
    CHECK(name(pair.client.cipher_suite()) == name(config.cipher_suites.front()));
    CHECK(pair.application_data() == "ping pong");
    CHECK(pair.client.version_name() == pair.server->version_name());
}

TEST_CASE("a server without the client's share asks for another with a HelloRetryRequest", "[flights][session]")
{
    const auto plan = plan_of(
        "[server]\nversions = [\"1.3\"]\ngroups = [\"secp384r1\"]\nflight = [{ message = \"server_hello\" }]\n");
    auto config = client_config({kTls13});
    config.groups = {NamedGroup::secp256r1, NamedGroup::secp384r1};
    Composed pair(plan, kTls13, config);
    pair.handshake();
    REQUIRE(pair.established());
    CHECK(pair.application_data() == "ping pong");
}

TEST_CASE("a composed flight asks for a client certificate and judges it", "[flights][session]")
{
    const auto version = GENERATE(kTls12, kTls13);
    const auto plan = plan_of("[server]\nversions = [\"" + name(version) +
                              "\"]\nclient_certificate = \"required\"\nflight = [{ message = \"server_hello\" }]\n");
    auto config = client_config({version});
    auto unused = server_config({version});
    SECTION("a good one connects")
    {
        make_mutual(unused, config);
        Composed pair(plan, version, config);
        pair.handshake();
        REQUIRE(pair.established());
        CHECK(pair.application_data() == "ping pong");
    }
    SECTION("an expired one is certificate_expired")
    {
        make_mutual(unused, config, "expired");
        Composed pair(plan, version, config);
        pair.handshake();
        CHECK(pair.server->last_sent_alert() == Alert{AlertLevel::fatal, AlertDescription::certificate_expired});
    }
    SECTION("none at all is 40 in TLS 1.2 and 116 in TLS 1.3")
    {
        Composed pair(plan, version, config);
        pair.handshake();
        const auto expected =
            version == kTls12 ? AlertDescription::handshake_failure : AlertDescription::certificate_required;
        CHECK(pair.server->last_sent_alert() == Alert{AlertLevel::fatal, expected});
    }
}

TEST_CASE("an alert of a composed flight is sent under the keys that hold", "[flights][session]")
{
    const auto plan = plan_of(
        departing(kTls13, "message = \"alert\", alert = \"handshake_failure\", after = \"encrypted_extensions\""));
    Composed pair(plan, kTls13, client_config({kTls13}));
    pair.handshake();
    CHECK(pair.client_progress == TlsProgress::failed);
    CHECK(pair.client.last_received_alert() == Alert{AlertLevel::fatal, AlertDescription::handshake_failure});
}

TEST_CASE("the secrets of a composed session are those of a key log", "[flights][session]")
{
    const auto labels = [](ProtocolVersion version, const std::string& sections) {
        const auto plan = plan_of(sections);
        Composed pair(plan, version, client_config({version}));
        pair.handshake();
        std::vector<std::string> found;
        for (const auto& entry : pair.secrets) found.push_back(entry.label);
        return found;
    };
    CHECK(labels(kTls12, kHonest12) == std::vector<std::string>{"CLIENT_RANDOM"});
    CHECK(labels(kTls13, kHonest13) ==
          std::vector<std::string>{"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET",
                                   "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0", "EXPORTER_SECRET"});
}

TEST_CASE("a departure is what the client objects to", "[flights][session]")
{
    using enum AlertDescription;
    CHECK(answered(kTls13, "message = \"server_hello\", group = \"unoffered\"") == illegal_parameter);
    CHECK(answered(kTls13, "message = \"server_hello\", cipher = \"ECDHE-ECDSA-AES128-GCM-SHA256\"") ==
          illegal_parameter);
    CHECK(answered(kTls13, "message = \"server_hello\", session_id = \"other\"") == illegal_parameter);
    CHECK(answered(kTls13, "message = \"certificate_verify\", signature = \"corrupted\"") == decrypt_error);
    CHECK(answered(kTls13, "message = \"certificate_verify\", signature = \"other-key\"") == decrypt_error);
    CHECK(answered(kTls13, "message = \"certificate_verify\", omit = true") == unexpected_message);
    CHECK(answered(kTls13, "message = \"encrypted_extensions\", repeat = 2") == unexpected_message);
    CHECK(answered(kTls13, "message = \"finished\", corrupted = true") == decrypt_error);
    CHECK(answered(kTls13, "message = \"hello_retry_request\", group = \"unoffered\"") == illegal_parameter);
    CHECK(answered(kTls12, "message = \"finished\", corrupted = true") == decrypt_error);
    CHECK(answered(kTls12, "message = \"certificate\", chain = \"garbled\"") == decode_error);
    CHECK(answered(kTls12, "message = \"server_hello\", alpn = \"unoffered\"") == unsupported_extension);
}

TEST_CASE("a departure that the client tolerates still connects", "[flights][session]")
{
    CHECK(connects(kTls12, "message = \"server_hello\", without_extensions = [\"renegotiation_info\"]"));
    CHECK(connects(kTls12, "message = \"server_hello\", without_extensions = [\"extended_master_secret\"]"));
    CHECK(connects(
        kTls12, "message = \"alert\", alert = \"unrecognized_name\", level = \"warning\", before = \"server_hello\""));
    CHECK(connects(kTls13, "message = \"change_cipher_spec\", omit = true"));
    CHECK(connects(kTls13, "message = \"key_update\", after = \"finished\""));
    CHECK(connects(kTls13, "message = \"hello_retry_request\""));
}

TEST_CASE("what comes behind a composed flight in the wrong state is refused", "[flights][session]")
{
    const auto plan = plan_of(kHonest13);
    Composed pair(plan, kTls13, client_config({kTls13}));
    pair.handshake();
    REQUIRE(pair.established());
    pair.server->receive(compose_record(ContentType::application_data, kTls12, Bytes(40, 1)));
    CHECK(pair.server->advance() == TlsProgress::failed);
    CHECK(pair.server->last_sent_alert() == Alert{AlertLevel::fatal, AlertDescription::bad_record_mac});
}

} // namespace
} // namespace alert40
