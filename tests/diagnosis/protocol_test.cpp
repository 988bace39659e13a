// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/violations.h"
#include "tests/diagnosis/evidence_maker.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

using enum HandshakeType;

WireMaker answered(ProtocolVersion version = ProtocolVersion::tls13)
{
    return WireMaker(modern_hello()).server_hello(version);
}

} // namespace

TEST_CASE("a healthy answer violates nothing", "[diagnosis][protocol-violation]")
{
    CHECK(server_violations(answered()
                                .messages({server_hello, encrypted_extensions, certificate, certificate_verify,
                                           finished, new_session_ticket})
                                .wire())
              .empty());
    CHECK(server_violations(answered(ProtocolVersion::tls12)
                                .messages({server_hello, certificate, server_key_exchange, server_hello_done,
                                           new_session_ticket, finished})
                                .wire())
              .empty());
    CHECK(server_violations(WireMaker(modern_hello()).wire()).empty());
}

TEST_CASE("TLS 1.3 has RSA signatures by PSS alone", "[diagnosis][protocol-violation]")
{
    const auto signed_with = [](ProtocolVersion version, SignatureScheme scheme) {
        auto wire = answered(version).wire();
        wire.server_signature = scheme;
        return server_violations(wire).empty();
    };
    CHECK(signed_with(ProtocolVersion::tls13, SignatureScheme::rsa_pss_rsae_sha256));
    CHECK_FALSE(signed_with(ProtocolVersion::tls13, SignatureScheme::rsa_pkcs1_sha256));
    CHECK(signed_with(ProtocolVersion::tls12, SignatureScheme::rsa_pkcs1_sha256));
}

TEST_CASE("an answer outside the offer is a violation that the finding names", "[diagnosis][protocol-violation]")
{
    struct Case {
        void (*change)(ServerHello&);
        std::string says;
    };
    const auto each = GENERATE(values<Case>({
        {[](ServerHello& hello) { hello.cipher_suite = CipherSuite{0x0005}; },
         "TLS_RSA_WITH_RC4_128_SHA, which the client did not offer"},
        {[](ServerHello& hello) { hello.compression_method = 1; }, "compression method 1"},
        {[](ServerHello& hello) { hello.session_id = some_bytes(32); }, "does not echo the client's session id"},
        {[](ServerHello& hello) { remove_extension(hello.extensions, ExtensionType::key_share); }, "no key_share"},
        {[](ServerHello& hello) {
             set_extension(hello.extensions, server_key_share_extension({NamedGroup::x448, some_bytes(56)}));
         },
         "x448, which the client did not offer"},
        {[](ServerHello& hello) {
             hello.extensions.push_back({ExtensionType::max_fragment_length, {1}});
         },
         "max_fragment_length, which the client did not send"},
        {[](ServerHello& hello) { hello.extensions.push_back(renegotiation_info_extension()); },
         "does not belong into a ServerHello of TLS 1.3"},
    }));
    const auto findings =
        diagnose_wire(answered().answer(each.change).client_alert(AlertDescription::illegal_parameter).wire());
    CHECK(top(findings) == "protocol-violation");
    CHECK(claim(findings, "protocol-violation") == Confidence::likely);
    CHECK_THAT(reasons(findings, "protocol-violation"), Catch::Matchers::Contains(each.says));
}

TEST_CASE("messages that are missing, twice or foreign are violations", "[diagnosis][protocol-violation]")
{
    const auto of = [](ProtocolVersion version, std::initializer_list<HandshakeType> types) {
        const auto violations = server_violations(answered(version).messages(types).wire());
        return violations.empty() ? std::string() : violations.front();
    };
    const auto tls12 = ProtocolVersion::tls12;
    const auto tls13 = ProtocolVersion::tls13;
    CHECK(of(tls12, {server_hello, certificate, server_hello_done}).find("no ServerKeyExchange") != std::string::npos);
    CHECK(of(tls12, {server_hello, server_key_exchange, server_hello_done}).find("no Certificate") !=
          std::string::npos);
    CHECK(of(tls12, {server_hello, server_hello}).find("ServerHello twice") != std::string::npos);
    CHECK(of(tls12, {server_hello, certificate, certificate}).find("came again") != std::string::npos);
    CHECK(of(tls13, {server_hello, encrypted_extensions, certificate, finished}).find("no CertificateVerify") !=
          std::string::npos);
    CHECK(of(tls13, {server_hello, encrypted_extensions, server_hello_done}).find("no message of a server's flight") !=
          std::string::npos);
}

