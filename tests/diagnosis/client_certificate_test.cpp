// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/hidden_flight.h"
#include "tests/diagnosis/evidence_maker.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

struct Fixture {
    TemporaryDirectory directory;
    StateDirectory state{directory.path() / "state", now()};

    std::vector<Bytes> client(const std::string& defect)
    {
        return forge_with(state, defect, KeyType::ec_p256, CertificatePurpose::client).certificates;
    }
};

WireMaker asked()
{
    auto maker = WireMaker(tls12_hello()).server_hello(ProtocolVersion::tls12).certificate_request();
    return maker.reach(Phase::after_server_flight);
}

Transcript answered(std::vector<Bytes> chain, AlertDescription description)
{
    return asked().client_chain(std::move(chain)).reach(Phase::after_client_finished).server_alert(description).wire();
}

/// TLS 1.3 that nobody can read: the client's first record, its Finished, and the server's alert.
Transcript hidden_answer(std::uint16_t length)
{
    return WireMaker(modern_hello())
        .server_hello(ProtocolVersion::tls13)
        .hidden(Direction::server_to_client, 1200)
        .hidden(Direction::client_to_server, length)
        .hidden(Direction::client_to_server, 53)
        .hidden(Direction::server_to_client, 19)
        .socket(SocketEventKind::server_fin)
        .wire();
}

} // namespace

TEST_CASE("an empty answer to a CertificateRequest and a refusal", "[diagnosis][client-certificate-required]")
{
    const auto alert = GENERATE(AlertDescription::handshake_failure, AlertDescription::bad_certificate,
                                AlertDescription::decode_error, AlertDescription::certificate_required);
    const auto findings = diagnose_wire(answered({}, alert));
    CHECK(top(findings) == "client-certificate-required");
    CHECK(claim(findings, "client-certificate-required") == Confidence::likely);
    // Go and Java send none that the server's list does not cover.
    CHECK(claim(findings, "client-certificate-untrusted") == Confidence::possible);
    CHECK_FALSE(claim(findings, "client-certificate-expired"));
    CHECK_FALSE(claim(findings, "cipher-mismatch"));
}

TEST_CASE("OpenSSL sends what it has: its empty answer means that it has none",
          "[diagnosis][client-certificate-required]")
{
    const auto findings = diagnose_wire(answered({}, AlertDescription::certificate_required), "openssl");
    CHECK(claim(findings, "client-certificate-required") == Confidence::certain);
    CHECK_FALSE(claim(findings, "client-certificate-untrusted"));
}

TEST_CASE("an alert that nobody can read, right behind the empty answer, is certain too",
          "[diagnosis][client-certificate-required]")
{
    CHECK(claim(diagnose_wire(hidden_answer(25), "openssl"), "client-certificate-required") == Confidence::certain);
    const auto served = WireMaker(modern_hello())
                            .server_hello(ProtocolVersion::tls13)
                            .hidden(Direction::server_to_client, 1200)
                            .hidden(Direction::client_to_server, 25)
                            .hidden(Direction::client_to_server, 53)
                            .hidden(Direction::server_to_client, 250)
                            .hidden(Direction::server_to_client, 19)
                            .wire();
    CHECK_FALSE(may_answer_flight_by_alert(served));
}

TEST_CASE("gnutls-cli sends what it was given, whatever the server's list says",
          "[diagnosis][client-certificate-required]")
{
    const auto wire = answered({}, AlertDescription::handshake_failure);
    auto evidence = gather_evidence(&wire, symptoms({"alert-received:handshake_failure"}), "gnutls", "");
    CHECK(claim(diagnose(evidence), "client-certificate-untrusted") == Confidence::possible);
    evidence.account = read_account("- Successfully sent 0 certificate(s) to server.\n");
    CHECK(claim(diagnose(evidence), "client-certificate-required") == Confidence::certain);
    CHECK_FALSE(claim(diagnose(evidence), "client-certificate-untrusted"));
}

TEST_CASE("without a list of authorities nothing is withheld", "[diagnosis][client-certificate-untrusted]")
{
    auto maker = WireMaker(tls12_hello()).server_hello(ProtocolVersion::tls12).certificate_request({}).client_chain({});
    maker.reach(Phase::after_client_finished).server_alert(AlertDescription::handshake_failure);
    CHECK_FALSE(claim(diagnose_wire(maker.wire()), "client-certificate-untrusted"));
    CHECK(claim(diagnose_wire(maker.wire()), "client-certificate-required") == Confidence::certain);
}

TEST_CASE("the same 40 without a CertificateRequest is not about a client certificate",
          "[diagnosis][client-certificate-required]")
{
    const auto early = WireMaker(tls12_hello()).server_alert(AlertDescription::handshake_failure).wire();
    CHECK_FALSE(claim(diagnose_wire(early), "client-certificate-required"));
    const auto late = WireMaker(tls12_hello())
                          .server_hello(ProtocolVersion::tls12)
                          .reach(Phase::after_client_finished)
                          .server_alert(AlertDescription::handshake_failure)
                          .wire();
    CHECK_FALSE(claim(diagnose_wire(late), "client-certificate-required"));
}

