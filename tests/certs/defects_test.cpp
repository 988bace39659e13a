// SPDX-License-Identifier: GPL-2.0-or-later
// Every defect as two independent readers judge it: refused for exactly its reason where the reader can tell.
#include "certs/defects.h"

#include "tests/certs/chain_files.h"

#include <catch2/catch.hpp>

#include <set>

using namespace alert40;

namespace {

/// What `openssl verify -x509_strict -auth_level 2` and `certtool --verify` say; empty: they accept it.
struct Judgement {
    std::string_view defect;
    std::string_view openssl;
    std::string_view certtool;
};

constexpr std::string_view kOpensslUnknown = "unable to get local issuer certificate";
constexpr std::string_view kOpensslName = "hostname mismatch";
constexpr std::string_view kOpensslUnreadable = "Unable to load certificate";
constexpr std::string_view kCerttoolUnknown = "The certificate issuer is unknown";
constexpr std::string_view kCerttoolName = "The name in the certificate does not match the expected";
constexpr std::string_view kCerttoolConstraint = "violates the signer's constraints";
constexpr std::string_view kCerttoolWeak = "uses insecure algorithm";

constexpr Judgement kJudgements[] = {
    {"", "", ""},
    {"expired", "certificate has expired", "uses expired certificate"},
    {"not-yet-valid", "certificate is not yet valid", "uses not yet valid certificate"},
    {"validity-too-long", "", ""}, // the limit is the browsers' (CA/Browser Forum, baseline requirements 6.3.2)
    {"wrong-name", kOpensslName, kCerttoolName},
    {"name-only-in-cn", "", ""}, // both fall back to the common name where no DNS name stands beside it
    {"no-san", kOpensslName, kCerttoolName},
    {"wildcard-too-deep", kOpensslName, kCerttoolName},
    {"ip-without-ip-san", "", ""}, // asked by name here
    {"trailing-dot", kOpensslName, kCerttoolName},
    {"punycode", kOpensslName, kCerttoolName},
    {"wrong-eku", "unsuitable certificate purpose", ""}, // certtool has to be asked for a purpose
    {"key-usage-forbids", "", ""},                       // the key exchange decides
    {"ca-certificate-as-leaf", "", ""},
    {"unknown-critical-extension", "unhandled critical extension", "unknown critical extension"},
    {"version-1", "", ""},
    {"negative-serial", "", ""},
    {"missing-subject", "Subject empty and Subject Alt Name extension not critical", ""},
    {"mismatched-key", "", ""},
    {"renewed-key", "", ""},
    {"revoked", "", ""}, // without a CRL nobody knows
    {"self-signed", "self-signed certificate", kCerttoolUnknown},
    {"untrusted-root", kOpensslUnknown, kCerttoolUnknown},
    {"incomplete-chain", kOpensslUnknown, kCerttoolUnknown},
    {"aia-only", kOpensslUnknown, kCerttoolUnknown},
    {"wrong-intermediate", kOpensslUnknown, kCerttoolUnknown},
    {"wrong-order", "", ""}, // RFC 8446, section 4.4.2: recipients should be able to sort
    {"leaf-last", kOpensslName, kCerttoolName},
    {"extra-certificates", "", ""},
    {"duplicate-certificates", "", ""},
    {"root-sent", "", ""},
    {"intermediate-expired", "error 10 at 1 depth lookup: certificate has expired", "uses expired certificate"},
    {"root-expired", "error 10 at 2 depth lookup: certificate has expired", "uses expired certificate"},
    {"cross-signed-root-expired", "", ""}, // the other path is good
    {"intermediate-not-a-ca", "invalid CA certificate", "The certificate issuer is not a CA"},
    {"path-length-exceeded", "path length constraint exceeded", kCerttoolConstraint},
    {"name-constraint-violated", "permitted subtree violation", kCerttoolConstraint},
    {"depth-12", "", ""},
    {"sha1-signed", "error 68 at 0 depth lookup: CA signature digest algorithm too weak", kCerttoolWeak},
    {"md5-signed", "error 68 at 0 depth lookup: CA signature digest algorithm too weak", kCerttoolWeak},
    {"sha1-intermediate", "error 68 at 1 depth lookup: CA signature digest algorithm too weak", kCerttoolWeak},
    {"over-16-kib", "", ""},
    {"over-64-kib", "", ""},
    {"ten-thousand-sans", "", ""},
    {"garbled", kOpensslUnreadable, "ASN1 parser: Error in TAG"},
    {"truncated", kOpensslUnreadable, "ASN1 parser: Error in DER parsing"},
    {"trailing-bytes", "", "ASN1 parser: Error in DER parsing"}, // openssl reads PEM up to the certificate's end
    {"empty-certificate", kOpensslUnreadable, "ASN1 parser: Element was not found"},
    {"broken-signature", "certificate signature failure", "The signature in the certificate is invalid"},
    {"algorithm-contradicts", "cert info signature and signature algorithm mismatch", "Error in the certificate"},
    {"impossible-date", "format error in certificate's notAfter field", "Error in the time fields of certificate"},
    {"ends-before-it-starts", "certificate is not yet valid", "uses not yet valid certificate"},
    // OpenSSL marks such a certificate invalid and then does not find an issuer for it (crypto/x509/v3_purp.c).
    {"duplicate-extension", kOpensslUnknown, "Duplicate extension in X.509 certificate"},
    {"garbled-san", kOpensslUnknown, "ASN1 parser: Error in TAG"},
};

struct Fixture {
    test::TemporaryDirectory directory;
    StateDirectory state{directory.path() / "state", test::now()};

