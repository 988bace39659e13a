// SPDX-License-Identifier: GPL-2.0-or-later
// Diagnosis of text alone: order among causes of one text, what a client tells beside its error, a server's words.
#include "tests/diagnosis/evidence_maker.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

std::vector<Finding> by_text(std::initializer_list<std::string_view> symptoms, std::string_view account = {})
{
    SymptomSet set;
    for (const auto symptom : symptoms) set.push_back(*Symptom::parse(symptom));
    Evidence evidence = gather_evidence(nullptr, set, "openssl", "");
    evidence.account = read_account(account);
    return diagnose(evidence);
}

std::size_t place(const std::vector<Finding>& findings, std::string_view cause)
{
    for (std::size_t i = 0; i < findings.size(); ++i)
        if (findings[i].cause == cause) return i;
    return 99;
}

TEST_CASE("alert 40 alone names the usual causes, and none for certain", "[diagnosis][text]")
{
    const auto findings = by_text({"alert-received:handshake_failure"});
    CHECK(place(findings, "cipher-mismatch") == 0);
    CHECK(place(findings, "client-certificate-required") < 99);
    for (const auto& finding : findings) CHECK(finding.confidence != Confidence::certain);
}

TEST_CASE("the client's account of the phase decides between offer and client certificate", "[diagnosis][text]")
{
    const auto early = by_text({"alert-received:handshake_failure"}, "SSL handshake has read 7 bytes and");
    CHECK(place(early, "client-certificate-required") == 99);
    CHECK(place(early, "cipher-mismatch") == 0);
    const auto late = by_text({"alert-received:handshake_failure"}, "SSL handshake has read 2352 bytes and");
    CHECK(place(late, "client-certificate-required") == 0);
    CHECK(place(late, "cipher-mismatch") == 99);
}

TEST_CASE("a listed chain tells an incomplete one from an untrusted root", "[diagnosis][text]")
{
    const auto alone = by_text({"verify:unknown-ca", "verify:incomplete-chain"}, " - subject `CN=a', issuer `CN=b'\n");
    CHECK(place(alone, "certificate-chain-incomplete") == 0);
    const auto whole = by_text({"verify:unknown-ca", "verify:incomplete-chain", "verify:self-signed"},
                               " - subject `CN=a', issuer `CN=b'\n - subject `CN=b', issuer `CN=r'\n");
    CHECK(place(whole, "certificate-untrusted-root") == 0);
    CHECK(place(whole, "certificate-self-signed") == 99);
    const auto self = by_text({"verify:unknown-ca", "verify:incomplete-chain", "verify:self-signed"},
                              " - subject `CN=a', issuer `CN=a'\n");
    CHECK(place(self, "certificate-self-signed") == 0);
    CHECK(place(self, "certificate-chain-incomplete") == 99);
}

TEST_CASE("a verification that failed above the leaf is about an issuer", "[diagnosis][text]")
{
    const auto issuer = by_text({"verify:expired"}, "depth=1 CN = x\nverify error:num=10:certificate has expired");
    CHECK(place(issuer, "intermediate-expired") == 0);
    const auto leaf = by_text({"verify:expired"}, "depth=0 CN = x\nverify error:num=10:certificate has expired");
    CHECK(place(leaf, "certificate-expired") == 0);
    CHECK(place(leaf, "intermediate-expired") == 99);
}

TEST_CASE("a server's own words name its reason", "[diagnosis][text][server]")
{
    CHECK(place(by_text({"server:client-certificate-expired"}), "client-certificate-expired") == 0);
    CHECK(by_text({"server:client-certificate-expired"}).front().confidence == Confidence::certain);
    CHECK(place(by_text({"server:cipher"}), "cipher-mismatch") == 0);
    CHECK(place(by_text({"server:cipher"}), "server-certificate-missing") < 99);
    CHECK(by_text({"server:left"}).front().confidence == Confidence::possible);
}

TEST_CASE("an alert that the client sent blames what the server showed it", "[diagnosis][text][server]")
{
    const auto findings = by_text({"alert-sent:unknown_ca"});
    CHECK(place(findings, "certificate-untrusted-root") == 0);
    CHECK(place(findings, "client-certificate-untrusted") == 99);
    CHECK(place(by_text({"alert-received:unknown_ca"}), "client-certificate-untrusted") == 0);
    CHECK(place(by_text({"alert-sent:handshake_failure"}), "weak-dh") == 0);
}

TEST_CASE("a text of many meanings makes none of them likely", "[diagnosis][text]")
{
    const auto findings = by_text({"verify:expired", "verify:unknown-ca", "verify:revoked", "verify:status-missing"});
    REQUIRE_FALSE(findings.empty());
    for (const auto& finding : findings) CHECK(finding.confidence == Confidence::possible);
}

TEST_CASE("each reason that a server can have, and each alert of a client, leads to a cause",
          "[diagnosis][text][server]")
{
    for (const auto& name : all_symptom_names()) {
        const auto symptom = Symptom::parse(name);
        REQUIRE(symptom);
        if (symptom->kind() != "server") continue;
        INFO(name);
        CHECK_FALSE(by_text({name}).empty());
    }
}

TEST_CASE("one text for all that is not trusted is an unknown root's before a self-signed certificate's",
          "[diagnosis][text]")
{
    const auto any = by_text({"verify:unknown-ca", "verify:incomplete-chain", "verify:self-signed"});
    CHECK(place(any, "certificate-untrusted-root") == 0);
    CHECK(place(any, "tls-inspection") < 3);
    CHECK(place(by_text({"verify:self-signed"}), "certificate-self-signed") == 0);
}

} // namespace
} // namespace alert40
