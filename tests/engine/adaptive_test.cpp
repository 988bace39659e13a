// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/adaptive.h"

#include "scenarios/loader/input_error.h"
#include "server/stack/tls_context.h"
#include "tests/engine/served.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace test;

const ServerKey kEcdsaKey{SignatureKey::ecdsa, NamedGroup::secp256r1};
const std::vector<ProtocolVersion> kBoth{ProtocolVersion::tls12, ProtocolVersion::tls13};

Policy policy_with(const ServerSettings& server)
{
    Policy policy;
    policy.persona = shared_personas().at("openssl");
    policy.versions = server.versions;
    policy.key = kEcdsaKey;
    policy.cipher_suites = servable_suites(server.versions, policy.key);
    policy.groups = servable_groups(server.versions);
    return policy;
}

ServerSettings adaptive(bool suites, bool groups, std::vector<ProtocolVersion> versions = kBoth)
{
    ServerSettings server;
    server.versions = std::move(versions);
    if (suites) server.ciphers = Selection<CipherSuite>{true, {}, {}};
    if (groups) server.groups = Selection<NamedGroup>{true, {}, {}};
    return server;
}

TEST_CASE("what can be insisted on is what the stack serves with the key, the usual first", "[engine][adaptive]")
{
    for (const auto suite : servable_suites(kBoth, kEcdsaKey)) {
        INFO(name(suite));
        CHECK(stack_serves(suite));
        CHECK(find_cipher_suite(suite)->authentication != Authentication::rsa);
    }
    CHECK(find_cipher_suite(servable_suites(kBoth, kEcdsaKey).front())->key_exchange == KeyExchange::any);
    CHECK(servable_suites({ProtocolVersion::tls12}, std::nullopt).empty());
    CHECK(servable_groups(kBoth).front() == NamedGroup::x25519);
    for (const auto group : servable_groups({ProtocolVersion::tls13}))
        CHECK(stack_serves(group, ProtocolVersion::tls13));
}

TEST_CASE("lists that are fixed from a hello share nothing with it, and refuse it", "[engine][adaptive]")
{
    const auto suites = GENERATE(true, false);
    const auto versions = GENERATE(std::vector{ProtocolVersion::tls12}, std::vector{ProtocolVersion::tls13});
    const auto server = adaptive(suites, !suites, versions);
    Policy policy = policy_with(server);
    Offer offer;
    offer.versions = versions;
    const auto hello = hello_of(offer);
    REQUIRE_FALSE(refuse(policy, hello));
    REQUIRE_FALSE(fix_lists(server, hello, policy));
    if (suites)
        for (const auto suite : policy.cipher_suites) CHECK_FALSE(hello.offers(suite));
    else
        for (const auto group : policy.groups) CHECK_FALSE(hello.offers(group));
    REQUIRE(refuse(policy, hello));
    CHECK(refuse(policy, hello)->answer.alert.description == AlertDescription::handshake_failure);
}

TEST_CASE("a hello that offers what is on the fixed list is not refused", "[engine][adaptive]")
{
    const auto server = adaptive(true, true, {ProtocolVersion::tls12});
    Policy policy = policy_with(server);
    Offer offer;
    offer.versions = {ProtocolVersion::tls12};
    REQUIRE_FALSE(fix_lists(server, hello_of(offer), policy));
    offer.cipher_suites.push_back(policy.cipher_suites.front());
    CHECK(refuse(policy, hello_of(offer)));
    offer.groups.push_back(policy.groups.front());
    CHECK_FALSE(refuse(policy, hello_of(offer)));
}

TEST_CASE("where nothing is left to insist on, the reason is said", "[engine][adaptive]")
{
    Offer offer;
    SECTION("every suite is offered")
    {
        const auto server = adaptive(true, false);
        Policy policy = policy_with(server);
        offer.cipher_suites = policy.cipher_suites;
        const auto reason = fix_lists(server, hello_of(offer), policy);
        REQUIRE(reason);
        CHECK_THAT(*reason, Catch::Contains("every cipher suite"));
    }
    SECTION("every group is offered")
    {
        const auto server = adaptive(false, true);
        Policy policy = policy_with(server);
        offer.groups = policy.groups;
        const auto reason = fix_lists(server, hello_of(offer), policy);
        REQUIRE(reason);
        CHECK_THAT(*reason, Catch::Contains("every group"));
    }
    SECTION("no groups are named")
    {
        const auto server = adaptive(false, true);
        Policy policy = policy_with(server);
        offer.groups.clear();
        const auto reason = fix_lists(server, hello_of(offer), policy);
        REQUIRE(reason);
        CHECK_THAT(*reason, Catch::Contains("no supported_groups"));
    }
}

TEST_CASE("a bound scenario keeps the lists of its first hello", "[engine][adaptive]")
{
    const auto bound = bind_scenario("[server]\nversions = [\"1.2\"]\nciphers = \"none-offered\"\n");
    CHECK(bound->server().context() == nullptr);
    bound->server().meet(hello_of({}));
    REQUIRE_FALSE(bound->server().not_applicable());
    const auto kept = bound->server().policy().cipher_suites;
    CHECK(kept.size() == 1);
    CHECK(bound->server().context() != nullptr);
    Offer offer;
    offer.cipher_suites = kept;
    bound->server().meet(hello_of(offer));
    CHECK(bound->server().policy().cipher_suites == kept);
}

TEST_CASE("a bound scenario says what this build cannot serve, with the position", "[engine][bind]")
{
    struct Case {
        std::string sections;
        std::string message;
    };
    const auto each = GENERATE(values<Case>({
        {"[server]\nciphers = [\"DHE-DSS-AES128-SHA\"]\ndh_bits = 2048\n",
         "one.toml:6:11: TLS_DHE_DSS_WITH_AES_128_CBC_SHA is not in this build of the TLS stack (wolfSSL"},
        {"[server]\ngroups = [\"ffdhe8192\"]\n", "one.toml:6:10: ffdhe8192 is not in this build"},
        {"[server]\ndh_bits = 1536\n", "one.toml:6:11: no DHE parameters of 1536 bits"},
        {"[server]\ncertificate = \"leafs\"\n",
         "one.toml:6:15: unknown certificate recipe 'leafs'\n  hint: did you mean 'leaf'?"},
        {"[server]\ncertificate = \"client\"\n", "one.toml:6:15: the recipe 'client' is for a client"},
        {"[server]\nversions = []\n", "server.versions is empty"},
        {"[server]\nfaults = [{ at = \"connect\", do = \"rest\" }]\n",
         "one.toml:6:34: unknown fault 'rest'\n  hint: did you mean 'reset'?"},
    }));
    CHECK_THROWS_AS(bind_scenario(each.sections), InputError);
    CHECK_THROWS_WITH(bind_scenario(each.sections), Catch::Contains(each.message));
}

} // namespace
} // namespace alert40
