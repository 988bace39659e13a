// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/sound_end.h"
#include "tests/diagnosis/evidence_maker.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

constexpr auto kClient = Direction::client_to_server;
constexpr auto kServer = Direction::server_to_client;
constexpr std::uint16_t kFinished = 53; // of SHA-256
constexpr std::uint16_t kAlert = 19;
constexpr std::uint16_t kCertificateLength = 1800;

ClientHello psk_hello()
{
    return with(modern_hello(), Extension{ExtensionType::pre_shared_key, some_bytes(60)});
}

/// TLS 1.3 until the client's Finished; nothing can be read.
WireMaker handshake(const ClientHello& hello = modern_hello(), std::uint16_t certificate = kCertificateLength)
{
    auto maker = WireMaker(hello).server_hello(ProtocolVersion::tls13);
    maker.hidden(kServer, 40).hidden(kServer, certificate).hidden(kServer, 281).hidden(kServer, kFinished);
    return maker.hidden(kClient, kFinished);
}

Transcript closed_in_silence(WireMaker maker)
{
    return maker.socket(SocketEventKind::client_fin).wire();
}

Transcript served(const ClientHello& hello = modern_hello(), std::uint16_t certificate = kCertificateLength)
{
    return handshake(hello, certificate).hidden(kClient, 200).hidden(kServer, 300).wire();
}

bool left(const Transcript& wire, std::vector<const Transcript*> beside = {})
{
    return client_just_left(wire, beside);
}

} // namespace

TEST_CASE("a connection that a browser did not need is no failure", "[diagnosis][sound-end]")
{
    const auto good = served();
    const auto spare = closed_in_silence(handshake());
    const auto given_up = closed_in_silence(WireMaker(modern_hello()));
    CHECK(diagnose_beside(spare, {&good}).empty());
    CHECK(diagnose_beside(given_up, {&good}).empty());
    CHECK(top(diagnose_beside(spare, {})) == "certificate-wrong-name"); // nothing shows that it is spare
}

TEST_CASE("a connection is not spare that was answered otherwise, or that offered something else",
          "[diagnosis][sound-end]")
{
    const auto bad = closed_in_silence(handshake());
    const auto other_certificate = served(modern_hello(), kCertificateLength + 40);
    const auto other_offer = served(tls13_hello());
    CHECK_FALSE(left(bad, {&other_certificate}));
    CHECK_FALSE(left(bad, {&other_offer}));
    CHECK(top(diagnose_beside(bad, {&other_certificate})) == "backend-differs");
}

TEST_CASE("a connection with an alert, or what may be one, is not spare", "[diagnosis][sound-end]")
{
    const auto good = served();
    auto refusing = WireMaker(modern_hello()).server_hello(ProtocolVersion::tls13).hidden(kServer, kCertificateLength);
    CHECK_FALSE(left(closed_in_silence(refusing.hidden(kClient, kAlert)), {&good}));
    CHECK_FALSE(left(handshake().hidden(kServer, kAlert).socket(SocketEventKind::client_fin).wire(), {&good}));
    CHECK_FALSE(left(handshake().socket(SocketEventKind::server_fin).wire(), {&good}));
}

TEST_CASE("who sends a request has accepted the certificate", "[diagnosis][sound-end]")
{
    CHECK(diagnose_wire(closed_in_silence(handshake().hidden(kClient, 200).hidden(kClient, kAlert))).empty());
    auto old = WireMaker(tls12_hello()).server_hello(ProtocolVersion::tls12).reach(Phase::after_client_finished);
    CHECK_FALSE(left(closed_in_silence(old)));
    CHECK(left(closed_in_silence(old.hidden(kClient, 51).hidden_alert(kClient))));
}

