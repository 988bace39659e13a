// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/diagnosis/evidence_maker.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

struct Fixture {
    TemporaryDirectory directory;
    StateDirectory state{directory.path() / "state", now()};

    Transcript flight(const std::string& defect, ClientHello hello = tls12_hello())
    {
        return WireMaker(std::move(hello))
            .server_hello(ProtocolVersion::tls12)
            .chain(forge_with(state, defect).certificates)
            .reach(Phase::after_server_flight)
            .wire();
    }
    static Transcript ended(Transcript wire, AlertDescription description)
    {
        RecordEvent event;
        event.direction = Direction::client_to_server;
        event.at = std::chrono::milliseconds(10);
        event.phase = wire.phase;
        event.type = ContentType::alert;
        event.alert = Alert{AlertLevel::fatal, description};
        wire.events.emplace_back(event);
        return wire;
    }
    static Transcript closed(Transcript wire)
    {
        wire.events.emplace_back(SocketEvent{SocketEventKind::client_fin, std::chrono::milliseconds(10), wire.phase});
        return wire;
    }
    std::vector<Finding> refused(const std::string& defect, AlertDescription description)
    {
        return diagnose_wire(ended(flight(defect), description));
    }
};

/// TLS 1.3 that nobody can read: the client answers the server's flight with a record of an alert's length.
Transcript hidden_refusal()
{
    return WireMaker(modern_hello())
        .server_hello(ProtocolVersion::tls13)
        .hidden(Direction::server_to_client, 1200)
        .hidden(Direction::client_to_server, 19)
        .socket(SocketEventKind::client_fin)
        .wire();
}

} // namespace

TEST_CASE_METHOD(Fixture, "an expired leaf that the client refuses is certain", "[diagnosis][certificate-expired]")
{
    const auto alert = GENERATE(AlertDescription::certificate_expired, AlertDescription::bad_certificate,
                                AlertDescription::certificate_unknown);
    const auto findings = refused("expired", alert);
    CHECK(top(findings) == "certificate-expired");
    CHECK(claim(findings, "certificate-expired") == Confidence::certain);
    CHECK_FALSE(claim(findings, "certificate-wrong-name"));
}

TEST_CASE_METHOD(Fixture, "an expired leaf and a close without alert are likely, and certain with words",
                 "[diagnosis][certificate-expired]")
{
    const auto wire = closed(flight("expired"));
    CHECK(claim(diagnose_wire(wire), "certificate-expired") == Confidence::likely);
    CHECK(claim(diagnose_both(wire, {"verify:expired"}), "certificate-expired") == Confidence::certain);
}

TEST_CASE_METHOD(Fixture, "the same 45 about a leaf that is in date is not an expired certificate",
                 "[diagnosis][certificate-expired]")
{
    CHECK_FALSE(claim(refused("", AlertDescription::certificate_expired), "certificate-expired"));
    CHECK_FALSE(claim(diagnose_both(closed(flight("")), {"verify:expired"}), "certificate-expired"));
}

TEST_CASE("words without a chain are only likely: the client's clock may be wrong", "[diagnosis][certificate-expired]")
{
    CHECK(claim(diagnose_text({"verify:expired"}), "certificate-expired") == Confidence::likely);
    const auto go = diagnose_text({"verify:expired", "verify:not-yet-valid"});
    CHECK(claim(go, "certificate-expired") == Confidence::possible);
    CHECK(claim(go, "certificate-not-yet-valid") == Confidence::possible);
}

TEST_CASE("45 from the server is about the client's certificate", "[diagnosis][certificate-expired]")
{
    const auto wire = WireMaker(tls12_hello())
                          .server_hello(ProtocolVersion::tls12)
                          .certificate_request()
                          .client_chain({some_bytes(300)})
                          .reach(Phase::after_client_finished)
                          .server_alert(AlertDescription::certificate_expired)
                          .wire();
    CHECK(top(diagnose_wire(wire)) == "client-certificate-expired");
    CHECK_FALSE(claim(diagnose_wire(wire), "certificate-expired"));
}

