// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/forge.h"

#include "certs/algorithms.h"
#include "certs/certificate.h"
#include "tests/certs/chain_files.h"
#include "tests/certs/support.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace alert40;
using namespace std::chrono_literals;
using test::ChainFiles;
using test::forge_with;
using test::TemporaryDirectory;

namespace {

struct Fixture {
    TemporaryDirectory directory;
    StateDirectory state{directory.path() / "state", test::now()};
};

/// What is wrong with a chain for www.alert40.test and 127.0.0.1, in the words of the defects' table.
std::vector<std::string> findings(const Chain& chain, const StateDirectory& state)
{
    std::vector<std::string> found;
    const Certificate leaf = parse_certificate(chain.certificates.at(0));
    const Certificate root = parse_certificate(state.root());
    const bool has_intermediate = chain.certificates.size() == 2;
    if (leaf.not_after < test::now()) found.emplace_back("expired");
    if (leaf.not_before > test::now()) found.emplace_back("not-yet-valid");
    if (is_self_signed(leaf)) found.emplace_back("self-signed");
    if (!is_self_signed(leaf) && !has_intermediate) found.emplace_back("incomplete-chain");
    if (!names_match(leaf, "www.alert40.test") || !names_match(leaf, "127.0.0.1")) found.emplace_back("wrong-name");
    if (!chain.key_matches) found.emplace_back("mismatched-key");
    if (!has_intermediate) return found;
    const Certificate intermediate = parse_certificate(chain.certificates[1]);
    if (!is_signed_by(leaf, intermediate)) found.emplace_back("bad signature");
    if (!is_signed_by(intermediate, root)) found.emplace_back("untrusted-root");
    return found;
}

} // namespace

TEST_CASE_METHOD(Fixture, "a healthy chain has nothing wrong", "[certs][forge]")
{
    const KeyType type = GENERATE(KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521, KeyType::ed25519,
                                  KeyType::ed448, KeyType::rsa_1024);
    CAPTURE(name(type));
    const Chain chain = forge_with(state, "", type);
    CHECK(findings(chain, state).empty());
    CHECK(chain.certificates.size() == 2);
    CHECK(chain.key.type() == type);
    CHECK(key_belongs_to(chain.key, chain.certificates[0]));
}

TEST_CASE_METHOD(Fixture, "the leaf carries what RFC 5280 and its purpose ask for", "[certs][forge]")
{
    const Certificate server = parse_certificate(forge_with(state, "").certificates[0]);
    CHECK(server.version == 3);
    CHECK(server.serial_number.size() == 16);
    CHECK(server.key_usage == digital_signature);
    CHECK(server.extended_key_usage == std::vector<std::string>{std::string(oid::kServerAuth)});
    CHECK(server.dns_names == std::vector<std::string>{"www.alert40.test", "localhost"});
    CHECK(server.ip_addresses == std::vector<std::string>{"127.0.0.1", "::1"});
    CHECK(server.subject.common_name == "www.alert40.test");
    CHECK(server.unknown_critical_extensions.empty());
    const Certificate intermediate = parse_certificate(state.intermediate().certificate);
    CHECK(server.authority_key_identifier == intermediate.subject_key_identifier);

    const Certificate rsa = parse_certificate(forge_with(state, "", KeyType::rsa_1024).certificates[0]);
    CHECK(rsa.key_usage == (digital_signature | key_encipherment));
    const Chain client_chain = forge_with(state, "", KeyType::ec_p256, CertificatePurpose::client);
    const Certificate client = parse_certificate(client_chain.certificates[0]);
    CHECK(client.extended_key_usage == std::vector<std::string>{std::string(oid::kClientAuth)});
}

TEST_CASE_METHOD(Fixture, "dates are offsets from the given clock", "[certs][forge]")
{
    const auto now = std::chrono::floor<std::chrono::seconds>(test::now() + 24h);
    const ChainPlan plan = plan_chain({}, {"a.test"}, {});
    const Certificate leaf = parse_certificate(forge_chain(plan, state, now).certificates[0]);
    CHECK(leaf.not_before == now - 24h);
    CHECK(leaf.not_after == now + 7 * 24h);
}

TEST_CASE_METHOD(Fixture, "a leaf with only an address has no common name", "[certs][forge]")
{
    const Chain chain = forge_chain(plan_chain({}, {}, {"127.0.0.1"}), state, test::now());
    const Certificate leaf = parse_certificate(chain.certificates[0]);
    CHECK(leaf.subject.common_name.empty());
    CHECK(leaf.dns_names.empty());
    CHECK(names_match(leaf, "127.0.0.1"));
}

TEST_CASE("a client recipe without names gets one below .test", "[certs][recipe]")
{
    ChainRecipe recipe;
    CHECK(plan_chain(recipe, {}, {}).leaf.dns_names.empty());
    recipe.purpose = CertificatePurpose::client;
    CHECK(plan_chain(recipe, {}, {}).leaf.common_name == "client.alert40.test");
}

TEST_CASE("an unknown defect is refused by name", "[certs][recipe]")
{
    ChainRecipe recipe;
    recipe.defect = "rotten";
    CHECK_THROWS_WITH(plan_chain(recipe, {"a.test"}, {}), "unknown defect 'rotten'");
    CHECK_THROWS_AS(plan_chain(recipe, {"a.test"}, {}), std::invalid_argument);
}

