// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/chain_judgement.h"

#include "certs/extensions.h"
#include "certs/status.h"
#include "client-checks/lexicons/symptom.h"
#include "tests/stack/exchange.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

constexpr auto kName = "www.alert40.test";

TrustStore trusting(const std::vector<Bytes>& anchors)
{
    TrustStore store;
    store.source = "anchors.pem";
    for (const auto& der : anchors) store.anchors.push_back(parse_certificate(der));
    return store;
}

ChainQuestion about(const Chain& chain)
{
    ChainQuestion question;
    question.chain = chain.certificates;
    question.asked_for_staple = true;
    question.name = kName;
    question.now = now();
    return question;
}

TrustStore trust_for(const Chain& chain)
{
    return trusting(chain.anchors.empty() ? std::vector<Bytes>{shared_state().root()} : chain.anchors);
}

std::string causes(const std::vector<ChainProblem>& problems)
{
    std::string all;
    for (const auto& each : problems) all += (all.empty() ? "" : " ") + each.cause;
    return all;
}

/// A root of a name that another one has as well.
Authority make_twin()
{
    const auto key = PrivateKey::generate(KeyType::ec_p256);
    CertificateContents contents;
    contents.subject = subject_name("Twin");
    contents.not_before = now() - std::chrono::days(1);
    contents.not_after = now() + std::chrono::days(9);
    contents.public_key_info = key.public_key_info();
    contents.extensions = extension::basic_constraints(BasicConstraints{true, std::nullopt});
    const IssuerIdentity itself{contents.subject, contents.public_key_info, key};
    return {issue_certificate(contents, itself, HashAlgorithm::sha256), key};
}

} // namespace

TEST_CASE("a healthy chain has no problem", "[probes][chain]")
{
    const std::string defect =
        GENERATE("", "root-sent", "extra-certificates", "duplicate-certificates", "cross-signed-root-expired");
    CAPTURE(defect);
    const Chain chain = forge_named(defect);
    CHECK(causes(judge_chain(about(chain), trust_for(chain))) == "");
}

TEST_CASE("each defect is judged to be its cause", "[probes][chain]")
{
    struct Row {
        const char* defect;
        const char* cause;
    };
    const auto row = GENERATE(values<Row>({
        {"expired", "certificate-expired"},
        {"not-yet-valid", "certificate-not-yet-valid"},
        {"self-signed", "certificate-self-signed"},
        {"incomplete-chain", "certificate-chain-incomplete"},
        {"wrong-name", "certificate-wrong-name"},
        {"no-san", "certificate-wrong-name"},
        {"name-only-in-cn", "certificate-wrong-name"},
        {"intermediate-expired", "intermediate-expired"},
        {"root-expired", "root-expired"},
        {"wrong-eku", "certificate-wrong-usage"},
        {"key-usage-forbids", "certificate-wrong-usage"},
        {"intermediate-not-a-ca", "certificate-constraint"},
        {"path-length-exceeded", "certificate-constraint"},
        {"unknown-critical-extension", "certificate-constraint"},
        {"sha1-signed", "certificate-weak-signature"},
        {"md5-signed", "certificate-weak-signature"},
        {"broken-signature", "certificate-malformed"},
        {"duplicate-extension", "certificate-malformed"},
        {"impossible-date", "certificate-malformed"},
        {"ends-before-it-starts", "certificate-malformed"},
        {"leaf-last", "certificate-chain-misordered"},
        {"garbled", "server-certificate-corrupt"},
        {"truncated", "server-certificate-corrupt"},
        {"ten-thousand-sans", "certificate-chain-too-large"},
        {"depth-12", "certificate-chain-too-large"},
        {"over-64-kib", "certificate-chain-too-large"},
        {"wrong-order", "certificate-chain-misordered"},
        {"wrong-intermediate", "certificate-chain-incomplete"},
        {"aia-only", "certificate-chain-incomplete"},
        {"untrusted-root", "certificate-untrusted-root"},
        {"name-constraint-violated", "certificate-constraint"},
        {"sha1-intermediate", "certificate-weak-signature"},
        {"trailing-bytes", "certificate-malformed"},
        {"algorithm-contradicts", "certificate-malformed"},
        {"garbled-san", "certificate-malformed"},
        {"empty-certificate", "server-certificate-corrupt"},
        {"wildcard-too-deep", "certificate-wrong-name"},
    }));
    CAPTURE(row.defect);
    const Chain chain = forge_named(row.defect);
    const auto problems = judge_chain(about(chain), trust_for(chain));
    REQUIRE_FALSE(problems.empty());
    CAPTURE(problems.front().fact);
    CHECK(problems.front().cause == row.cause);
    CHECK(Symptom::parse(problems.front().symptom));
}