    Chain forge(std::string_view defect)
    {
        ChainRecipe recipe;
        recipe.defect = defect;
        return forge_chain(plan_chain(recipe, {"deep.www.alert40.test"}, {}), state, test::now());
    }
    void judge(const std::string& command, std::string_view words)
    {
        const auto result = test::run_program(command, directory.path());
        CAPTURE(result.output);
        CHECK((result.status == 0) == words.empty());
        if (!words.empty()) CHECK_THAT(result.output, Catch::Contains(std::string(words)));
    }
};

} // namespace

TEST_CASE("every defect has its judgement here", "[certs][defects]")
{
    std::set<std::string_view> judged;
    for (const Judgement& each : kJudgements) judged.insert(each.defect);
    for (const Defect& defect : all_defects()) CHECK(judged.contains(defect.name));
    CHECK(judged.size() == all_defects().size() + 1);
    CHECK(find_defect("") == nullptr);
}

TEST_CASE_METHOD(Fixture, "openssl verify refuses each defect for its reason", "[certs][defects][openssl]")
{
    if (!test::has_program("openssl")) return;
    for (const Judgement& each : kJudgements) {
        CAPTURE(each.defect);
        const test::ChainFiles files(forge(each.defect), state, directory.path());
        judge("openssl verify -x509_strict -auth_level 2 -purpose sslserver -verify_hostname deep.www.alert40.test"
              " -no-CApath -no-CAstore -CAfile " +
                  files.root + " -untrusted " + files.others + " " + files.leaf,
              each.openssl);
    }
}

TEST_CASE_METHOD(Fixture, "certtool refuses each defect for its reason", "[certs][defects][gnutls]")
{
    if (!test::has_program("certtool")) return;
    for (const Judgement& each : kJudgements) {
        CAPTURE(each.defect);
        const test::ChainFiles files(forge(each.defect), state, directory.path());
        judge("certtool --verify --verify-hostname deep.www.alert40.test --load-ca-certificate " + files.root +
                  " --infile " + files.whole,
              each.certtool);
    }
}

TEST_CASE_METHOD(Fixture, "the sizes of huge chains are as they are named", "[certs][defects]")
{
    const auto size = [&](std::string_view defect) {
        std::size_t octets = 0;
        for (const Bytes& certificate : forge(defect).certificates) octets += certificate.size();
        return octets;
    };
    CHECK(size("over-16-kib") > 16 * 1024);
    CHECK(size("over-16-kib") < 20 * 1024);
    CHECK(size("over-64-kib") > 64 * 1024);
    CHECK(size("over-64-kib") < 72 * 1024);
    CHECK(forge("depth-12").certificates.size() == 12);
    CHECK(parse_certificate(forge("ten-thousand-sans").leaf).dns_names.size() == 10'000);
}

TEST_CASE_METHOD(Fixture, "what is done to the leaf's octets leaves the forged one as it was", "[certs][defects]")
{
    const Chain chain = forge("truncated");
    CHECK(chain.certificates[0].size() < chain.leaf.size());
    CHECK(key_belongs_to(chain.key, chain.leaf));
    CHECK(chain.key_matches);
    CHECK(is_signed_by(parse_certificate(chain.leaf), parse_certificate(chain.issuer.certificate)));
}

TEST_CASE_METHOD(Fixture, "only a mismatched key does not belong to its leaf", "[certs][defects]")
{
    for (const Defect& defect : all_defects()) {
        CAPTURE(defect.name);
        CHECK(forge(defect.name).key_matches == (defect.name != "mismatched-key"));
    }
}

TEST_CASE_METHOD(Fixture, "a renewed key is another one than before, and stays", "[certs][defects]")
{
    ChainRecipe recipe;
    recipe.key = KeyType::rsa_1024;
    const auto key_info = [&] {
        return forge_chain(plan_chain(recipe, {"a.test"}, {}), state, test::now()).key.public_key_info();
    };
    const Bytes before = key_info();
    recipe.defect = "renewed-key";
    const Bytes after = key_info();
    CHECK(after != before);
    CHECK(key_info() == after);
}
