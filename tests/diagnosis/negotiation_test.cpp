// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/diagnosis/evidence_maker.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

std::vector<Finding> refused(ClientHello hello, AlertDescription description = AlertDescription::handshake_failure)
{
    return diagnose_wire(WireMaker(std::move(hello)).server_alert(description).wire());
}

} // namespace

TEST_CASE("40 to a full modern offer leaves everything possible, the suites first", "[diagnosis][cipher-mismatch]")
{
    const auto findings = refused(modern_hello());
    CHECK(top(findings) == "cipher-mismatch");
    for (const auto* cause : {"cipher-mismatch", "group-mismatch", "signature-scheme-mismatch",
                              "server-certificate-missing", "sni-unknown-name", "middlebox-injected-alert"})
        CHECK(claim(findings, cause) == Confidence::possible);
    CHECK_FALSE(claim(findings, "version-mismatch"));
    CHECK_FALSE(claim(findings, "sni-missing"));
}

TEST_CASE("40 to a narrow list of suites points at the suites", "[diagnosis][cipher-mismatch]")
{
    const auto hello =
        GENERATE(with_suites(tls12_hello(), {"TLS_RSA_WITH_AES_128_CBC_SHA"}),
                 with_suites(tls12_hello(), {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA",
                                             "TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"}),
                 with_suites(tls13_hello(), {"TLS_CHACHA20_POLY1305_SHA256"}));
    const auto findings = refused(hello);
    CHECK(top(findings) == "cipher-mismatch");
    CHECK(claim(findings, "cipher-mismatch") == Confidence::likely);
    CHECK(claim(findings, "server-certificate-missing") == Confidence::possible);
}

TEST_CASE("the same 40 to a single unusual group points at the groups", "[diagnosis][group-mismatch]")
{
    const auto findings = refused(with(modern_hello(), supported_groups_extension({NamedGroup::secp521r1})));
    CHECK(top(findings) == "group-mismatch");
    CHECK(claim(findings, "group-mismatch") == Confidence::likely);
    CHECK(reasons(findings, "group-mismatch").find("the client offers one group, secp521r1") != std::string::npos);
    CHECK(claim(findings, "cipher-mismatch") == Confidence::possible);
}

TEST_CASE("the usual pair of groups is not a narrow offer", "[diagnosis][group-mismatch]")
{
    const auto pair = supported_groups_extension({NamedGroup::x25519, NamedGroup::secp256r1});
    CHECK(claim(refused(with(modern_hello(), pair)), "group-mismatch") == Confidence::possible);
}

