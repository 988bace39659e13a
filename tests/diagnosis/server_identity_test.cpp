// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/diagnosis/evidence_maker.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

Transcript client_sent(AlertDescription description, std::string_view suite = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
{
    return WireMaker(tls12_hello())
        .server_hello(ProtocolVersion::tls12, suite)
        .reach(Phase::after_server_flight)
        .client_alert(description)
        .wire();
}

} // namespace

TEST_CASE("a missing server certificate is never more than possible", "[diagnosis][server-certificate-missing]")
{
    const auto refused = [](AlertDescription description) {
        return diagnose_wire(WireMaker(modern_hello()).server_alert(description).wire());
    };
    CHECK(claim(refused(AlertDescription::handshake_failure), "server-certificate-missing") == Confidence::possible);
    // Go's manner; but an unknown name is the usual meaning.
    const auto go = refused(AlertDescription::unrecognized_name);
    CHECK(top(go) == "sni-unknown-name");
    CHECK(claim(go, "server-certificate-missing") == Confidence::possible);
    // The same 40, after the server showed one.
    const auto later = WireMaker(tls12_hello())
                           .server_hello(ProtocolVersion::tls12)
                           .certificate_request()
                           .client_chain({})
                           .reach(Phase::after_client_finished)
                           .server_alert(AlertDescription::handshake_failure);
    CHECK_FALSE(claim(diagnose_wire(later.wire()), "server-certificate-missing"));
}

TEST_CASE("decrypt_error from the client is likely a key of another certificate", "[diagnosis][server-key-mismatch]")
{
    CHECK(claim(diagnose_wire(client_sent(AlertDescription::decrypt_error)), "server-key-mismatch") ==
          Confidence::likely);
    CHECK(claim(diagnose_text({"verify:bad-signature"}), "server-key-mismatch") == Confidence::likely);
}

TEST_CASE("the server's own decrypt_error is not a key mismatch", "[diagnosis][server-key-mismatch]")
{
    const auto wire = WireMaker(tls12_hello())
                          .server_hello(ProtocolVersion::tls12)
                          .reach(Phase::after_client_finished)
                          .server_alert(AlertDescription::decrypt_error)
                          .wire();
    CHECK_FALSE(claim(diagnose_wire(wire), "server-key-mismatch"));
}

TEST_CASE("with RSA key exchange nothing is signed", "[diagnosis][server-key-mismatch]")
{
    const auto wire = client_sent(AlertDescription::decrypt_error, "TLS_RSA_WITH_AES_128_CBC_SHA");
    CHECK_FALSE(claim(diagnose_wire(wire), "server-key-mismatch"));
}

TEST_CASE("a port where nothing listens may be a server that refused its key", "[diagnosis][server-key-mismatch]")
{
    CHECK(claim(diagnose_text({"refused"}), "server-key-mismatch") == Confidence::possible);
}

TEST_CASE("a short prime and 40 from the client are weak DH", "[diagnosis][weak-dh]")
{
    auto maker = WireMaker(tls12_hello()).server_hello(ProtocolVersion::tls12, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256");
    maker.dh_bits(1024).reach(Phase::after_server_flight).client_alert(AlertDescription::handshake_failure);
    CHECK(claim(diagnose_wire(maker.wire()), "weak-dh") == Confidence::likely);
    CHECK(claim(diagnose_both(maker.wire(), {"local:dh-too-small"}), "weak-dh") == Confidence::certain);
    CHECK(claim(diagnose_text({"local:dh-too-small"}), "weak-dh") == Confidence::certain);
    CHECK(top(diagnose_wire(maker.wire())) == "weak-dh");
}

TEST_CASE("the same 40 from the client with a good prime is something else", "[diagnosis][weak-dh]")
{
    auto maker = WireMaker(tls12_hello()).server_hello(ProtocolVersion::tls12, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256");
    maker.dh_bits(2048).reach(Phase::after_server_flight).client_alert(AlertDescription::handshake_failure);
    CHECK_FALSE(claim(diagnose_wire(maker.wire()), "weak-dh"));
}

TEST_CASE("the server's 40 is not weak DH", "[diagnosis][weak-dh]")
{
    const auto wire = WireMaker(tls12_hello()).server_alert(AlertDescription::handshake_failure).wire();
    CHECK_FALSE(claim(diagnose_wire(wire), "weak-dh"));
    CHECK_FALSE(claim(diagnose_text({"alert-received:handshake_failure"}), "weak-dh"));
}

TEST_CASE("40 from the client to a ServerHello without renegotiation_info", "[diagnosis][secure-renegotiation-missing]")
{
    auto maker = WireMaker(tls12_hello()).server_hello(ProtocolVersion::tls12).without_renegotiation_info();
    maker.client_alert(AlertDescription::handshake_failure);
    const auto cause = "secure-renegotiation-missing";
    CHECK(top(diagnose_wire(maker.wire())) == cause);
    CHECK(claim(diagnose_wire(maker.wire()), cause) == Confidence::likely);
    CHECK(claim(diagnose_both(maker.wire(), {"local:unsafe-renegotiation"}), cause) == Confidence::certain);
    CHECK(claim(diagnose_text({"local:unsafe-renegotiation"}), cause) == Confidence::certain);
    CHECK_FALSE(claim(diagnose_both(maker.wire(), {"local:dh-too-small"}), cause));
}

TEST_CASE("the same 40 to a ServerHello with it is something else", "[diagnosis][secure-renegotiation-missing]")
{
    auto maker = WireMaker(tls12_hello()).server_hello(ProtocolVersion::tls12);
    maker.client_alert(AlertDescription::handshake_failure);
    CHECK_FALSE(claim(diagnose_wire(maker.wire()), "secure-renegotiation-missing"));
    auto tls13 = WireMaker(modern_hello()).server_hello(ProtocolVersion::tls13);
    tls13.client_alert(AlertDescription::handshake_failure);
    CHECK_FALSE(claim(diagnose_wire(tls13.wire()), "secure-renegotiation-missing"));
}