TEST_CASE("the client's words alone make a violation likely, its alert alone possible",
          "[diagnosis][protocol-violation]")
{
    CHECK(claim(diagnose_text({"local:illegal-parameter"}), "protocol-violation") == Confidence::likely);
    CHECK(claim(diagnose_text({"local:cipher"}), "protocol-violation") == Confidence::possible);
    CHECK_FALSE(claim(diagnose_text({"verify:expired"}), "protocol-violation"));
    CHECK(claim(diagnose_wire(answered().client_alert(AlertDescription::decode_error).wire()), "protocol-violation") ==
          Confidence::possible);
    CHECK_FALSE(claim(diagnose_wire(WireMaker(modern_hello()).server_alert(AlertDescription::handshake_failure).wire()),
                      "protocol-violation"));
}

TEST_CASE("the sentinel of a downgrade is proof where the client objects to it", "[diagnosis][downgrade-tampering]")
{
    const auto with_sentinel = [](ServerHello& hello) { hello.set_downgrade_sentinel(DowngradeSentinel::tls12); };
    const auto wire = answered(ProtocolVersion::tls12).answer(with_sentinel);
    auto objected = wire;
    CHECK(claim(diagnose_wire(objected.client_alert(AlertDescription::illegal_parameter).wire()),
                "downgrade-tampering") == Confidence::certain);
    auto left = wire;
    CHECK(claim(diagnose_wire(left.socket(SocketEventKind::client_fin).wire()), "downgrade-tampering") ==
          Confidence::likely);
    // A client that offered no more has nothing to object to.
    auto old = WireMaker(tls12_hello()).server_hello(ProtocolVersion::tls12).answer(with_sentinel);
    CHECK_FALSE(
        claim(diagnose_wire(old.client_alert(AlertDescription::illegal_parameter).wire()), "downgrade-tampering"));
    CHECK(claim(diagnose_text({"local:downgrade"}), "downgrade-tampering") == Confidence::likely);
}

TEST_CASE("a chain that cannot be read is a corrupt certificate", "[diagnosis][server-certificate-corrupt]")
{
    const TemporaryDirectory directory;
    StateDirectory state(directory.path() / "state", now());
    const auto with_chain = [](std::vector<Bytes> chain) {
        return diagnose_wire(answered(ProtocolVersion::tls12)
                                 .chain(std::move(chain))
                                 .client_alert(AlertDescription::bad_certificate)
                                 .wire());
    };
    CHECK(claim(with_chain({some_bytes(200)}), "server-certificate-corrupt") == Confidence::likely);
    CHECK(claim(with_chain({}), "server-certificate-corrupt") == Confidence::likely);
    CHECK_FALSE(claim(with_chain(forge_with(state, "").certificates), "server-certificate-corrupt"));
    CHECK(claim(diagnose_text({"verify:malformed"}), "server-certificate-corrupt") == Confidence::likely);
}

TEST_CASE("extended_master_secret that one side insists on", "[diagnosis][extended-master-secret-missing]")
{
    const auto offering = with(tls12_hello(), {ExtensionType::extended_master_secret, {}});
    const auto client = diagnose_wire(WireMaker(offering)
                                          .server_hello(ProtocolVersion::tls12)
                                          .client_alert(AlertDescription::handshake_failure)
                                          .wire());
    CHECK(claim(client, "extended-master-secret-missing") == Confidence::likely);
    const auto refused = [](ClientHello hello) {
        return diagnose_wire(WireMaker(std::move(hello)).server_alert(AlertDescription::handshake_failure).wire());
    };
    CHECK(claim(refused(tls12_hello()), "extended-master-secret-missing") == Confidence::possible);
    CHECK_FALSE(claim(refused(offering), "extended-master-secret-missing"));
    CHECK(claim(diagnose_text({"local:extended-master-secret"}), "extended-master-secret-missing") ==
          Confidence::certain);
}
