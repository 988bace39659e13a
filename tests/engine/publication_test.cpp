// SPDX-License-Identifier: GPL-2.0-or-later
// What certificates name is fetched with openssl and curl.
#include "server/engine/publication.h"

#include "tests/certs/chain_files.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;
using Catch::Matchers::Contains;

namespace {

struct Fixture {
    TemporaryDirectory directory;
    StateDirectory state{directory.path() / "state", now()};
    Publication publication;

    Chain forge(const std::string& defect, bool publishes = true)
    {
        ChainRecipe recipe;
        recipe.defect = defect;
        recipe.publishes = publishes;
        return publication.forge(plan_chain(recipe, {"www.alert40.test"}, {}), state, now());
    }
    std::string run(const std::string& command) { return run_program(command, directory.path()).output; }
    /// The URL behind this label of the leaf's extensions.
    std::string url(const ChainFiles& files, const std::string& label)
    {
        const auto text = run("openssl x509 -noout -text -in " + files.leaf);
        const auto start = text.find("http://", text.find(label));
        return text.substr(start, text.find('\n', start) - start);
    }
    std::string asked(const ChainFiles& files)
    {
        return run("openssl ocsp -no_nonce -issuer " + files.issuer + " -cert " + files.leaf + " -CAfile " +
                   files.root + " -verify_other " + files.issuer + " -url " + url(files, "OCSP - URI:"));
    }
};

} // namespace

TEST_CASE_METHOD(Fixture, "openssl asks the responder that the certificate names", "[engine][publication]")
{
    const ChainFiles good(forge(""), state, directory.path());
    CHECK_THAT(asked(good), Contains("Response verify OK") && Contains("leaf.pem: good"));
    const ChainFiles revoked(forge("revoked"), state, directory.path());
    CHECK_THAT(asked(revoked), Contains("Response verify OK") && Contains("leaf.pem: revoked"));
}

TEST_CASE_METHOD(Fixture, "the issuer's certificate that the leaf names completes the chain", "[engine][publication]")
{
    const ChainFiles files(forge("aia-only", false), state, directory.path());
    const auto fetched = (directory.path() / "fetched").string();
    run("curl -sS -o " + fetched + ".cer " + url(files, "CA Issuers - URI:"));
    run("openssl x509 -inform DER -in " + fetched + ".cer -out " + fetched + ".pem");
    CHECK_THAT(run("openssl verify -CAfile " + files.root + " " + files.leaf), Contains("error 20"));
    CHECK_THAT(run("openssl verify -CAfile " + files.root + " -untrusted " + fetched + ".pem " + files.leaf),
               Contains("leaf.pem: OK"));
}

TEST_CASE_METHOD(Fixture, "openssl fetches the CRL that the leaf names", "[engine][publication]")
{
    const auto verified = [&](const std::string& defect) {
        const ChainFiles files(forge(defect), state, directory.path());
        return run("openssl verify -crl_check -crl_download -CAfile " + files.root + " -untrusted " + files.others +
                   " " + files.leaf);
    };
    CHECK_THAT(verified(""), Contains("leaf.pem: OK"));
    CHECK_THAT(verified("revoked"), Contains("error 23"));
}

TEST_CASE_METHOD(Fixture, "what was not published is not found", "[engine][publication]")
{
    const auto base = "http://127.0.0.1:" + std::to_string(publication.port());
    for (const auto* path : {"/1/ocsp", "/", "/1/issuer.key", "/../state/intermediate.key"})
        CHECK(run("curl -sS -o /dev/null --path-as-is -w '%{http_code}' " + base + path) == "404");
}

TEST_CASE_METHOD(Fixture, "a leaf that names no services has no URL in it", "[engine][publication]")
{
    const ChainFiles files(forge("", false), state, directory.path());
    CHECK(run("openssl x509 -noout -text -in " + files.leaf).find("http://") == std::string::npos);
}
