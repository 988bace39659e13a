// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/diagnosis/evidence_maker.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

WireMaker before_server_hello()
{
    return WireMaker(modern_hello());
}

} // namespace

TEST_CASE("a reset before the ServerHello is likely a box, never certain", "[diagnosis][middlebox-reset]")
{
    const auto findings = diagnose_wire(before_server_hello().socket(SocketEventKind::server_reset).wire());
    CHECK(top(findings) == "middlebox-reset");
    CHECK(claim(findings, "middlebox-reset") == Confidence::likely);
    CHECK(claim(findings, "not-tls") == Confidence::possible);
    CHECK(claim(diagnose_text({"reset"}), "middlebox-reset") == Confidence::likely);
}

TEST_CASE("an alert explains the reset that follows it", "[diagnosis][middlebox-reset]")
{
    auto maker =
        before_server_hello().server_alert(AlertDescription::handshake_failure).socket(SocketEventKind::server_reset);
    CHECK_FALSE(claim(diagnose_wire(maker.wire()), "middlebox-reset"));
    // The client's own reset is not one from outside.
    CHECK_FALSE(
        claim(diagnose_wire(before_server_hello().socket(SocketEventKind::client_reset).wire()), "middlebox-reset"));
}

TEST_CASE("a reset behind the client's certificate may be the server's refusal", "[diagnosis][middlebox-reset]")
{
    auto maker =
        WireMaker(modern_hello()).server_hello(ProtocolVersion::tls13).hidden(Direction::server_to_client, 1200);
    maker.hidden(Direction::client_to_server, 901).hidden(Direction::client_to_server, 53);
    const auto silent = diagnose_wire(WireMaker(maker).socket(SocketEventKind::server_reset).wire());
    CHECK(claim(silent, "middlebox-reset") == Confidence::possible);
    CHECK(top(silent) == "client-certificate-untrusted");
    maker.hidden(Direction::server_to_client, 19).socket(SocketEventKind::server_reset);
    CHECK_FALSE(claim(diagnose_wire(maker.wire()), "middlebox-reset"));
}

TEST_CASE("a close before the ServerHello is likely a box; servers close as well", "[diagnosis][middlebox-close]")
{
    auto maker = before_server_hello().socket(SocketEventKind::server_fin);
    // OpenSSL 3 answers a bare FIN with an alert of its own.
    maker.client_alert(AlertDescription::decode_error).socket(SocketEventKind::client_fin);
    const auto findings = diagnose_wire(maker.wire());
    CHECK(claim(findings, "middlebox-close") == Confidence::possible);
    CHECK(claim(findings, "sni-unknown-name") == Confidence::possible);
    CHECK(claim(findings, "not-tls") == Confidence::possible);
    CHECK(claim(diagnose_text({"closed"}), "middlebox-close") == Confidence::likely);
}

TEST_CASE("a server that closes after the client's hidden alert was not a box", "[diagnosis][middlebox-close]")
{
    const auto wire = WireMaker(modern_hello())
                          .server_hello(ProtocolVersion::tls13)
                          .hidden(Direction::server_to_client, 1200)
                          .hidden(Direction::client_to_server, 19)
                          .socket(SocketEventKind::server_fin)
                          .wire();
    CHECK_FALSE(claim(diagnose_wire(wire), "middlebox-close"));
    CHECK(claim(diagnose_wire(wire), "certificate-wrong-name"));
}

TEST_CASE("silence until somebody gives up is likely a drop", "[diagnosis][middlebox-drop]")
{
    using std::chrono::seconds;
    const auto kind = GENERATE(SocketEventKind::client_fin, SocketEventKind::client_reset, SocketEventKind::deadline);
    CHECK(top(diagnose_wire(before_server_hello().wait(seconds(12)).socket(kind).wire())) == "middlebox-drop");
    auto partial =
        WireMaker(modern_hello()).server_hello(ProtocolVersion::tls13).hidden(Direction::server_to_client, 27);
    const auto findings = diagnose_wire(partial.wait(seconds(12)).socket(kind).wire());
    CHECK(top(findings) == "middlebox-drop");
    CHECK_FALSE(claim(findings, "certificate-wrong-name"));
    CHECK(claim(diagnose_text({"timeout"}), "middlebox-drop") == Confidence::likely);
}