TEST_CASE("TLS 1.3 shows an empty Certificate by its length", "[diagnosis][client-certificate-required]")
{
    const auto findings = diagnose_wire(hidden_answer(GENERATE(as<std::uint16_t>{}, 25, 41, 61, 77)));
    CHECK(top(findings) == "client-certificate-required");
    CHECK(claim(findings, "client-certificate-required") == Confidence::likely);
    CHECK_FALSE(claim(findings, "client-certificate-expired"));
}

TEST_CASE("TLS 1.3 shows that a certificate was sent, and not which", "[diagnosis][client-certificate-untrusted]")
{
    const auto findings = diagnose_wire(hidden_answer(901));
    CHECK(claim(findings, "client-certificate-untrusted") == Confidence::possible);
    CHECK(claim(findings, "client-certificate-expired") == Confidence::possible);
    CHECK_FALSE(claim(findings, "client-certificate-required"));
    const auto named = diagnose_both(hidden_answer(901), {"alert-received:certificate_expired"});
    CHECK(claim(named, "client-certificate-expired") == Confidence::likely);
    CHECK_FALSE(claim(named, "client-certificate-untrusted"));
}

TEST_CASE_METHOD(Fixture, "48 about a client certificate that is in date", "[diagnosis][client-certificate-untrusted]")
{
    const auto findings = diagnose_wire(answered(client(""), AlertDescription::unknown_ca));
    CHECK(claim(findings, "client-certificate-untrusted") == Confidence::certain);
    CHECK_FALSE(claim(findings, "client-certificate-required"));
    // The same 48 from the client is about the server's certificate.
    const auto reverse = asked().client_alert(AlertDescription::unknown_ca).wire();
    CHECK_FALSE(claim(diagnose_wire(reverse), "client-certificate-untrusted"));
}

TEST_CASE_METHOD(Fixture, "the dates decide what 42 and 49 mean", "[diagnosis][client-certificate-expired]")
{
    const auto alert = GENERATE(AlertDescription::bad_certificate, AlertDescription::access_denied);
    const auto old = diagnose_wire(answered(client("expired"), alert));
    CHECK(claim(old, "client-certificate-expired") == Confidence::likely);
    CHECK_FALSE(claim(old, "client-certificate-untrusted"));
    const auto good = diagnose_wire(answered(client(""), alert));
    CHECK(claim(good, "client-certificate-untrusted") == Confidence::likely);
    CHECK_FALSE(claim(good, "client-certificate-expired"));
}

TEST_CASE_METHOD(Fixture, "45 about a client certificate that ended is certain",
                 "[diagnosis][client-certificate-expired]")
{
    const auto findings = diagnose_wire(answered(client("expired"), AlertDescription::certificate_expired));
    CHECK(claim(findings, "client-certificate-expired") == Confidence::certain);
    CHECK_FALSE(claim(diagnose_wire(answered(client(""), AlertDescription::certificate_expired)),
                      "client-certificate-expired"));
}

TEST_CASE("a client that leaves at the request may have to ask its user", "[diagnosis][client-certificate-required]")
{
    auto maker = asked().socket(SocketEventKind::client_fin);
    CHECK(claim(diagnose_wire(maker.wire()), "client-certificate-required") == Confidence::likely);
    CHECK_FALSE(claim(diagnose_both(maker.wire(), {"verify:expired"}), "client-certificate-required"));
}

TEST_CASE("received alerts in words alone", "[diagnosis][client-certificate-required]")
{
    CHECK(claim(diagnose_text({"alert-received:certificate_required"}), "client-certificate-required") ==
          Confidence::likely);
    CHECK(claim(diagnose_text({"alert-received:certificate_expired"}), "client-certificate-expired") ==
          Confidence::likely);
    CHECK(claim(diagnose_text({"alert-received:unknown_ca"}), "client-certificate-untrusted") == Confidence::likely);
    const auto bad = diagnose_text({"alert-received:bad_certificate"});
    CHECK(top(bad) == "client-certificate-required");
    CHECK(claim(bad, "client-certificate-untrusted") == Confidence::possible);
    CHECK(claim(bad, "client-certificate-expired") == Confidence::possible);
}

TEST_CASE("nginx answers HTTP 400 where others send an alert", "[diagnosis][client-certificate-required]")
{
    auto maker = asked().client_chain({}).reach(Phase::after_application_data).socket(SocketEventKind::server_fin);
    CHECK(top(diagnose_both(maker.wire(), {"http-status:400"})) == "client-certificate-required");
    CHECK(diagnose_wire(maker.wire()).empty());
}

