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

/// From IANA's registry of ALPN protocol IDs.
constexpr std::string_view kProtocols[] = {"mqtt", "imap", "pop3", "xmpp-server", "ftp", "smb", "irc", "sip/2"};

template <class T> std::optional<T> first_not_offered(const std::vector<T>& ours, const ClientHello& hello)
{
    const auto found = std::find_if(ours.begin(), ours.end(), [&](T each) { return !hello.offers(each); });
    return found == ours.end() ? std::nullopt : std::optional(*found);
}

/// The latest that the stack serves and the client does not offer.
std::optional<ProtocolVersion> version_not_offered(const ClientHello& hello)
{
    const auto versions = all_protocol_versions();
    for (auto version = versions.rbegin(); version != versions.rend(); ++version)
        if (stack_serves(*version) && !hello.offers(*version)) return *version;
    return std::nullopt;
}

/// What the key can make in the latest of the server's versions.
std::vector<SignatureScheme> signable_schemes(const Policy& policy)
{
    std::vector<SignatureScheme> schemes;
    if (!policy.key) return schemes;
    const auto version = *std::max_element(policy.versions.begin(), policy.versions.end());
    for (const auto& scheme : all_signature_schemes()) {
        const bool sound = scheme.hash != "md5" && scheme.hash != "sha1" && scheme.hash != "sha224";
        if (sound && can_sign(*policy.key, scheme.value, version)) schemes.push_back(scheme.value);
    }
    return schemes;
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

bool leaves_lists_open(const ServerSettings& server)
{
    const auto open = [](const auto& selection) { return selection && selection->none_offered; };
    return server.versions_none_offered || open(server.ciphers) || open(server.groups) ||
           open(server.signature_schemes) || open(server.alpn);
}

std::optional<std::string> fix_lists(const ServerSettings& server, const ClientHello& hello, Policy& policy)
{
    const auto open = [](const auto& selection) { return selection && selection->none_offered; };
    if (server.versions_none_offered) {
        const auto version = version_not_offered(hello);
        if (!version) return "the client offers every protocol version that the server could insist on";
        policy.versions = {*version};
        if (!server.ciphers) policy.cipher_suites = servable_suites(policy.versions, policy.key);
        if (!server.groups) policy.groups = servable_groups(policy.versions);
    }
    if (open(server.ciphers)) {
        const auto suite = first_not_offered(servable_suites(policy.versions, policy.key), hello);
        if (!suite) return "the client offers every cipher suite that the server could insist on";
        policy.cipher_suites = {*suite};
    }
    if (open(server.groups)) {
        if (!hello.has_extension(ExtensionType::supported_groups)) return "the client sends no supported_groups";
        const auto group = first_not_offered(servable_groups(policy.versions), hello);
        if (!group) return "the client offers every group that the server could insist on";
        policy.groups = {*group};
    }
    if (open(server.signature_schemes)) {
        if (!hello.has_extension(ExtensionType::signature_algorithms))
            return "the client sends no signature_algorithms";
        const auto scheme = first_not_offered(signable_schemes(policy), hello);
        if (!scheme) return "the client takes every signature that the server's key can make";
        policy.signature_schemes = {*scheme};
    }
    if (open(server.alpn)) {
        if (hello.alpn_protocols().empty()) return "the client sends no application protocols";
        const auto found = std::find_if(std::begin(kProtocols), std::end(kProtocols),
                                        [&](auto protocol) { return !hello.offers_alpn(protocol); });
        if (found == std::end(kProtocols)) return "the client offers every protocol that the server could insist on";
        policy.alpn = {std::string(*found)};
    }
    return std::nullopt;
}

} // namespace alert40
