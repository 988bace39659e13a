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
    CHECK(row(comparison, "versions").client == Names{"up to TLS 1.2"}); // RFC 5246 section 7.4.1.2
    CHECK(row(comparison, "versions").is_range);
    CHECK(row(comparison, "versions").server == Names{"TLS 1.3"});
}

TEST_CASE("a client that lists its versions is shown with the list", "[lab][offer]")
{
    const OfferRow versions = row(refused(modern_hello(), healthy()), "versions");
    CHECK(versions.client == Names{"TLS 1.3", "TLS 1.2"});
    CHECK_FALSE(versions.is_range);
}

TEST_CASE(
    "a client that told its highest version alone, and refuses what the server chose below it, decides by versions",
    "[lab][offer]")
{
    auto policy = healthy();
    policy.versions = {ProtocolVersion::tls10};
    policy.cipher_suites = {suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA")};
    const auto wire = WireMaker(tls12_hello())
                          .server_hello(ProtocolVersion::tls10, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA")
                          .client_alert(AlertDescription::protocol_version)
                          .wire();
    const auto comparison = compare_offer(wire, {policy});
    CHECK(deciding(comparison) == Names{"versions"});
    CHECK(row(comparison, "versions").client == Names{"up to TLS 1.2"});
    CHECK(row(comparison, "versions").common.empty());
}

TEST_CASE("a client that offers TLS 1.0, and leaves at what it brings, decides by versions", "[lab][offer]")
{
    auto policy = healthy();
    policy.versions = {ProtocolVersion::tls10};
    policy.cipher_suites = {suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA")};
    const auto hello =
        with(modern_hello(), supported_versions_extension({ProtocolVersion::tls12, ProtocolVersion::tls10}));
    const auto left = [&](AlertDescription alert) {
        const auto wire = WireMaker(hello)
                              .server_hello(ProtocolVersion::tls10, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA")
                              .client_alert(alert)
                              .wire();
        return compare_offer(wire, {policy});
    };
    const auto comparison = left(AlertDescription::internal_error); // as OpenSSL does
    CHECK(deciding(comparison) == Names{"versions"});
    CHECK(row(comparison, "versions").common == Names{"TLS 1.0"});
    CHECK(deciding(left(AlertDescription::unknown_ca)).empty());
}

TEST_CASE("a server that reads legacy_version alone, and finds no suite, decides by versions and suites",
          "[lab][offer]")
{
    auto policy = healthy();
    policy.versions = {ProtocolVersion::tls12};
    policy.persona = shared_personas().at("gnutls"); // legacy_version where it has no TLS 1.3
    const auto hello = with_suites(tls13_hello(), {"TLS_AES_128_GCM_SHA256"});
    const auto comparison = refused(hello, policy);
    CHECK(deciding(comparison) == Names{"versions", "cipher suites"});
    CHECK(row(comparison, "versions").note ==
          "no version is on both sides, but the server goes on with TLS 1.2: it reads legacy_version alone");
    CHECK(comparison.verdict == "it is decided by: versions and cipher suites");
}

TEST_CASE("a version that was not offered decides, and no consequence of it", "[lab][offer]")
{
    const auto wire = WireMaker(tls13_hello())
                          .server_hello(ProtocolVersion::tls11)
                          .client_alert(AlertDescription::protocol_version)
                          .wire();
    const auto comparison = compare_offer(wire, {healthy()});
    CHECK(deciding(comparison) == Names{"versions"});
    CHECK(row(comparison, "versions").note ==
          "the ServerHello says TLS 1.1, which the client did not offer (RFC 8446 section 4.2.1)");
}

TEST_CASE("the sentinel of a downgrade decides where the client heeds it", "[lab][offer]")
{
    const auto sentinel = [](ServerHello& hello) { hello.set_downgrade_sentinel(DowngradeSentinel::tls12); };
    auto maker = WireMaker(modern_hello());
    maker.server_hello(ProtocolVersion::tls12).answer(sentinel);
    const auto refused_by_client = WireMaker(maker).client_alert(AlertDescription::illegal_parameter).wire();
    CHECK(deciding(compare_offer(refused_by_client, {healthy()})) == Names{"versions"});
    const auto for_another_reason = WireMaker(maker).client_alert(AlertDescription::unknown_ca).wire();
    CHECK(deciding(compare_offer(for_another_reason, {healthy()})).empty());
}

TEST_CASE("a suite, a group and a scheme that were not offered decide where the client leaves", "[lab][offer]")
{
    auto wire = WireMaker(modern_hello())
                    .server_hello(ProtocolVersion::tls12, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA")
                    .client_alert(AlertDescription::illegal_parameter)
                    .wire();
    CHECK(deciding(compare_offer(wire, {healthy()})) == Names{"cipher suites"});
    wire = WireMaker(modern_hello())
               .server_hello(ProtocolVersion::tls12)
               .client_alert(AlertDescription::illegal_parameter)
               .wire();
    CHECK(deciding(compare_offer(wire, {healthy()})).empty());
    wire.group = NamedGroup::x448;
    CHECK(deciding(compare_offer(wire, {healthy()})) == Names{"groups"});
    wire.group = NamedGroup::x25519;
    wire.server_signature = SignatureScheme::rsa_pkcs1_sha1;
    CHECK(deciding(compare_offer(wire, {healthy()})) == Names{"signature schemes"});
}

TEST_CASE("a short Diffie-Hellman prime decides where the client leaves at it", "[lab][offer]")
{
    const auto left_at = [](std::size_t bits, AlertDescription alert) {
        const auto wire = WireMaker(modern_hello())
                              .server_hello(ProtocolVersion::tls12, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256")
                              .dh_bits(bits)
                              .client_alert(alert)
                              .wire();
        return compare_offer(wire, {healthy()});
    };
    const auto comparison = left_at(1024, AlertDescription::insufficient_security);
    CHECK(deciding(comparison) == Names{"Diffie-Hellman prime"});
    CHECK(row(comparison, "Diffie-Hellman prime").server == Names{"1024 bits"});
    CHECK(deciding(left_at(1024, AlertDescription::unknown_ca)).empty());
    CHECK(deciding(left_at(3072, AlertDescription::handshake_failure)).empty());
}

TEST_CASE("a server that is intolerant is said to be, and that every list fits", "[lab][offer]")
{
    const auto policy = healthy();
    const auto refused_by = [&](std::string_view fault) {
        FaultSettings settings;
        settings.kind.value = fault;
        const auto wire = WireMaker(modern_hello()).server_alert(AlertDescription::handshake_failure).wire();
        return compare_offer(wire, {policy, ClientCertificate::none, {settings}});
    };
    const auto comparison = refused_by("refuse-version"); // 1.3, where it is not said
    CHECK(deciding(comparison) == Names{"ClientHello"});
    CHECK(row(comparison, "ClientHello").client == Names{"offers TLS 1.3"});
    CHECK(row(comparison, "ClientHello").server == Names{"none that offers TLS 1.3"});
    CHECK(comparison.verdict == "every list fits, and the ClientHello is refused all the same: the server, or a box "
                                "before it, takes none that offers TLS 1.3");
    CHECK(deciding(refused_by("refuse-session-id")).empty()); // this ClientHello has none
    CHECK(deciding(refused_by("reset")).empty());             // whatever is offered
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