TEST_CASE("a client with RSA key exchange alone needs no group", "[diagnosis][group-mismatch]")
{
    const auto hello = with_suites(tls12_hello(), {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_128_GCM_SHA256"});
    CHECK_FALSE(claim(refused(with(hello, supported_groups_extension({NamedGroup::secp521r1}))), "group-mismatch"));
}

TEST_CASE("40 after a HelloRetryRequest is neither the suite nor the group", "[diagnosis][group-mismatch]")
{
    auto wire = WireMaker(modern_hello()).server_alert(AlertDescription::handshake_failure).wire();
    wire.hello_retry_request = true;
    const auto findings = diagnose_wire(wire);
    CHECK(top(findings) == "signature-scheme-mismatch");
    CHECK_FALSE(claim(findings, "cipher-mismatch"));
    CHECK_FALSE(claim(findings, "group-mismatch"));
}

TEST_CASE("unexpected_message from a server that read a TLS 1.3 offer is Java without a common group",
          "[diagnosis][group-mismatch]")
{
    CHECK(top(refused(tls13_hello(), AlertDescription::unexpected_message)) == "group-mismatch");
    // The same alert to a plain HTTP request.
    auto wire = WireMaker(modern_hello()).server_alert(AlertDescription::unexpected_message).wire();
    wire.client_hello.reset();
    wire.not_tls = NotTls{NotTlsKind::http, to_bytes("GET / HTTP/1.1\r\n")};
    CHECK(top(diagnose_wire(wire)) == "not-tls");
    CHECK_FALSE(claim(diagnose_wire(wire), "group-mismatch"));
}

TEST_CASE("the same 40 to schemes for RSA keys alone points at the schemes", "[diagnosis][signature-scheme-mismatch]")
{
    const auto rsa =
        signature_algorithms_extension({SignatureScheme::rsa_pss_rsae_sha256, SignatureScheme::rsa_pkcs1_sha256});
    const auto findings = refused(with(modern_hello(), rsa));
    CHECK(top(findings) == "signature-scheme-mismatch");
    CHECK(claim(findings, "signature-scheme-mismatch") == Confidence::certain);
    CHECK(claim(findings, "cipher-mismatch") == Confidence::possible);
    // The suites that need another key go with the schemes.
    auto same_key = with(modern_hello(), rsa);
    std::erase_if(same_key.cipher_suites, [](auto suite) {
        const auto* info = find_cipher_suite(suite);
        return info != nullptr && info->authentication == Authentication::ecdsa;
    });
    CHECK(claim(refused(same_key), "signature-scheme-mismatch") == Confidence::certain);
    // Where the offer is narrow elsewhere too, either may be refused.
    const auto one_group = supported_groups_extension({NamedGroup::secp521r1});
    for (const auto& hello : {with(tls12_hello(), rsa), with(with(modern_hello(), rsa), one_group)})
        CHECK(claim(refused(hello), "signature-scheme-mismatch") == Confidence::likely);
}

TEST_CASE("40 right behind a ServerHello is the signature, not the suite", "[diagnosis][signature-scheme-mismatch]")
{
    auto maker = WireMaker(modern_hello()).server_hello(ProtocolVersion::tls12);
    const auto findings = diagnose_wire(maker.server_alert(AlertDescription::handshake_failure).wire());
    CHECK(top(findings) == "signature-scheme-mismatch");
    CHECK(claim(findings, "signature-scheme-mismatch") == Confidence::likely);
    CHECK_FALSE(claim(findings, "cipher-mismatch"));
    CHECK_FALSE(claim(findings, "server-certificate-missing"));
}

TEST_CASE("a signature with SHA-1, which was not offered, points at the schemes",
          "[diagnosis][signature-scheme-mismatch]")
{
    auto maker = WireMaker(modern_hello()).server_hello(ProtocolVersion::tls12).reach(Phase::after_server_flight);
    auto wire = maker.client_alert(AlertDescription::illegal_parameter).wire();
    wire.server_signature = SignatureScheme::rsa_pkcs1_sha1;
    CHECK(claim(diagnose_wire(wire), "signature-scheme-mismatch") == Confidence::likely);
    wire.server_signature = SignatureScheme::rsa_pkcs1_sha256;
    CHECK(claim(diagnose_wire(wire), "signature-scheme-mismatch") != Confidence::likely);
}

TEST_CASE("TLS 1.3 hides such an alert, and shows its length", "[diagnosis][signature-scheme-mismatch]")
{
    auto maker = WireMaker(modern_hello()).server_hello(ProtocolVersion::tls13).hidden(Direction::server_to_client, 35);
    const auto findings = diagnose_wire(maker.socket(SocketEventKind::client_fin).wire());
    CHECK(claim(findings, "signature-scheme-mismatch") == Confidence::possible);
    CHECK_FALSE(claim(findings, "certificate-wrong-name"));
}

TEST_CASE("40 from a client that neither prime nor renegotiation explains", "[diagnosis][signature-scheme-mismatch]")
{
    auto maker = WireMaker(tls12_hello()).server_hello(ProtocolVersion::tls12).reach(Phase::after_server_flight);
    const auto findings = diagnose_wire(maker.client_alert(AlertDescription::handshake_failure).wire());
    CHECK(claim(findings, "signature-scheme-mismatch") == Confidence::possible);
    CHECK(claim(findings, "server-key-mismatch") == Confidence::possible);
    CHECK_FALSE(claim(findings, "cipher-mismatch"));
}

TEST_CASE("71 means suites, schemes or groups", "[diagnosis][cipher-mismatch]")
{
    const auto findings = refused(modern_hello(), AlertDescription::insufficient_security);
    CHECK(findings.size() == 3);
    CHECK(top(findings) == "cipher-mismatch");
}

TEST_CASE("70 to a client of at most TLS 1.2 is a version mismatch for certain", "[diagnosis][version-mismatch]")
{
    const auto findings = refused(tls12_hello(), AlertDescription::protocol_version);
    CHECK(top(findings) == "version-mismatch");
    CHECK(claim(findings, "version-mismatch") == Confidence::certain);
}

TEST_CASE("the same 70 to an offer of TLS 1.3 alone may be a missing certificate", "[diagnosis][version-mismatch]")
{
    const auto findings = refused(tls13_hello(), AlertDescription::protocol_version);
    CHECK(claim(findings, "version-mismatch") == Confidence::likely);
    CHECK(claim(findings, "server-certificate-missing") == Confidence::possible);
    // Go and NSS say it in a record of TLS 1.0, OpenSSL does not.
    auto wire = WireMaker(tls13_hello()).server_alert(AlertDescription::protocol_version).wire();
    std::get<RecordEvent>(wire.events.back()).version = ProtocolVersion::tls10;
    CHECK(claim(diagnose_wire(wire), "version-mismatch") == Confidence::certain);
}

TEST_CASE("70 to an offer of TLS 1.2 and 1.3 is a version mismatch for certain", "[diagnosis][version-mismatch]")
{
    CHECK(claim(refused(modern_hello(), AlertDescription::protocol_version), "version-mismatch") ==
          Confidence::certain);
}

TEST_CASE("an older server takes the legacy version; one that mixes in TLS 1.3 breaks the protocol",
          "[diagnosis][version-mismatch]")
{
    auto maker = WireMaker(tls13_hello()).server_hello(ProtocolVersion::tls12);
    const auto refuse = [](WireMaker wire) {
        return diagnose_both(wire.client_alert(AlertDescription::protocol_version).wire(), {"local:version"});
    };
    CHECK(claim(refuse(maker), "version-mismatch") == Confidence::certain);
    maker.answer([](ServerHello& hello) {
        hello.extensions.push_back(server_key_share_extension({NamedGroup::x25519, some_bytes(32)}));
    });
    CHECK(claim(refuse(maker), "version-mismatch") == Confidence::likely);
}

TEST_CASE("40 to a single version leaves the version possible", "[diagnosis][version-mismatch]")
{
    CHECK(claim(refused(tls12_hello()), "version-mismatch") == Confidence::possible);
    CHECK(claim(refused(tls13_hello()), "version-mismatch") == Confidence::likely);
    auto old = tls12_hello();
    old.legacy_version = ProtocolVersion::tls10;
    CHECK(claim(refused(old), "version-mismatch") == Confidence::likely);
}

TEST_CASE("a client that refuses the version chosen is told by its alert and by the ServerHello",
          "[diagnosis][version-mismatch]")
{
    const auto with_alert = [](ProtocolVersion version, AlertDescription description) {
        return diagnose_wire(WireMaker(modern_hello()).server_hello(version).client_alert(description).wire());
    };
    CHECK(top(with_alert(ProtocolVersion::tls11, AlertDescription::protocol_version)) == "version-mismatch");
    CHECK(top(with_alert(ProtocolVersion::tls11, AlertDescription::internal_error)) == "version-mismatch");
    // internal_error at TLS 1.2 is a client that found a wrong name.
    const auto later = with_alert(ProtocolVersion::tls12, AlertDescription::internal_error);
    CHECK(top(later) == "certificate-wrong-name");
    CHECK_FALSE(claim(later, "version-mismatch"));
}

TEST_CASE("the client's words alone claim less", "[diagnosis][version-mismatch]")
{
    CHECK(claim(diagnose_text({"alert-received:protocol_version"}), "version-mismatch") == Confidence::likely);
    const auto chromium = diagnose_text({"alert-received:handshake_failure", "alert-received:protocol_version"});
    CHECK(top(chromium) == "cipher-mismatch");
    CHECK(claim(chromium, "version-mismatch") == Confidence::possible);
}

TEST_CASE("inappropriate_fallback is certain where the ClientHello says that it is one",
          "[diagnosis][inappropriate-fallback]")
{
    auto wire = WireMaker(modern_hello()).server_alert(AlertDescription::inappropriate_fallback).wire();
    CHECK(claim(diagnose_wire(wire), "inappropriate-fallback") == Confidence::possible);
    wire.client_hello->cipher_suites.push_back(CipherSuite::TLS_FALLBACK_SCSV);
    const auto findings = diagnose_wire(wire);
    CHECK(top(findings) == "inappropriate-fallback");
    CHECK(claim(findings, "inappropriate-fallback") == Confidence::certain);
    CHECK(claim(diagnose_text({"alert-received:inappropriate_fallback"}), "inappropriate-fallback") ==
          Confidence::certain);
}

TEST_CASE("a client that its own configuration stops is the cause where it sent no ClientHello",
          "[diagnosis][client-misconfigured]")
{
    CHECK(claim(diagnose_text({"local:configuration"}), "client-misconfigured") == Confidence::certain);
    auto wire = WireMaker(modern_hello()).socket(SocketEventKind::client_fin).wire();
    CHECK_FALSE(claim(diagnose_both(wire, {"local:configuration"}), "client-misconfigured"));
    wire.client_hello.reset();
    CHECK(claim(diagnose_both(wire, {"local:configuration"}), "client-misconfigured") == Confidence::certain);
    CHECK_FALSE(claim(diagnose_wire(wire), "client-misconfigured"));
    CHECK_FALSE(claim(diagnose_text({"refused"}), "client-misconfigured"));
}

TEST_CASE("a refused connection is never certain: the address may be wrong", "[diagnosis][server-not-listening]")
{
    const auto findings = diagnose_text({"refused"});
    CHECK(top(findings) == "server-not-listening");
    CHECK(claim(findings, "server-not-listening") == Confidence::likely);
    const auto reset = WireMaker(modern_hello()).socket(SocketEventKind::server_reset).wire();
    CHECK_FALSE(claim(diagnose_both(reset, {"refused"}), "server-not-listening"));
    CHECK_FALSE(claim(diagnose_text({"reset"}), "server-not-listening"));
}

TEST_CASE("a received 40 in words alone may be from before the ServerHello or after it", "[diagnosis][cipher-mismatch]")
{
    const auto findings = diagnose_text({"alert-received:handshake_failure"});
    CHECK(top(findings) == "cipher-mismatch");
    for (const auto* cause :
         {"group-mismatch", "signature-scheme-mismatch", "client-certificate-required", "client-certificate-untrusted",
          "server-certificate-missing", "version-mismatch", "middlebox-injected-alert"})
        CHECK(claim(findings, cause) == Confidence::possible);
}

TEST_CASE("a bare close has the causes of a 40, and the one that the offer is short of first", "[diagnosis]")
{
    const auto closed = [](ClientHello hello) {
        return diagnose_wire(WireMaker(std::move(hello)).socket(SocketEventKind::server_fin).wire());
    };
    const auto usual = closed(modern_hello());
    CHECK(top(usual) == "sni-unknown-name");
    CHECK(claim(usual, "cipher-mismatch") == Confidence::possible);
    CHECK(claim(usual, "group-mismatch") == Confidence::possible);
    const auto groups = closed(with(modern_hello(), supported_groups_extension({NamedGroup::secp521r1})));
    CHECK(top(groups) == "group-mismatch");
    CHECK(claim(groups, "group-mismatch") == Confidence::possible);
    CHECK(top(closed(with_suites(tls12_hello(), {"TLS_RSA_WITH_AES_128_CBC_SHA"}))) == "cipher-mismatch");
    const auto schemes = signature_algorithms_extension({SignatureScheme::rsa_pss_rsae_sha256});
    CHECK(top(closed(with(modern_hello(), schemes))) == "signature-scheme-mismatch");
}

TEST_CASE("a server that speaks before it closes has not read the offer", "[diagnosis]")
{
    const auto wire = WireMaker(modern_hello()).server_says("* OK ready").socket(SocketEventKind::server_fin).wire();
    CHECK_FALSE(claim(diagnose_wire(wire), "cipher-mismatch"));
    CHECK_FALSE(claim(diagnose_wire(wire), "group-mismatch"));
}

TEST_CASE("49 to a ClientHello is rustls without a certificate for the name", "[diagnosis][sni-unknown-name]")
{
    const auto findings = refused(modern_hello(), AlertDescription::access_denied);
    CHECK(top(findings) == "sni-unknown-name");
    CHECK(claim(findings, "server-certificate-missing") == Confidence::possible);
    const auto nameless = without(modern_hello(), ExtensionType::server_name);
    CHECK(top(refused(nameless, AlertDescription::access_denied)) == "sni-missing");
}

TEST_CASE("a server of TLS 1.3 that goes no further than its ServerHello had nothing to show", "[diagnosis]")
{
    const auto stopped = [](ClientHello hello, bool by_alert) {
        auto maker = WireMaker(std::move(hello)).server_hello(ProtocolVersion::tls13);
        if (by_alert) maker.hidden(Direction::server_to_client, 40).hidden(Direction::server_to_client, 19);
        return diagnose_wire(maker.socket(SocketEventKind::server_fin).wire());
    };
    const bool by_alert = GENERATE(false, true);
    const auto findings = stopped(modern_hello(), by_alert);
    CHECK(top(findings) == "signature-scheme-mismatch");
    CHECK(claim(findings, "server-certificate-missing") == Confidence::possible);
    CHECK(claim(findings, "sni-unknown-name") == Confidence::possible);
    CHECK(top(stopped(without(modern_hello(), ExtensionType::server_name), by_alert)) == "sni-missing");
}

TEST_CASE("a server that showed its certificate before it closed had one", "[diagnosis]")
{
    auto maker = WireMaker(modern_hello()).server_hello(ProtocolVersion::tls13);
    maker.hidden(Direction::server_to_client, 40).hidden(Direction::server_to_client, 1700);
    const auto findings = diagnose_wire(maker.socket(SocketEventKind::server_fin).wire());
    CHECK_FALSE(claim(findings, "server-certificate-missing"));
    CHECK_FALSE(claim(findings, "signature-scheme-mismatch"));
}