TEST_CASE_METHOD(Fixture, "a leaf that is not valid yet", "[diagnosis][certificate-not-yet-valid]")
{
    const auto findings = refused("not-yet-valid", AlertDescription::bad_certificate);
    CHECK(claim(findings, "certificate-not-yet-valid") == Confidence::certain);
    CHECK(claim(diagnose_text({"verify:not-yet-valid"}), "certificate-not-yet-valid") == Confidence::likely);
    // The same 42 about a leaf for another name, and the same words from a client whose clock is behind.
    CHECK_FALSE(claim(refused("wrong-name", AlertDescription::bad_certificate), "certificate-not-yet-valid"));
    CHECK_FALSE(claim(diagnose_both(closed(flight("")), {"verify:not-yet-valid"}), "certificate-not-yet-valid"));
}

TEST_CASE_METHOD(Fixture, "one certificate that signs itself is certain", "[diagnosis][certificate-self-signed]")
{
    const auto findings = refused("self-signed", AlertDescription::unknown_ca);
    CHECK(top(findings) == "certificate-self-signed");
    CHECK(claim(findings, "certificate-self-signed") == Confidence::certain);
    CHECK_FALSE(claim(findings, "certificate-untrusted-root"));
    CHECK_FALSE(claim(findings, "certificate-chain-incomplete"));
}

TEST_CASE_METHOD(Fixture, "a self-signed placeholder for another name is a default host's, too",
                 "[diagnosis][certificate-self-signed]")
{
    const auto hello = with(tls12_hello(), server_name_extension("other.alert40.test"));
    const auto findings = diagnose_wire(ended(flight("self-signed", hello), AlertDescription::unknown_ca));
    CHECK(claim(findings, "certificate-self-signed") == Confidence::likely);
    CHECK(claim(findings, "sni-unknown-name") == Confidence::possible);
}

TEST_CASE_METHOD(Fixture, "the same 48 about a whole chain is an untrusted root, never certain",
                 "[diagnosis][certificate-untrusted-root]")
{
    const auto findings = refused("untrusted-root", AlertDescription::unknown_ca);
    CHECK(top(findings) == "certificate-untrusted-root");
    CHECK(claim(findings, "certificate-untrusted-root") == Confidence::likely);
    CHECK(claim(findings, "certificate-chain-incomplete") == Confidence::possible);
    CHECK_FALSE(claim(findings, "certificate-self-signed"));
}

TEST_CASE_METHOD(Fixture, "the same 48 about a leaf alone is a missing intermediate first",
                 "[diagnosis][certificate-chain-incomplete]")
{
    const auto findings = refused("incomplete-chain", AlertDescription::unknown_ca);
    CHECK(top(findings) == "certificate-chain-incomplete");
    CHECK(claim(findings, "certificate-chain-incomplete") == Confidence::likely);
    CHECK(claim(findings, "certificate-untrusted-root") == Confidence::possible);
}

TEST_CASE("OpenSSL's error 20 in words alone is a missing intermediate or an untrusted root",
          "[diagnosis][certificate-chain-incomplete]")
{
    const auto findings = diagnose_text({"verify:unknown-ca", "verify:incomplete-chain"});
    CHECK(top(findings) == "certificate-untrusted-root");
    CHECK(claim(findings, "certificate-chain-incomplete") == Confidence::possible);
}

TEST_CASE_METHOD(Fixture, "a leaf for another name is likely: the server may be another one",
                 "[diagnosis][certificate-wrong-name]")
{
    const auto alert = GENERATE(AlertDescription::bad_certificate, AlertDescription::certificate_unknown,
                                AlertDescription::internal_error, AlertDescription::handshake_failure);
    const auto findings = refused("wrong-name", alert);
    CHECK(top(findings) == "certificate-wrong-name");
    CHECK(claim(findings, "certificate-wrong-name") == Confidence::likely);
    CHECK(claim(diagnose_both(closed(flight("wrong-name")), {"verify:name-mismatch"}), "certificate-wrong-name") ==
          Confidence::likely);
}

TEST_CASE_METHOD(Fixture, "the same 42 about a leaf for this name is not a wrong name",
                 "[diagnosis][certificate-wrong-name]")
{
    CHECK_FALSE(claim(refused("", AlertDescription::bad_certificate), "certificate-wrong-name"));
}