TEST_CASE_METHOD(Fixture, "what cannot be forged is refused", "[certs][forge]")
{
    ChainPlan plan = plan_chain({}, {"a.test"}, {});
    plan.leaf.hash = HashAlgorithm::md5; // the issuer's key is an EC key, and ECDSA with MD5 has no identifier
    CHECK_THROWS_AS(forge_chain(plan, state, test::now()), std::runtime_error);
    CHECK_THROWS_AS(forge_chain(plan_chain({}, {}, {"127.0.0.300"}), state, test::now()), std::invalid_argument);
}

TEST_CASE_METHOD(Fixture, "a chain may be sent with its root and in any order", "[certs][forge]")
{
    ChainPlan plan = plan_chain({}, {"a.test"}, {});
    plan.sent = {ChainLink::leaf, ChainLink::root, ChainLink::intermediate, ChainLink::stranger_intermediate};
    const Chain chain = forge_chain(plan, state, test::now());
    REQUIRE(chain.certificates.size() == 4);
    CHECK(chain.certificates[1] == state.root());
    CHECK(chain.certificates[2] == state.intermediate().certificate);
    CHECK(chain.certificates[3] == state.stranger_intermediate().certificate);
}

TEST_CASE_METHOD(Fixture, "the authorities are constrained and say what they are", "[certs][forge]")
{
    const Certificate root = parse_certificate(state.root());
    const Certificate intermediate = parse_certificate(state.intermediate().certificate);
    const Certificate stranger_root = parse_certificate(state.stranger_root());
    const Certificate stranger = parse_certificate(state.stranger_intermediate().certificate);
    CHECK(root.subject.common_name.starts_with("alert40 TEST root - do not trust"));
    CHECK(stranger_root.subject.common_name.starts_with("alert40 TEST root of a stranger"));
    CHECK(is_self_signed(root));
    CHECK(is_self_signed(stranger_root));
    CHECK(is_signed_by(intermediate, root));
    CHECK(is_signed_by(stranger, stranger_root));
    CHECK_FALSE(is_signed_by(stranger, root));
    for (const Certificate* authority : {&root, &intermediate, &stranger_root, &stranger}) {
        CAPTURE(authority->subject.text);
        CHECK(authority->subject.common_name.size() <= 64);
        const bool is_root = authority == &root || authority == &stranger_root;
        CHECK(authority->permitted_dns_names ==
              (is_root ? std::vector<std::string>{"localhost", "test"} : std::vector<std::string>{}));
        CHECK(authority->key_usage == (key_cert_sign | crl_sign));
        REQUIRE(authority->basic_constraints);
        CHECK(authority->basic_constraints->is_ca);
        CHECK(authority->unknown_critical_extensions.empty());
    }
    CHECK(intermediate.basic_constraints->path_length == 0u);
}

TEST_CASE_METHOD(Fixture, "openssl verify accepts every key type", "[certs][forge][openssl]")
{
    if (!test::has_program("openssl")) return;
    const KeyType type =
        GENERATE(KeyType::ec_p384, KeyType::ec_p521, KeyType::ed25519, KeyType::ed448, KeyType::rsa_2048);
    const Chain chain = forge_with(state, "", type);
    const ChainFiles files(chain, state, directory.path());
    const auto result = test::run_program("openssl verify -x509_strict -verify_ip 127.0.0.1 -CAfile " + files.root +
                                              " -untrusted " + files.others + " " + files.leaf,
                                          directory.path());
    CAPTURE(name(type), result.output);
    CHECK(result.status == 0);
}

TEST_CASE_METHOD(Fixture, "openssl holds leaves to the name constraints", "[certs][forge][openssl]")
{
    if (!test::has_program("openssl")) return;
    const auto [dns_names, ip_addresses, accepted] =
        GENERATE(table<std::vector<std::string>, std::vector<std::string>, bool>({
            {{"localhost"}, {}, true},
            {{"deep.below.localhost"}, {"127.9.9.9"}, true},
            {{}, {"::1"}, true},
            {{"example.com"}, {}, false},
            {{}, {"192.0.2.1"}, false},
            {{}, {"::2"}, false},
        }));
    const Chain chain = forge_chain(plan_chain({}, dns_names, ip_addresses), state, test::now());
    const ChainFiles files(chain, state, directory.path());
    const auto result = test::run_program(
        "openssl verify -CAfile " + files.root + " -untrusted " + files.others + " " + files.leaf, directory.path());
    CAPTURE(result.output);
    CHECK((result.status == 0) == accepted);
    if (!accepted) CHECK_THAT(result.output, Catch::Contains("permitted subtree violation"));
}

TEST_CASE_METHOD(Fixture, "certtool accepts a leaf with only an address", "[certs][forge][gnutls]")
{
    if (!test::has_program("certtool")) return;
    const Chain chain = forge_chain(plan_chain({}, {}, {"127.0.0.1"}), state, test::now());
    const ChainFiles files(chain, state, directory.path());
    const auto result = test::run_program(
        "certtool --verify --load-ca-certificate " + files.root + " --infile " + files.whole, directory.path());
    CAPTURE(result.output);
    CHECK(result.status == 0);
}
