// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/adaptive.h"

#include "server/stack/tls_context.h"

#include <algorithm>
#include <array>

namespace alert40 {
namespace {

bool key_serves(const std::optional<ServerKey>& key, const CipherSuiteInfo& suite)
{
    if (suite.authentication == Authentication::any) return true;
    if (!key) return false;
    if (suite.authentication == Authentication::rsa) return key->kind == SignatureKey::rsa;
    return suite.authentication == Authentication::ecdsa && key->kind != SignatureKey::rsa;
}

/// Lower is better: TLS 1.3, then ECDHE with an AEAD, ECDHE, the rest.
int rank(const CipherSuiteInfo& suite)
{
    if (suite.key_exchange == KeyExchange::any) return 0;
    if (suite.key_exchange == KeyExchange::ecdhe) return suite.bulk == BulkKind::aead ? 1 : 2;
    return 3;
}

} // namespace

std::vector<CipherSuite> servable_suites(const std::vector<ProtocolVersion>& versions,
                                         const std::optional<ServerKey>& key)
{
    std::vector<const CipherSuiteInfo*> found;
    for (const auto& suite : all_cipher_suites()) {
        const bool fitting =
            std::any_of(versions.begin(), versions.end(), [&](auto version) { return fits(suite, version); });
        // NULL and RC4 are for scenarios that name them: no list of ours should be broken by accident.
        const bool sound = suite.bulk == BulkKind::aead || suite.bulk == BulkKind::cbc;
        const bool exchange = suite.key_exchange == KeyExchange::any || suite.key_exchange == KeyExchange::ecdhe ||
                              suite.key_exchange == KeyExchange::dhe;
        if (fitting && sound && exchange && key_serves(key, suite) && stack_serves(suite.value))
            found.push_back(&suite);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto* left, const auto* right) { return rank(*left) < rank(*right); });
    std::vector<CipherSuite> suites;
    suites.reserve(found.size());
    for (const auto* suite : found) suites.push_back(suite->value);
    return suites;
}

std::vector<NamedGroup> servable_groups(const std::vector<ProtocolVersion>& versions)
{
    constexpr std::array kUsualFirst = {
        NamedGroup::x25519,   NamedGroup::secp256r1, NamedGroup::secp384r1, NamedGroup::secp521r1,
        NamedGroup::x448,     NamedGroup::ffdhe2048, NamedGroup::ffdhe3072, NamedGroup::brainpoolP256r1,
        NamedGroup::secp256k1};
    std::vector<NamedGroup> groups;
    for (const auto group : kUsualFirst)
        if (std::any_of(versions.begin(), versions.end(), [&](auto version) { return stack_serves(group, version); }))
            groups.push_back(group);
    return groups;
}

std::optional<std::string> fix_lists(const ServerSettings& server, const ClientHello& hello, Policy& policy)
{
    if (server.ciphers && server.ciphers->none_offered) {
        std::vector<CipherSuite> left;
        for (const auto suite : servable_suites(policy.versions, policy.key))
            if (!hello.offers(suite)) left.push_back(suite);
        if (left.empty()) return "the client offers every cipher suite that the server could insist on";
        policy.cipher_suites = {left.front()};
    }
    if (server.groups && server.groups->none_offered) {
        if (!hello.has_extension(ExtensionType::supported_groups)) return "the client sends no supported_groups";
        std::vector<NamedGroup> left;
        for (const auto group : servable_groups(policy.versions))
            if (!hello.offers(group)) left.push_back(group);
        if (left.empty()) return "the client offers every group that the server could insist on";
        policy.groups = {left.front()};
    }
    return std::nullopt;
}

} // namespace alert40
