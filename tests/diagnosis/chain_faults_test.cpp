// SPDX-License-Identifier: GPL-2.0-or-later
// The causes that a reader of the server's chain sees, and those that only a second clock or the client's words tell.
#include "tests/diagnosis/evidence_maker.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

struct Fixture {
    TemporaryDirectory directory;
    StateDirectory state{directory.path() / "state", now()};

    /// TLS 1.2: the server's flight with this chain, refused by the client.
    Transcript refused(const std::string& defect, AlertDescription description, KeyType key = KeyType::ec_p256)
    {
        return WireMaker(tls12_hello())
            .server_hello(ProtocolVersion::tls12)
            .chain(forge_with(state, defect, key).certificates)
            .reach(Phase::after_server_flight)
            .client_alert(description)
            .wire();
    }
};

struct Fault {
    const char* defect;
    AlertDescription alert;
    const char* says;
    const char* cause;
};

const Fault kCertain[] = {
    {"intermediate-expired", AlertDescription::certificate_expired, "verify:expired", "intermediate-expired"},
    {"wrong-eku", AlertDescription::unsupported_certificate, "verify:wrong-usage", "certificate-wrong-usage"},
    {"intermediate-not-a-ca", AlertDescription::unknown_ca, "verify:constraint", "certificate-constraint"},
    {"path-length-exceeded", AlertDescription::unknown_ca, "verify:constraint", "certificate-constraint"},
    {"name-constraint-violated", AlertDescription::certificate_unknown, "verify:constraint", "certificate-constraint"},
    {"unknown-critical-extension", AlertDescription::certificate_unknown, "verify:constraint",
     "certificate-constraint"},
    {"sha1-signed", AlertDescription::bad_certificate, "verify:weak-signature", "certificate-weak-signature"},
    {"md5-signed", AlertDescription::bad_certificate, "verify:weak-signature", "certificate-weak-signature"},
    {"sha1-intermediate", AlertDescription::bad_certificate, "verify:weak-signature", "certificate-weak-signature"},
    {"broken-signature", AlertDescription::decrypt_error, "verify:malformed", "certificate-malformed"},
    {"ten-thousand-sans", AlertDescription::illegal_parameter, "local:message-too-large",
     "certificate-chain-too-large"},
};

} // namespace

TEST_CASE_METHOD(Fixture, "what the chain shows and the client names is certain", "[diagnosis][chain-faults]")
{
    for (const auto& fault : kCertain) {
        INFO(fault.defect);
        const auto findings = diagnose_both(refused(fault.defect, fault.alert), {fault.says});
        CHECK(top(findings) == fault.cause);
        CHECK(claim(findings, fault.cause) == Confidence::certain);
    }
}

TEST_CASE_METHOD(Fixture, "octets that cannot be read may be the file's fault or the certificate's",
                 "[diagnosis][certificate-malformed]")
{
    for (const auto* defect : {"truncated", "trailing-bytes", "garbled"}) {
        INFO(defect);
        const auto findings = diagnose_both(refused(defect, AlertDescription::decode_error), {"verify:malformed"});
        const auto claimed = claim(findings, "certificate-malformed");
        REQUIRE(claimed);
        CHECK(*claimed != Confidence::certain);
    }
}

TEST_CASE_METHOD(Fixture, "the same words about a healthy chain blame none of its faults", "[diagnosis][chain-faults]")
{
    for (const auto& fault : kCertain) {
        INFO(fault.says);
        CHECK_FALSE(claim(diagnose_both(refused("", fault.alert), {fault.says}), fault.cause));
    }
}

TEST_CASE_METHOD(Fixture, "words alone name the cause, and are certain where nothing else is worded so",
                 "[diagnosis][chain-faults]")
{
    for (const auto& fault : kCertain) {
        const std::string_view says = fault.says;
        if (says == "verify:expired") continue; // the leaf comes first
        INFO(says);
        const bool own = says == "verify:weak-signature" || says == "verify:weak-key";
        CHECK(claim(diagnose_text({says}), fault.cause) == (own ? Confidence::certain : Confidence::likely));
    }
}

TEST_CASE_METHOD(Fixture, "a small RSA key is certain, whatever signed it", "[diagnosis][certificate-weak-key]")
{
    const auto findings =
        diagnose_both(refused("", AlertDescription::bad_certificate, KeyType::rsa_1024), {"verify:weak-key"});
    CHECK(claim(findings, "certificate-weak-key") == Confidence::certain);
    CHECK_FALSE(claim(findings, "certificate-weak-signature"));
}