TEST_CASE("a root that is not trusted is told apart from an issuer that is missing", "[probes][chain]")
{
    const Chain healthy = forge_named("");
    const auto strangers = trusting({shared_state().stranger_root()});
    const auto whole = judge_chain(about(healthy), strangers);
    CHECK(causes(whole) == "certificate-untrusted-root");
    CHECK_FALSE(whole.front().sure); // a box on the way would leave the same
    CHECK_THAT(whole.front().fact, Catch::Contains("anchors.pem"));
    auto alone = about(healthy);
    alone.chain.resize(1);
    CHECK(causes(judge_chain(alone, trust_for(healthy))) == "certificate-chain-incomplete");
}

TEST_CASE("a root between leaf and intermediate is no disorder", "[probes][chain]")
{
    auto question = about(forge_named("root-sent"));
    REQUIRE(question.chain.size() == 3);
    std::swap(question.chain[1], question.chain[2]);
    CHECK(causes(judge_chain(question, trusting({shared_state().root()}))) == "");
}

TEST_CASE("an issuer of the trusted name with another key is not the trusted one", "[probes][chain]")
{
    const Authority one = make_twin();
    const Authority other = make_twin();
    auto question = about(forge_named(""));
    question.name.clear();
    question.chain = {cross_sign(question.chain.front(), one)}; // the leaf's own extensions go: it has no names
    const auto told = [&](const Authority& trusted) { return judge_chain(question, trusting({trusted.certificate})); };
    CHECK(causes(told(one)).find("certificate-untrusted-root") == std::string::npos);
    const auto problems = told(other);
    REQUIRE_FALSE(problems.empty());
    CHECK(problems.front().cause == "certificate-untrusted-root");
    CHECK_THAT(problems.front().fact, Catch::Contains("another key"));
}

TEST_CASE("a certificate that demands a staple goes with one", "[probes][chain]")
{
    ChainRecipe recipe;
    recipe.must_staple = true;
    const Chain chain = forge_chain(plan_chain(recipe, {kName}, {}), shared_state(), now());
    auto question = about(chain);
    CHECK(causes(judge_chain(question, trust_for(chain))) == "staple-missing");
    question.asked_for_staple = false;
    CHECK(causes(judge_chain(question, trust_for(chain))) == "");
}

TEST_CASE("a signature that the certificate's key did not make comes first", "[probes][chain]")
{
    auto question = about(forge_named(""));
    question.signature = SignatureCheck::wrong;
    question.established = true;
    const auto problems = judge_chain(question, trusting({shared_state().root()}));
    CHECK(causes(problems) == "server-key-mismatch");
    CHECK(problems.front().sure);
}

TEST_CASE("the names and the dates are said", "[probes][chain]")
{
    auto question = about(forge_named(""));
    question.name = "other.test";
    const auto trust = trusting({shared_state().root()});
    CHECK(judge_chain(question, trust).front().fact ==
          "the certificate is for www.alert40.test; other.test was asked for");
    question.name = "192.0.2.1";
    CHECK(causes(judge_chain(question, trust)) == "certificate-wrong-name");
    question = about(forge_named("expired"));
    CHECK_THAT(judge_chain(question, trust).front().fact, Catch::Contains("ago; here it is "));
}

TEST_CASE("a staple is judged: good, revoked, old, about another, unreadable", "[probes][chain]")
{
    const Chain chain = forge_named("");
    const auto leaf = parse_certificate(chain.leaf);
    const auto trust = trust_for(chain);
    auto question = about(chain);
    const auto judged = [&](Bytes staple) {
        question.staple = std::move(staple);
        return causes(judge_chain(question, trust));
    };
    CHECK(judged(ocsp_response(chain.issuer, leaf.serial_number, false, fresh_period(now()))) == "");
    CHECK(judged(ocsp_response(chain.issuer, leaf.serial_number, true, fresh_period(now()))) == "certificate-revoked");
    CHECK(judged(ocsp_response(chain.issuer, leaf.serial_number, false, stale_period(now()))) == "staple-invalid");
    CHECK(judged(ocsp_response(chain.issuer, Bytes{1, 2, 3}, false, fresh_period(now()))) == "staple-invalid");
    CHECK(judged(ocsp_try_later()) == "staple-invalid");
    CHECK(judged(to_bytes("nonsense")) == "staple-invalid");
    CHECK(judged(ocsp_response(shared_state().stranger_intermediate(), leaf.serial_number, false,
                               fresh_period(now()))) == "staple-invalid");
}

TEST_CASE("a store says what is wrong with its file", "[probes][trust]")
{
    const TemporaryDirectory directory;
    const auto file = directory.path() / "ca.pem";
    CHECK_THROWS_WITH(read_trust_store(file), Catch::Contains("cannot be read"));
    write_text(file, "-----BEGIN PRIVATE KEY-----\n");
    CHECK_THROWS_WITH(read_trust_store(file), Catch::Contains("holds no certificate"));
    write_text(file, "words\n" + to_pem("CERTIFICATE", shared_state().root()) + "more\n" +
                         to_pem("CERTIFICATE", shared_state().stranger_root()));
    CHECK(read_trust_store(file).anchors.size() == 2);
    write_text(file, to_text(shared_state().root()));
    CHECK(read_trust_store(file).anchors.size() == 1);
}