TEST_CASE("a FIN that answers the one of a client that gave up comes from a service that waited",
          "[diagnosis][not-tls]")
{
    auto maker = before_server_hello().wait(std::chrono::seconds(12)).socket(SocketEventKind::client_fin);
    const auto findings = diagnose_wire(maker.socket(SocketEventKind::server_fin).wire());
    CHECK(top(findings) == "not-tls");
    CHECK(claim(findings, "middlebox-drop") == Confidence::possible);
}

TEST_CASE("a client that gives up before the ServerHello has waited, be it for a few seconds",
          "[diagnosis][middlebox-drop][not-tls]")
{
    const auto waited = [](std::chrono::seconds time) {
        auto maker = before_server_hello().wait(time).socket(SocketEventKind::client_fin);
        return diagnose_wire(maker.socket(SocketEventKind::server_fin).wire());
    };
    const auto findings = waited(std::chrono::seconds(2));
    CHECK(claim(findings, "not-tls") == Confidence::possible);
    CHECK(claim(findings, "middlebox-drop") == Confidence::possible);
    CHECK(waited(std::chrono::seconds(0)).empty());
}

TEST_CASE("a transcript without an end is not silence", "[diagnosis][middlebox-drop]")
{
    CHECK_FALSE(claim(diagnose_wire(before_server_hello().wire()), "middlebox-drop"));
}

TEST_CASE("a client that closes at once has judged, not waited", "[diagnosis][middlebox-drop]")
{
    auto maker = WireMaker(tls12_hello()).server_hello(ProtocolVersion::tls12).chain({some_bytes(300)});
    maker.reach(Phase::after_server_flight);
    const auto findings = diagnose_wire(maker.socket(SocketEventKind::client_fin).wire());
    CHECK_FALSE(claim(findings, "middlebox-drop"));
    CHECK(claim(findings, "certificate-wrong-name") == Confidence::possible);
}

TEST_CASE("a clear alert behind the keys of TLS 1.3 was made without them", "[diagnosis][middlebox-injected-alert]")
{
    auto maker = WireMaker(modern_hello()).server_hello(ProtocolVersion::tls13).reach(Phase::after_server_flight);
    const auto findings = diagnose_wire(maker.server_alert(AlertDescription::handshake_failure).wire());
    CHECK(top(findings) == "middlebox-injected-alert");
    CHECK(claim(findings, "middlebox-injected-alert") == Confidence::likely);
}

TEST_CASE("the same 40 before the keys could be anybody's", "[diagnosis][middlebox-injected-alert]")
{
    const auto findings = diagnose_wire(before_server_hello().server_alert(AlertDescription::handshake_failure).wire());
    CHECK(claim(findings, "middlebox-injected-alert") == Confidence::possible);
    CHECK(top(findings) == "cipher-mismatch");
    auto other = before_server_hello().server_alert(AlertDescription::protocol_version);
    CHECK_FALSE(claim(diagnose_wire(other.wire()), "middlebox-injected-alert"));
}

TEST_CASE("an alert that vague words allow is none where the wire shows a close",
          "[diagnosis][middlebox-injected-alert]")
{
    const auto wire = before_server_hello().socket(SocketEventKind::server_fin).wire();
    const auto findings = diagnose_both(wire, {"closed", "reset", "alert-received:access_denied"});
    CHECK_FALSE(claim(findings, "middlebox-injected-alert"));
    CHECK(claim(findings, "middlebox-close") == Confidence::possible);
}

TEST_CASE("an answer that is no TLS record is certain, unless it may be a greeting or a page", "[diagnosis][not-tls]")
{
    const auto said = [](std::string_view text) {
        return claim(diagnose_wire(before_server_hello().server_says(text).socket(SocketEventKind::server_fin).wire()),
                     "not-tls");
    };
    CHECK(said("HTTP/1.1 400 Bad Request\r\n") == Confidence::certain);
    CHECK(said("SSH-2.0-OpenSSH_9.2\r\n") == Confidence::certain);
    CHECK(said("J\x01\x02") == Confidence::likely);
    CHECK(said("220 mail.test ESMTP\r\n") == Confidence::likely);
    CHECK(said("HTTP/1.1 403 Forbidden\r\n") == Confidence::likely);
    CHECK(claim(diagnose_text({"not-tls"}), "not-tls") == Confidence::likely);
}

TEST_CASE("bytes that break a handshake which had begun in TLS are another fault", "[diagnosis][not-tls]")
{
    auto maker = WireMaker(modern_hello()).server_hello(ProtocolVersion::tls13).server_says("garbage");
    CHECK_FALSE(claim(diagnose_wire(maker.socket(SocketEventKind::client_fin).wire()), "not-tls"));
}