TEST_CASE_METHOD(Fixture, "a CA in front of the server's certificate is an order, not a purpose",
                 "[diagnosis][certificate-chain-misordered]")
{
    const auto findings =
        diagnose_both(refused("leaf-last", AlertDescription::unsupported_certificate), {"verify:wrong-usage"});
    CHECK(top(findings) == "certificate-chain-misordered");
    CHECK_FALSE(claim(findings, "certificate-wrong-usage"));
}

TEST_CASE_METHOD(Fixture, "an issuer in front of what it issued is likely, beside a missing one",
                 "[diagnosis][certificate-chain-misordered]")
{
    const auto findings = diagnose_both(refused("wrong-order", AlertDescription::unknown_ca),
                                        {"verify:unknown-ca", "verify:incomplete-chain"});
    CHECK(claim(findings, "certificate-chain-misordered") == Confidence::likely);
    CHECK_FALSE(claim(diagnose_both(refused("", AlertDescription::unknown_ca), {"verify:unknown-ca"}),
                      "certificate-chain-misordered"));
}

TEST_CASE_METHOD(Fixture, "a chain that is too deep is likely where the client misses an issuer",
                 "[diagnosis][certificate-chain-too-large]")
{
    const auto findings = diagnose_both(refused("depth-12", AlertDescription::unknown_ca), {"verify:unknown-ca"});
    CHECK(claim(findings, "certificate-chain-too-large") == Confidence::likely);
}

TEST_CASE_METHOD(Fixture, "dates that exclude each other are a malformed certificate",
                 "[diagnosis][certificate-malformed]")
{
    const auto findings =
        diagnose_both(refused("ends-before-it-starts", AlertDescription::bad_certificate), {"verify:not-yet-valid"});
    CHECK(top(findings) == "certificate-malformed");
    CHECK_FALSE(claim(findings, "certificate-not-yet-valid"));
    CHECK_FALSE(claim(findings, "certificate-expired"));
}

TEST_CASE_METHOD(Fixture, "expired, and all that was sent is in date: the client's clock or its root",
                 "[diagnosis][client-clock-wrong][root-expired]")
{
    const auto findings = diagnose_both(refused("", AlertDescription::certificate_expired), {"verify:expired"});
    CHECK(claim(findings, "client-clock-wrong") == Confidence::likely);
    CHECK(claim(findings, "root-expired") == Confidence::likely);
    CHECK_FALSE(claim(diagnose_both(refused("expired", AlertDescription::certificate_expired), {"verify:expired"}),
                      "client-clock-wrong"));
}

TEST_CASE_METHOD(Fixture, "not yet valid, and all that was sent is in date: the client's clock alone",
                 "[diagnosis][client-clock-wrong][root-expired]")
{
    const auto findings = diagnose_both(refused("", AlertDescription::bad_certificate), {"verify:not-yet-valid"});
    CHECK(top(findings) == "client-clock-wrong");
    CHECK_FALSE(claim(findings, "root-expired"));
}

TEST_CASE_METHOD(Fixture, "what only the client knows is taken from its words", "[diagnosis][certificate-revoked]")
{
    const auto wire = refused("", AlertDescription::certificate_revoked);
    CHECK(claim(diagnose_both(wire, {"verify:revoked"}), "certificate-revoked") == Confidence::certain);
    CHECK(claim(diagnose_wire(wire), "certificate-revoked") == Confidence::likely);
    CHECK(claim(diagnose_text({"verify:pin-mismatch"}), "certificate-pin-mismatch") == Confidence::certain);
    CHECK(claim(diagnose_text({"verify:status-missing"}), "staple-missing") == Confidence::likely);
    CHECK(claim(diagnose_text({"verify:status-invalid"}), "staple-invalid") == Confidence::likely);
    CHECK_FALSE(claim(diagnose_text({"verify:expired"}), "certificate-revoked"));
    CHECK_FALSE(claim(diagnose_text({"verify:expired"}), "certificate-pin-mismatch"));
}

TEST_CASE_METHOD(Fixture, "words that may mean anything leave a good chain's status as open as the roots and the clock",
                 "[diagnosis][certificate-revoked][certificate-untrusted-root]")
{
    const std::initializer_list<std::string_view> vague = {"verify:revoked", "verify:expired", "verify:unknown-ca",
                                                           "verify:status-missing"};
    const auto findings = diagnose_both(refused("", AlertDescription::bad_certificate), vague);
    for (const auto* cause :
         {"certificate-revoked", "certificate-untrusted-root", "root-expired", "client-clock-wrong"})
        CHECK(claim(findings, cause) == Confidence::possible);
    // The alert beside them may mean one thing alone.
    CHECK(top(diagnose_both(refused("", AlertDescription::certificate_revoked), vague)) == "certificate-revoked");
    CHECK(claim(diagnose_both(refused("", AlertDescription::certificate_revoked), vague), "certificate-revoked") ==
          Confidence::certain);
}
