// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/policy.h"
#include "tests/engine/hello.h"

#include <catch2/catch.hpp>

#include <functional>

namespace alert40 {
namespace {

using namespace test;

/// A server with a P-256 certificate that every test's default hello connects to.
Policy healthy_policy()
{
    Policy policy;
    policy.versions = {ProtocolVersion::tls12, ProtocolVersion::tls13};
    policy.cipher_suites = {CipherSuite::TLS_AES_128_GCM_SHA256, kEcdheEcdsaAes128, kEcdheRsaAes128, kDheRsaAes128};
    policy.groups = {NamedGroup::x25519, NamedGroup::secp256r1};
    policy.key = ServerKey{SignatureKey::ecdsa, NamedGroup::secp256r1};
    return policy;
}

const std::vector<ProtocolVersion> kOnlyTls12{ProtocolVersion::tls12};
const std::vector<ProtocolVersion> kOnlyTls13{ProtocolVersion::tls13};

/// A departure of either side from what connects, and the alert that it earns; nullopt: it still connects.
struct Case {
    std::string what;
    std::function<void(Policy&, Offer&)> change;
    std::optional<AlertDescription> alert;
};

std::optional<AlertDescription> alert_for(const Case& each)
{
    Policy policy = healthy_policy();
    Offer offer;
    each.change(policy, offer);
    const auto refusal = refuse(policy, hello_of(offer));
    if (refusal) CHECK_FALSE(refusal->because.empty());
    return refusal ? std::optional(refusal->answer.alert.description) : std::nullopt;
}

void check_all(const std::vector<Case>& cases)
{
    for (const auto& each : cases) {
        INFO(each.what);
        CHECK(alert_for(each) == each.alert);
    }
}

constexpr auto kHandshakeFailure = AlertDescription::handshake_failure;
constexpr auto kProtocolVersion = AlertDescription::protocol_version;
constexpr auto kFallback = AlertDescription::inappropriate_fallback;

TEST_CASE("versions decide before everything else, with protocol_version", "[engine][policy]")
{
    check_all({
        {"the default offer", [](Policy&, Offer&) {}, std::nullopt},
        {"a TLS 1.3 server and a TLS 1.2 client",
         [](Policy& policy, Offer& offer) { policy.versions = kOnlyTls13, offer.versions = kOnlyTls12; },
         kProtocolVersion},
        {"a TLS 1.2 server and a TLS 1.3 client",
         [](Policy& policy, Offer& offer) { policy.versions = kOnlyTls12, offer.versions = kOnlyTls13; },
         kProtocolVersion},
        {"a client of TLS 1.0, which sends no supported_versions",
         [](Policy&, Offer& offer) { offer.versions.clear(), offer.legacy_version = ProtocolVersion::tls10; },
         kProtocolVersion},
        {"no version and no suite shared",
         [](Policy& policy, Offer& offer) {
             policy.versions = kOnlyTls13, offer.versions = kOnlyTls12, policy.cipher_suites.clear();
         },
         kProtocolVersion},
        {"a client of TLS 1.2 without supported_versions", [](Policy&, Offer& offer) { offer.versions.clear(); },
         std::nullopt},
    });
}

TEST_CASE("the fallback signal is refused only where the server has a higher version", "[engine][policy]")
{
    const auto fall_back = [](Offer& offer, std::vector<ProtocolVersion> versions) {
        offer.versions = std::move(versions);
        offer.cipher_suites.push_back(CipherSuite::TLS_FALLBACK_SCSV);
    };
    check_all({
        {"from 1.3 to 1.2", [&](Policy&, Offer& offer) { fall_back(offer, kOnlyTls12); }, kFallback},
        {"at 1.3", [&](Policy&, Offer& offer) { fall_back(offer, kOnlyTls13); }, std::nullopt},
        {"to 1.2, which is all that the server has",
         [&](Policy& policy, Offer& offer) { policy.versions = kOnlyTls12, fall_back(offer, kOnlyTls12); },
         std::nullopt},
        {"to 1.2 with no suite shared: the fallback is judged first",
         [&](Policy& policy, Offer& offer) { policy.cipher_suites.clear(), fall_back(offer, kOnlyTls12); }, kFallback},
    });
}

TEST_CASE("no shared suite is a handshake_failure in either version", "[engine][policy]")
{
    check_all({
        {"TLS 1.3", [](Policy& policy, Offer&) { policy.cipher_suites = {CipherSuite::TLS_CHACHA20_POLY1305_SHA256}; },
         kHandshakeFailure},
        {"TLS 1.3, although a suite of TLS 1.2 is shared",
         [](Policy& policy, Offer&) { policy.cipher_suites = {kEcdheEcdsaAes128}; }, kHandshakeFailure},
        {"TLS 1.2",
         [](Policy& policy, Offer& offer) {
             offer.versions = kOnlyTls12;
             policy.cipher_suites = {kEcdheEcdsaAes256};
         },
         kHandshakeFailure},
        {"TLS 1.2, although a suite of TLS 1.3 is shared",
         [](Policy& policy, Offer& offer) {
             offer.versions = kOnlyTls12;
             policy.cipher_suites = {CipherSuite::TLS_AES_128_GCM_SHA256};
         },
         kHandshakeFailure},
        {"TLS 1.2 with one suite shared", [](Policy&, Offer& offer) { offer.versions = kOnlyTls12; }, std::nullopt},
    });
}

TEST_CASE("a certificate restricts the suites of TLS 1.2 to those of its key", "[engine][policy]")
{
    const auto with = [](Offer& offer, CipherSuite suite) {
        offer.versions = kOnlyTls12;
        offer.cipher_suites = {suite};
    };
    const auto rsa = ServerKey{SignatureKey::rsa, {}};
    check_all({
        {"an ECDSA certificate and RSA suites", [&](Policy&, Offer& offer) { with(offer, kEcdheRsaAes128); },
         kHandshakeFailure},
        {"an RSA certificate and ECDSA suites",
         [&](Policy& policy, Offer& offer) { policy.key = rsa, with(offer, kEcdheEcdsaAes128); }, kHandshakeFailure},
        {"an RSA certificate and RSA suites",
         [&](Policy& policy, Offer& offer) { policy.key = rsa, with(offer, kEcdheRsaAes128); }, std::nullopt},
        {"an ECDSA certificate whose curve the client does not offer",
         [](Policy&, Offer& offer) { offer.versions = kOnlyTls12, offer.groups = {NamedGroup::x25519}; },
         kHandshakeFailure},
        {"the same in TLS 1.3, where groups say nothing of certificates",
         [](Policy&, Offer& offer) { offer.groups = {NamedGroup::x25519}; }, std::nullopt},
        {"a client that names no groups",
         [](Policy&, Offer& offer) { offer.versions = kOnlyTls12, offer.groups.clear(); }, std::nullopt},
        {"an RSA certificate for a client without that curve",
         [&](Policy& policy, Offer& offer) {
             policy.key = rsa, offer.versions = kOnlyTls12, offer.groups = {NamedGroup::x25519};
         },
         std::nullopt},
    });
}

TEST_CASE("no shared group is a handshake_failure unless another key exchange is left", "[engine][policy]")
{
    const auto rsa = ServerKey{SignatureKey::rsa, {}};
    check_all({
        {"TLS 1.3", [](Policy& policy, Offer&) { policy.groups = {NamedGroup::secp521r1}; }, kHandshakeFailure},
        {"TLS 1.2",
         [](Policy& policy, Offer& offer) { policy.groups = {NamedGroup::secp521r1}, offer.versions = kOnlyTls12; },
         kHandshakeFailure},
        {"TLS 1.2 with DHE and parameters",
         [&](Policy& policy, Offer& offer) {
             policy.groups = {NamedGroup::secp521r1}, policy.key = rsa, policy.has_dh_parameters = true;
             offer.versions = kOnlyTls12;
         },
         std::nullopt},
        {"TLS 1.2 with DHE and no parameters",
         [&](Policy& policy, Offer& offer) {
             policy.groups = {NamedGroup::secp521r1}, policy.key = rsa, offer.versions = kOnlyTls12;
         },
         kHandshakeFailure},
        {"TLS 1.3 without supported_groups: RFC 8446, section 9.2", [](Policy&, Offer& offer) { offer.groups.clear(); },
         AlertDescription::missing_extension},
    });
}

TEST_CASE("a key that can sign with none of the client's schemes is a handshake_failure", "[engine][policy]")
{
    const auto schemes = [](Offer& offer, SignatureScheme scheme) { offer.signature_schemes = {scheme}; };
    check_all({
        {"TLS 1.3, RSA schemes only",
         [&](Policy&, Offer& offer) { schemes(offer, SignatureScheme::rsa_pss_rsae_sha256); }, kHandshakeFailure},
        {"TLS 1.3 binds a scheme to a curve: RFC 8446, section 4.2.3",
         [&](Policy&, Offer& offer) { schemes(offer, SignatureScheme::ecdsa_secp384r1_sha384); }, kHandshakeFailure},
        {"TLS 1.2 does not",
         [&](Policy&, Offer& offer) {
             offer.versions = kOnlyTls12, schemes(offer, SignatureScheme::ecdsa_secp384r1_sha384);
         },
         std::nullopt},
        {"TLS 1.2, RSA schemes only",
         [&](Policy&, Offer& offer) { offer.versions = kOnlyTls12, schemes(offer, SignatureScheme::rsa_pkcs1_sha256); },
         kHandshakeFailure},
        {"TLS 1.3 does not sign with PKCS#1 v1.5: RFC 8446, section 4.2.3",
         [&](Policy& policy, Offer& offer) {
             policy.key = ServerKey{SignatureKey::rsa, {}};
             schemes(offer, SignatureScheme::rsa_pkcs1_sha256);
         },
         kHandshakeFailure},
        {"TLS 1.2 without the extension means SHA-1: RFC 5246, section 7.4.1.4.1",
         [](Policy&, Offer& offer) { offer.versions = kOnlyTls12, offer.signature_schemes.clear(); }, std::nullopt},
        {"TLS 1.3 without the extension", [](Policy&, Offer& offer) { offer.signature_schemes.clear(); },
         AlertDescription::missing_extension},
    });
}

TEST_CASE("a server without a certificate does not speak TLS 1.3, as OpenSSL's", "[engine][policy]")
{
    check_all({
        {"a client of TLS 1.3 alone",
         [](Policy& policy, Offer& offer) { policy.key.reset(), offer.versions = kOnlyTls13; }, kProtocolVersion},
        {"a client of both versions", [](Policy& policy, Offer&) { policy.key.reset(); }, kHandshakeFailure},
        {"a client of TLS 1.2", [](Policy& policy, Offer& offer) { policy.key.reset(), offer.versions = kOnlyTls12; },
         kHandshakeFailure},
        {"a server of TLS 1.3 alone", [](Policy& policy, Offer&) { policy.key.reset(), policy.versions = kOnlyTls13; },
         kProtocolVersion},
    });
    Policy policy = healthy_policy();
    CHECK(negotiated_version(policy, hello_of({})) == ProtocolVersion::tls13);
    policy.key.reset();
    CHECK(negotiated_version(policy, hello_of({})) == ProtocolVersion::tls12);
}

TEST_CASE("names are compared without case, and refused with the scenario's alert", "[engine][policy]")
{
    const auto knows_one = [](Policy& policy) {
        policy.names = {"one.test.localhost"};
        policy.unknown_name = {NameAnswer::Kind::alert, AlertDescription::unrecognized_name};
        policy.missing_name = {NameAnswer::Kind::alert, AlertDescription::handshake_failure};
    };
    check_all({
        {"the name", [&](Policy& policy, Offer&) { knows_one(policy); }, std::nullopt},
        {"the name in capitals",
         [&](Policy& policy, Offer& offer) { knows_one(policy), offer.server_name = "ONE.Test.localhost"; },
         std::nullopt},
        {"another name",
         [&](Policy& policy, Offer& offer) { knows_one(policy), offer.server_name = "two.test.localhost"; },
         AlertDescription::unrecognized_name},
        {"a name that begins like it",
         [&](Policy& policy, Offer& offer) { knows_one(policy), offer.server_name = "one.test.localhost.example"; },
         AlertDescription::unrecognized_name},
        {"no name", [&](Policy& policy, Offer& offer) { knows_one(policy), offer.server_name.clear(); },
         kHandshakeFailure},
        {"another name, served with the default certificate",
         [&](Policy& policy, Offer& offer) {
             knows_one(policy), policy.unknown_name = {}, offer.server_name = "two.test.localhost";
         },
         std::nullopt},
        {"no name, served with the default certificate",
         [&](Policy& policy, Offer& offer) { knows_one(policy), policy.missing_name = {}, offer.server_name.clear(); },
         std::nullopt},
        {"any name where no hosts are set", [](Policy&, Offer& offer) { offer.server_name = "any.test.localhost"; },
         std::nullopt},
    });
}

} // namespace
} // namespace alert40
