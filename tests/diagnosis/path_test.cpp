// SPDX-License-Identifier: GPL-2.0-or-later
// Causes on the path: what boxes do to records, to ClientHellos, to certificates.
#include "tests/diagnosis/evidence_maker.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

WireMaker tls12()
{
    return WireMaker(tls12_hello()).server_hello(ProtocolVersion::tls12);
}

ClientHello long_hello()
{
    return with(modern_hello(), Extension{static_cast<ExtensionType>(21), some_bytes(1400)});
}

} // namespace

TEST_CASE("a record that does not authenticate was tampered with, whoever says so", "[diagnosis][record-tampering]")
{
    auto flight = tls12().reach(Phase::after_server_flight);
    const auto by_client = diagnose_wire(WireMaker(flight).client_alert(AlertDescription::bad_record_mac).wire());
    CHECK(top(by_client) == "record-tampering");
    flight.reach(Phase::after_client_finished);
    const auto by_server = diagnose_wire(WireMaker(flight).server_alert(AlertDescription::bad_record_mac).wire());
    CHECK(claim(by_server, "record-tampering") == Confidence::likely);
    const auto other = diagnose_wire(WireMaker(flight).server_alert(AlertDescription::decrypt_error).wire());
    CHECK(claim(other, "record-tampering") == Confidence::likely);
    CHECK(claim(diagnose_text({"local:bad-mac"}), "record-tampering") == Confidence::likely);
}

TEST_CASE("an alert in clear under keys was forged, and the record it spoils was not changed", "[diagnosis]")
{
    auto wire = WireMaker(tls13_hello()).server_hello(ProtocolVersion::tls13);
    wire.server_alert(AlertDescription::handshake_failure);
    const auto findings = diagnose_both(wire.wire(), {"local:bad-mac"});
    CHECK(claim(findings, "middlebox-injected-alert") == Confidence::likely);
    CHECK_FALSE(claim(findings, "record-tampering"));
}

TEST_CASE("an alert that no server sends at that place is likely a box's", "[diagnosis][middlebox-injected-alert]")
{
    const auto denied = WireMaker(modern_hello()).server_alert(AlertDescription::access_denied).wire();
    CHECK(claim(diagnose_wire(denied), "middlebox-injected-alert") == Confidence::likely);
    const auto in_flight = tls12().server_alert(AlertDescription::handshake_failure).wire();
    CHECK(claim(diagnose_wire(in_flight), "middlebox-injected-alert") == Confidence::likely);
    CHECK(claim(diagnose_wire(in_flight), "signature-scheme-mismatch") == Confidence::likely);
    const auto early = WireMaker(modern_hello()).server_alert(AlertDescription::handshake_failure).wire();
    CHECK(claim(diagnose_wire(early), "middlebox-injected-alert") == Confidence::possible);
}

TEST_CASE("a ClientHello over one segment that is not answered points at its length", "[diagnosis][large-client-hello]")
{
    const auto cause = "large-client-hello-intolerance";
    const auto [kind, confidence] = GENERATE(std::pair(SocketEventKind::server_reset, Confidence::likely),
                                             std::pair(SocketEventKind::server_fin, Confidence::possible));
    CHECK(claim(diagnose_wire(WireMaker(long_hello()).socket(kind).wire()), cause) == confidence);
    CHECK_FALSE(claim(diagnose_wire(WireMaker(modern_hello()).socket(kind).wire()), cause));
    const auto answered = WireMaker(long_hello()).server_hello(ProtocolVersion::tls13).socket(kind).wire();
    CHECK_FALSE(claim(diagnose_wire(answered), cause));
}

TEST_CASE("an end without reason behind an offer of TLS 1.3 may be intolerance of it",
          "[diagnosis][version-intolerance]")
{
    const auto cause = "version-intolerance";
    const auto kind = GENERATE(SocketEventKind::server_reset, SocketEventKind::server_fin);
    CHECK(claim(diagnose_wire(WireMaker(modern_hello()).socket(kind).wire()), cause) == Confidence::possible);
    // An alert that names the version is no intolerance.
    const auto named = WireMaker(modern_hello()).server_alert(AlertDescription::protocol_version).wire();
    CHECK_FALSE(claim(diagnose_wire(named), cause));
}

TEST_CASE("a greeting of another protocol asks for STARTTLS", "[diagnosis][starttls-expected]")
{
    const std::string mysql("\x4a\x00\x00\x00\x0a"
                            "8.0.36",
                            11);
    const std::string text = GENERATE_COPY(
        values<std::string>({"220 mail.test ESMTP\r\n", "* OK ready\r\n", "+OK ready\r\n", "<stream:stream>", mysql}));
    const auto wire = WireMaker(modern_hello()).server_says(text).socket(SocketEventKind::server_fin).wire();
    CHECK(claim(diagnose_wire(wire), "starttls-expected") == Confidence::likely);
    const auto page = WireMaker(modern_hello()).server_says("HTTP/1.1 400 Bad Request\r\n").wire();
    CHECK_FALSE(claim(diagnose_wire(page), "starttls-expected"));
}

TEST_CASE("a PROXY header that is missing shows as any end before the ServerHello", "[diagnosis][proxy-protocol]")
{
    const auto cause = "proxy-protocol-expected";
    const auto early = WireMaker(modern_hello()).socket(SocketEventKind::server_reset).wire();
    CHECK(claim(diagnose_wire(early), cause) == Confidence::possible);
    CHECK_FALSE(claim(diagnose_wire(tls12().socket(SocketEventKind::server_reset).wire()), cause));
}

TEST_CASE("a RST in answer to the SYN says that nothing listens there", "[diagnosis][server-not-listening]")
{
    Transcript wire;
    wire.events.emplace_back(SocketEvent{SocketEventKind::server_reset, {}, Phase::before_client_hello});
    CHECK(top(diagnose_wire(wire)) == "server-not-listening");
    CHECK(claim(diagnose_wire(wire), "middlebox-reset") == Confidence::possible);
    std::get<SocketEvent>(wire.events.front()).at = std::chrono::milliseconds(1); // of a connection that was accepted
    CHECK_FALSE(claim(diagnose_wire(wire), "server-not-listening"));
}

TEST_CASE("a mailbox's greeting asks for STARTTLS, a mail exchanger's may be all there is", "[diagnosis]")
{
    const auto greeted = [](std::string_view text) {
        return top(diagnose_wire(WireMaker(modern_hello()).server_says(text).wire()));
    };
    CHECK(greeted("* OK [CAPABILITY IMAP4rev1 STARTTLS] ready") == "starttls-expected");
    CHECK(greeted("+OK ready") == "starttls-expected");
    CHECK(greeted("220 mail.example ESMTP") == "not-tls");
}

TEST_CASE("of the causes of a reset, its own length speaks for a long ClientHello", "[diagnosis]")
{
    const auto reset = [](ClientHello hello) {
        return top(diagnose_wire(WireMaker(std::move(hello)).socket(SocketEventKind::server_reset).wire()));
    };
    CHECK(reset(long_hello()) == "large-client-hello-intolerance");
    CHECK(reset(modern_hello()) == "middlebox-reset");
}