TEST_CASE_METHOD(Fixture, "a server's certificate on a client is certain with 43",
                 "[diagnosis][client-certificate-wrong-usage]")
{
    const auto by_43 = diagnose_wire(answered(client("wrong-eku"), AlertDescription::unsupported_certificate));
    CHECK(top(by_43) == "client-certificate-wrong-usage");
    CHECK(claim(by_43, "client-certificate-wrong-usage") == Confidence::certain);
    const auto by_42 = diagnose_wire(answered(client("wrong-eku"), AlertDescription::bad_certificate));
    CHECK(claim(by_42, "client-certificate-wrong-usage") == Confidence::likely);
    const auto good = diagnose_wire(answered(client(""), AlertDescription::bad_certificate));
    CHECK_FALSE(claim(good, "client-certificate-wrong-usage"));
}

TEST_CASE_METHOD(Fixture, "51 after the client's certificate is a key that is not its own",
                 "[diagnosis][client-certificate-key-mismatch]")
{
    const auto findings = diagnose_wire(answered(client(""), AlertDescription::decrypt_error));
    CHECK(top(findings) == "client-certificate-key-mismatch");
    CHECK_FALSE(claim(diagnose_wire(answered({}, AlertDescription::decrypt_error)), "client-certificate-key-mismatch"));
}

TEST_CASE_METHOD(Fixture, "a client certificate that begins after the capture is certain",
                 "[diagnosis][client-certificate-not-yet-valid]")
{
    const auto findings = diagnose_wire(answered(client("not-yet-valid"), AlertDescription::bad_certificate));
    CHECK(top(findings) == "client-certificate-not-yet-valid");
    CHECK(claim(findings, "client-certificate-not-yet-valid") == Confidence::certain);
    CHECK_FALSE(claim(diagnose_wire(answered(client(""), AlertDescription::bad_certificate)),
                      "client-certificate-not-yet-valid"));
}

TEST_CASE("a client that cannot load its pair says so, and is not misconfigured in general",
          "[diagnosis][client-certificate-key-mismatch]")
{
    const auto said = [](const std::string& words) {
        return diagnose(gather_evidence(nullptr, symptoms({"local:configuration"}), "openssl", words));
    };
    const auto findings = said("curl: (58) unable to set private key file: 'client.key' type PEM");
    CHECK(top(findings) == "client-certificate-key-mismatch");
    CHECK_FALSE(claim(findings, "client-misconfigured"));
    CHECK_FALSE(claim(said("curl: (59) failed setting cipher list: X"), "client-certificate-key-mismatch"));
}

TEST_CASE("bad_certificate of an OpenSSL server is about the first date, as it has other alerts for other faults",
          "[diagnosis][client-certificate-not-yet-valid]")
{
    auto maker = asked().client_chain({some_bytes(900)});
    const auto refused = [](WireMaker wire) {
        return diagnose_wire(wire.server_alert(AlertDescription::bad_certificate).wire());
    };
    CHECK(claim(refused(maker), "client-certificate-not-yet-valid") == Confidence::possible);
    maker.answer([](ServerHello& hello) { hello.extensions.push_back({ExtensionType::extended_master_secret, {}}); });
    CHECK(top(refused(maker)) == "client-certificate-not-yet-valid");
}

TEST_CASE("45 of an OpenSSL server is about the last date for certain", "[diagnosis][client-certificate-expired]")
{
    auto maker = asked().client_chain({some_bytes(900)});
    const auto refused = [](WireMaker wire) {
        return diagnose_wire(wire.server_alert(AlertDescription::certificate_expired).wire());
    };
    CHECK(claim(refused(maker), "client-certificate-expired") == Confidence::likely);
    maker.answer([](ServerHello& hello) { hello.extensions.push_back({ExtensionType::extended_master_secret, {}}); });
    CHECK(claim(refused(maker), "client-certificate-expired") == Confidence::certain);
}

TEST_CASE("silence behind the client's certificate may be its refusal", "[diagnosis][client-certificate]")
{
    auto maker = asked().client_chain({some_bytes(900)}).reach(Phase::after_client_finished);
    const auto given_up = [&](std::chrono::seconds after) {
        auto waiting = maker;
        return diagnose_wire(waiting.wait(after).socket(SocketEventKind::client_fin).wire());
    };
    CHECK(claim(given_up(std::chrono::seconds(10)), "client-certificate-untrusted") == Confidence::possible);
    CHECK_FALSE(claim(given_up(std::chrono::seconds(0)), "client-certificate-untrusted"));
}

TEST_CASE("40 behind the client's certificate says nothing of what is wrong with it", "[diagnosis][client-certificate]")
{
    auto maker = asked().client_chain({some_bytes(900)}).reach(Phase::after_client_finished);
    const auto findings = diagnose_wire(maker.server_alert(AlertDescription::handshake_failure).wire());
    for (const auto* cause : {"client-certificate-untrusted", "client-certificate-expired",
                              "client-certificate-wrong-usage", "client-certificate-not-yet-valid"})
        CHECK(claim(findings, cause) == Confidence::possible);
}