TEST_CASE_METHOD(Fixture, "words about another name overrule a suspicion about dates",
                 "[diagnosis][certificate-wrong-name]")
{
    const auto findings =
        diagnose_both(ended(flight("expired"), AlertDescription::bad_certificate), {"verify:name-mismatch"});
    CHECK_FALSE(claim(findings, "certificate-expired"));
}

TEST_CASE("a hidden refusal in TLS 1.3 leaves every certificate cause possible and none more",
          "[diagnosis][certificate-wrong-name]")
{
    const auto findings = diagnose_wire(hidden_refusal());
    for (const auto* cause : {"certificate-expired", "certificate-self-signed", "certificate-untrusted-root",
                              "certificate-chain-incomplete", "certificate-not-yet-valid", "server-key-mismatch"})
        CHECK(claim(findings, cause) == Confidence::possible);
    CHECK_FALSE(claim(findings, "client-certificate-required"));
    CHECK(top(diagnose_both(hidden_refusal(), {"verify:expired"})) == "certificate-expired");
}

TEST_CASE("words for the extended key usage alone are certain", "[diagnosis][certificate-wrong-usage]")
{
    const auto said = [](const std::string& words) {
        return diagnose(gather_evidence(nullptr, symptoms({"verify:wrong-usage"}), "", words));
    };
    CHECK(claim(said("x509: certificate specifies an incompatible key usage"), "certificate-wrong-usage") ==
          Confidence::certain);
    // OpenSSL says so of a CA's certificate in the server's place as well.
    CHECK(claim(said("unsuitable certificate purpose"), "certificate-wrong-usage") == Confidence::likely);
}

TEST_CASE("an issuer that is named after inspection is certain, one after a gateway likely",
          "[diagnosis][tls-inspection]")
{
    const auto named = [](const std::string& issuer, const char* also = "verify:incomplete-chain") {
        auto evidence = gather_evidence(nullptr, symptoms({"verify:unknown-ca", also}), "", "");
        evidence.account = read_account(" - subject `CN=a', issuer `" + issuer + "'\n");
        return diagnose(evidence);
    };
    CHECK(claim(named("CN=Acme TLS Inspection CA"), "tls-inspection") == Confidence::certain);
    CHECK(claim(named("CN=Acme Gateway CA"), "tls-inspection") == Confidence::likely);
    // An inspector's certificates expire as well.
    CHECK(claim(named("CN=Acme TLS Inspection CA", "verify:expired"), "tls-inspection") == Confidence::likely);
}

TEST_CASE("a server that fails when it is about to sign has a key too short; Java says so of schemes",
          "[diagnosis][certificate-weak-key]")
{
    const auto failed = [](std::uint16_t alert) {
        const auto wire = WireMaker(modern_hello())
                              .server_hello(ProtocolVersion::tls13)
                              .hidden(Direction::server_to_client, alert)
                              .socket(SocketEventKind::server_fin)
                              .wire();
        return diagnose_both(wire, {"alert-received:internal_error"});
    };
    CHECK(top(failed(19)) == "certificate-weak-key");
    CHECK(top(failed(35)) == "signature-scheme-mismatch");
}

TEST_CASE("46 of OpenSSL's client, in clear in TLS 1.3, is about a constraint", "[diagnosis][certificate-constraint]")
{
    const auto refused = [](ClientHello hello) {
        auto maker = WireMaker(std::move(hello)).server_hello(ProtocolVersion::tls13);
        maker.hidden(Direction::server_to_client, 1700);
        return diagnose_wire(maker.client_alert(AlertDescription::certificate_unknown).wire());
    };
    auto like_openssl = with(modern_hello(), Extension{ExtensionType::encrypt_then_mac, {}});
    like_openssl.cipher_suites.push_back(static_cast<CipherSuite>(0x00FF));
    CHECK(top(refused(like_openssl)) == "certificate-constraint");
    CHECK(claim(refused(modern_hello()), "certificate-constraint") == Confidence::possible);
}
