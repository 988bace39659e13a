// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/offer_against_demand.h"
#include "tests/diagnosis/evidence_maker.h"
#include "tests/engine/personas.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

CipherSuite suite(std::string_view name)
{
    return find_cipher_suite(name)->value;
}

/// A server with an RSA key that modern_hello() connects to.
Policy healthy()
{
    Policy policy;
    policy.persona = shared_personas().at("openssl");
    policy.versions = {ProtocolVersion::tls12, ProtocolVersion::tls13};
    policy.cipher_suites = {suite("TLS_AES_128_GCM_SHA256"), suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")};
    policy.groups = {NamedGroup::x25519, NamedGroup::secp256r1};
    policy.key = ServerKey{SignatureKey::rsa, {}};
    return policy;
}

OfferComparison refused(const ClientHello& hello, const Policy& policy,
                        ClientCertificate certificate = ClientCertificate::none)
{
    const auto wire = WireMaker(hello).server_alert(AlertDescription::handshake_failure).wire();
    return compare_offer(wire, {policy, certificate});
}

const OfferRow& row(const OfferComparison& comparison, std::string_view what)
{
    for (const auto& each : comparison.rows)
        if (each.what == what) return each;
    throw std::runtime_error("no such row");
}

/// The rows that matter.
std::vector<std::string> deciding(const OfferComparison& comparison)
{
    std::vector<std::string> found;
    for (const auto& each : comparison.rows)
        if (each.matters) found.push_back(each.what);
    return found;
}

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("where offer and demand agree no row matters, and what was agreed on is said", "[lab][offer]")
{
    const auto comparison = refused(modern_hello(), healthy());
    CHECK(deciding(comparison).empty());
    CHECK(row(comparison, "versions").common == Names{"TLS 1.3", "TLS 1.2"});
    CHECK(row(comparison, "versions").note == "the server goes on with TLS 1.3");
    CHECK(row(comparison, "cipher suites").common == Names{"TLS_AES_128_GCM_SHA256"});
    CHECK(row(comparison, "groups").note == "the server takes x25519");
    CHECK(comparison.verdict == "offer and demand agree: what failed is not a matter of the offer");
}

TEST_CASE("no shared suite: the suites matter, and nothing is common", "[lab][offer]")
{
    auto policy = healthy();
    policy.versions = {ProtocolVersion::tls12};
    policy.cipher_suites = {suite("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA")};
    const auto comparison = refused(modern_hello(), policy);
    CHECK(deciding(comparison) == Names{"cipher suites"});
    CHECK(row(comparison, "cipher suites").common.empty());
    CHECK(row(comparison, "cipher suites").note == "no suite is on both sides");
    CHECK(comparison.verdict == "it is decided by: cipher suites");
}

TEST_CASE("a suite on both sides for another key than the server's is no common one", "[lab][offer]")
{
    auto policy = healthy();
    policy.versions = {ProtocolVersion::tls12};
    policy.cipher_suites = {suite("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")};
    const OfferRow suites = row(refused(modern_hello(), policy), "cipher suites");
    CHECK(suites.matters);
    CHECK(suites.common.empty());
    CHECK(suites.note == "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 is on both sides, and the server's key is RSA");
}

TEST_CASE("no shared group decides in TLS 1.3 as in TLS 1.2", "[lab][offer]")
{
    auto policy = healthy();
    policy.groups = {NamedGroup::secp521r1};
    CHECK(deciding(refused(modern_hello(), policy)) == Names{"groups"});
    policy.versions = {ProtocolVersion::tls12};
    const auto comparison = refused(modern_hello(), policy);
    CHECK(deciding(comparison) == Names{"groups"});
    CHECK(row(comparison, "cipher suites").note ==
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 is on both sides, and no group for its key exchange");
}

TEST_CASE("a group without a key share is said to cost a HelloRetryRequest", "[lab][offer]")
{
    auto policy = healthy();
    policy.groups = {NamedGroup::secp256r1};
    CHECK(row(refused(modern_hello(), policy), "groups").note ==
          "the server wants secp256r1, of which the client sent no key share (x25519): HelloRetryRequest");
}

TEST_CASE("no shared version: the versions matter alone", "[lab][offer]")
{
    auto policy = healthy();
    policy.versions = {ProtocolVersion::tls13};
    const auto comparison = refused(tls12_hello(), policy);
    CHECK(deciding(comparison) == Names{"versions"});
    CHECK(row(comparison, "versions").client == Names{"TLS 1.2", "TLS 1.1", "TLS 1.0", "SSL 3.0"});
    CHECK(row(comparison, "versions").server == Names{"TLS 1.3"});
}

TEST_CASE("no shared signature scheme decides in TLS 1.3 as in TLS 1.2", "[lab][offer]")
{
    const auto hello = with(modern_hello(), signature_algorithms_extension({SignatureScheme::ecdsa_secp256r1_sha256}));
    auto policy = healthy();
    CHECK(deciding(refused(hello, policy)) == Names{"signature schemes"});
    policy.versions = {ProtocolVersion::tls12};
    CHECK(deciding(refused(hello, policy)) == Names{"signature schemes"});
}

TEST_CASE("an unknown name matters where the server refuses it", "[lab][offer]")
{
    auto policy = healthy();
    policy.names = {"other.alert40.test"};
    CHECK(deciding(refused(modern_hello(), policy)).empty());
    policy.unknown_name = {NameAnswer::Kind::alert, AlertDescription::unrecognized_name, AlertLevel::fatal};
    const auto comparison = refused(modern_hello(), policy);
    CHECK(deciding(comparison) == Names{"server name"});
    CHECK(row(comparison, "server name").client == Names{std::string(kServerName)});
    CHECK(row(comparison, "server name").server == Names{"other.alert40.test"});
}

TEST_CASE("a name that the server answers with another one's certificate matters where the client leaves",
          "[lab][offer]")
{
    auto policy = healthy();
    policy.names = {"other.alert40.test"};
    const auto wire = WireMaker(modern_hello())
                          .server_hello(ProtocolVersion::tls12)
                          .client_alert(AlertDescription::certificate_unknown)
                          .wire();
    CHECK(deciding(compare_offer(wire, {policy})) == Names{"server name"});
}

TEST_CASE("application protocols decide only where both have some", "[lab][offer]")
{
    auto policy = healthy();
    policy.alpn = {"h2"};
    CHECK(deciding(refused(modern_hello(), policy)).empty());
    const auto comparison = refused(with(modern_hello(), alpn_extension({"http/1.1"})), policy);
    CHECK(deciding(comparison) == Names{"alpn"});
    CHECK(row(comparison, "alpn").common.empty());
}

TEST_CASE("a required extended_master_secret has a row of its own", "[lab][offer]")
{
    auto policy = healthy();
    policy.requires_extended_master_secret = true;
    policy.versions = {ProtocolVersion::tls12};
    CHECK(deciding(refused(modern_hello(), policy)) == Names{"extended_master_secret"});
}

TEST_CASE("a certificate that the server wants and does not get matters", "[lab][offer]")
{
    const auto wire = WireMaker(modern_hello())
                          .server_hello(ProtocolVersion::tls12)
                          .certificate_request()
                          .client_chain({})
                          .server_alert(AlertDescription::handshake_failure)
                          .wire();
    auto policy = healthy();
    policy.versions = {ProtocolVersion::tls12};
    Transcript late = wire;
    for (auto& event : late.events)
        if (auto* record = std::get_if<RecordEvent>(&event); record != nullptr && record->alert)
            record->phase = Phase::after_server_flight;
    const auto comparison = compare_offer(late, {policy, ClientCertificate::required});
    CHECK(deciding(comparison) == Names{"client certificate"});
    CHECK(row(comparison, "client certificate").note == "the client sent an empty Certificate");
}

TEST_CASE("GREASE and signalling suites are not shown as offered", "[lab][offer]")
{
    auto hello = modern_hello();
    hello.cipher_suites.insert(hello.cipher_suites.begin(), CipherSuite{0x2A2A});
    hello.cipher_suites.push_back(CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
    CHECK(row(refused(hello, healthy()), "cipher suites").client.size() == modern_hello().cipher_suites.size());
}

TEST_CASE("without a ClientHello there is nothing to compare", "[lab][offer]")
{
    const auto policy = healthy();
    CHECK_THROWS_AS(compare_offer(Transcript{}, {policy}), std::invalid_argument);
}
