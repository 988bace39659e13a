// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/remedy_chain.h"

#include "client-checks/probes/reading.h"
#include "tests/probes/asked.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace test;
using enum SignatureScheme;

/// What is found behind a change that helps, tried as the experimenter does.
std::optional<OldSignature> old_signature_with(Asked& asked, const HelloChange& change)
{
    std::optional<OldSignature> found;
    asked.served.run([&]() -> asio::awaitable<void> {
        const ProbeHello sent = asked.usual();
        auto answer = co_await probe(asked.place(), changed(sent, change));
        Remedy remedy;
        remedy.changes = {change};
        remedy.answers = {std::move(answer)};
        auto got = co_await old_signature_behind(asked.place(), sent, remedy);
        found = std::move(got);
    });
    return found;
}

std::string served_with(const std::string& version, const std::string& recipe)
{
    return "[server]\nversions = [\"" + version + "\"]\ncertificate = \"" + recipe + "\"\n";
}

TEST_CASE("schemes of SHA-1 and MD5 are old ones, and only they", "[probes][remedy]")
{
    ProbeHello sent;
    sent.hello = modern_hello(std::string("one.test"));
    CHECK(adds_old_schemes(sent, {add_schemes({rsa_pkcs1_sha1})}));
    CHECK(adds_old_schemes(sent, {add_version(ProtocolVersion::tls11), add_schemes({ecdsa_sha1, rsa_pkcs1_sha1})}));
    CHECK_FALSE(adds_old_schemes(sent, {add_schemes({ed25519})}));
    CHECK_FALSE(adds_old_schemes(sent, {add_schemes({ed25519, rsa_pkcs1_sha1})}));
    CHECK_FALSE(adds_old_schemes(sent, {add_schemes({rsa_pkcs1_sha256})})); // it is there already
    CHECK_FALSE(adds_old_schemes(sent, {}));
}

TEST_CASE("a certificate that is signed with SHA-1 is seen behind the scheme that helps", "[probes][remedy]")
{
    const auto version = GENERATE(as<std::string>(), "1.2", "1.3"); // in TLS 1.3 it takes a whole handshake
    const auto recipe = GENERATE(as<std::string>(), "sha1-signed", "sha1-intermediate");
    Asked asked(served_with(version, recipe));
    const auto found = old_signature_with(asked, add_schemes({ecdsa_sha1}));
    REQUIRE(found);
    CHECK_THAT(found->fact, Catch::EndsWith("is signed with SHA-1"));
    CHECK(found->alone_needs == (version == "1.3")); // wolfSSL takes the shortest hash that it is offered in TLS 1.2
    CHECK(asked.gate->used() == (version == "1.2" ? 1U : 2U));
}

TEST_CASE("a chain without SHA-1 is not blamed", "[probes][remedy]")
{
    const auto version = GENERATE(as<std::string>(), "1.2", "1.3");
    Asked asked(served_with(version, "leaf"));
    CHECK_FALSE(old_signature_with(asked, add_schemes({ecdsa_sha1})));
}

TEST_CASE("a handshake that is signed with SHA-1 too needs the scheme for itself", "[probes][remedy]")
{
    Asked asked("[server]\nversions = [\"1.2\"]\nciphers = [\"ECDHE-ECDSA-AES128-GCM-SHA256\"]\ncertificate = "
                "\"sha1-signed\"\nflight = [{ message = \"server_key_exchange\", scheme = \"ecdsa_sha1\" }]\n");
    const auto found = old_signature_with(asked, add_schemes({ecdsa_sha1}));
    REQUIRE(found);
    CHECK_FALSE(found->alone_needs);
}

/// What a JSSE server does: 40, and a chain of SHA-1 where the client says that it takes one.
Experiments experiments_of(const HelloChange& helps, bool alone_needs)
{
    Experiments made;
    Answer refused;
    refused.end = AnswerEnd::alert;
    refused.alert = Alert{AlertLevel::fatal, AlertDescription::handshake_failure};
    Answer taken;
    taken.end = AnswerEnd::flight;
    taken.transcript.server_hello.emplace();
    made.as_sent = {refused, refused};
    made.remedies = {{{helps}, {taken, taken}}};
    made.old_signature = OldSignature{"CN=one.test is signed with SHA-1", alone_needs};
    return made;
}

TEST_CASE("where an old scheme helps and the chain is signed with it, the certificate is what to mend",
          "[probes][remedy]")
{
    const auto alone_needs = GENERATE(true, false);
    const auto made = experiments_of(add_schemes({rsa_pkcs1_sha1}), alone_needs);
    const auto reading = read_experiments(made, {});
    REQUIRE(reading.findings.size() == 2);
    CHECK(reading.findings[0].cause == "certificate-weak-signature");
    CHECK(reading.findings[0].confidence == (alone_needs ? Confidence::certain : Confidence::likely));
    CHECK(reading.findings[1].cause == "signature-scheme-mismatch");
    CHECK(reading.findings[1].confidence == Confidence::likely);
    CHECK(std::count(reading.proof.begin(), reading.proof.end(),
                     "the certificates that come then: CN=one.test is signed with SHA-1") == 1);
}

TEST_CASE("a version that has to be added comes before the certificate that needs an old scheme", "[probes][remedy]")
{
    auto made = experiments_of(add_version(ProtocolVersion::tls12), true);
    made.remedies.front().changes.push_back(add_schemes({rsa_pkcs1_sha1}));
    const auto reading = read_experiments(made, {});
    REQUIRE(reading.findings.size() == 2);
    CHECK(reading.findings[0].cause == "version-mismatch");
    CHECK(reading.findings[1].cause == "certificate-weak-signature");
}

} // namespace
} // namespace alert40