TEST_CASE("a client's certificate that an alert answers was refused, whoever closes first", "[diagnosis][sound-end]")
{
    auto maker = WireMaker(modern_hello()).server_hello(ProtocolVersion::tls13).hidden(kServer, kCertificateLength);
    maker.hidden(kClient, 1700).hidden(kClient, 281).hidden(kClient, kFinished).hidden(kClient, 120);
    const auto wire = maker.hidden(kClient, kAlert).hidden(kServer, kAlert).socket(SocketEventKind::client_fin).wire();
    CHECK_FALSE(left(wire));
    CHECK(claim(diagnose_wire(wire), "client-certificate-untrusted"));
}

TEST_CASE("a server that asks for a certificate may do without", "[diagnosis][sound-end]")
{
    constexpr std::uint16_t kNoCertificate = 25;
    auto maker = WireMaker(modern_hello()).server_hello(ProtocolVersion::tls13).hidden(kServer, kCertificateLength);
    maker.hidden(kClient, kNoCertificate).hidden(kClient, kFinished);
    const auto answered = [&](std::uint16_t length) {
        auto with_request = maker;
        with_request.hidden(kClient, 44).hidden(kServer, length).hidden(kClient, kAlert);
        return with_request.socket(SocketEventKind::client_reset).wire();
    };
    CHECK(left(answered(250)));
    CHECK_FALSE(left(answered(kAlert)));
}

TEST_CASE("a session that is resumed shows no certificate to refuse", "[diagnosis][sound-end]")
{
    const auto take_session = [](ServerHello& hello) {
        hello.extensions.push_back(Extension{ExtensionType::pre_shared_key, some_bytes(2)});
    };
    auto maker = WireMaker(psk_hello()).server_hello(ProtocolVersion::tls13).answer(take_session);
    maker.hidden(kServer, 40).hidden(kServer, kFinished).hidden(kClient, kFinished).hidden(kClient, kAlert);
    const auto wire = maker.socket(SocketEventKind::server_fin).wire();
    CHECK(is_resumed(wire));
    CHECK(diagnose_wire(wire).empty());
}

TEST_CASE("who keeps the session of a handshake did not refuse it", "[diagnosis][sound-end]")
{
    const auto first = closed_in_silence(handshake().hidden(kClient, kAlert));
    const auto second = closed_in_silence(handshake(psk_hello()).hidden(kClient, kAlert));
    CHECK(left(first, {&second}));
    CHECK(left(second, {&first})); // the server did not take it, and the client leaves as it did before
    CHECK_FALSE(left(first));
}

TEST_CASE("who had data before, and leaves after a new handshake, may have refused it", "[diagnosis][sound-end]")
{
    const auto before = served();
    const auto wire = closed_in_silence(handshake(psk_hello()).hidden(kClient, kAlert));
    CHECK_FALSE(left(wire, {&before}));
}

TEST_CASE("up to TLS 1.2 an id offers a session where another ClientHello has none", "[diagnosis][sound-end]")
{
    auto with_id = tls12_hello();
    with_id.session_id = some_bytes(32);
    const auto wire = [](const ClientHello& hello) {
        auto maker = WireMaker(hello).server_hello(ProtocolVersion::tls12).reach(Phase::after_client_finished);
        return closed_in_silence(maker.hidden_alert(kClient));
    };
    const auto first = wire(tls12_hello());
    const auto second = wire(with_id);
    CHECK(left(first, {&second}));
    CHECK_FALSE(left(second, {&second})); // Go and rustls send one always
}

TEST_CASE("the short tags of CCM_8 are counted as what they are", "[diagnosis][sound-end]")
{
    const auto choose = [](ServerHello& hello) { hello.cipher_suite = CipherSuite::TLS_AES_128_CCM_8_SHA256; };
    auto maker = WireMaker(modern_hello()).server_hello(ProtocolVersion::tls13).answer(choose);
    maker.hidden(kServer, kCertificateLength).hidden(kClient, 45).hidden(kClient, 44).hidden(kServer, 772);
    const auto wire = maker.hidden(kServer, 11).socket(SocketEventKind::server_fin).wire();
    CHECK(completed(wire));
    CHECK(diagnose_wire(wire).empty());
}
