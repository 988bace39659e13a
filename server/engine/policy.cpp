// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/policy.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace alert40 {
namespace {

template <class T> bool contains(const std::vector<T>& values, const T& value)
{
    return std::find(values.begin(), values.end(), value) != values.end();
}

template <class T> bool share(const std::vector<T>& ours, const std::vector<T>& theirs)
{
    return std::any_of(ours.begin(), ours.end(), [&](const T& each) { return contains(theirs, each); });
}

Refusal handshake_failure(std::string because)
{
    return {AlertDescription::handshake_failure, std::move(because)};
}

std::optional<Refusal> refuse_name(const Policy& policy, const ClientHello& hello)
{
    const auto asked = hello.server_name();
    if (!asked) {
        if (!policy.missing_name) return std::nullopt;
        return Refusal{*policy.missing_name, "no server name"};
    }
    const auto known = [&](const std::string& name) { return same_name(name, *asked); };
    if (policy.names.empty() || std::any_of(policy.names.begin(), policy.names.end(), known)) return std::nullopt;
    if (!policy.unknown_name) return std::nullopt;
    return Refusal{*policy.unknown_name, "unknown server name"};
}

bool can_sign_any(const ServerKey& key, const std::vector<SignatureScheme>& schemes, ProtocolVersion version)
{
    return std::any_of(schemes.begin(), schemes.end(), [&](auto scheme) { return can_sign(key, scheme, version); });
}

std::optional<Refusal> refuse_tls13(const Policy& policy, const ClientHello& hello)
{
    const auto fitting = [&](CipherSuite suite) {
        const auto* info = find_cipher_suite(suite);
        return info != nullptr && fits(*info, ProtocolVersion::tls13) && hello.offers(suite);
    };
    if (std::none_of(policy.cipher_suites.begin(), policy.cipher_suites.end(), fitting))
        return handshake_failure("no shared cipher suite");
    // RFC 8446, section 9.2: without PSK both extensions must be there.
    if (!hello.has_extension(ExtensionType::supported_groups) ||
        !hello.has_extension(ExtensionType::signature_algorithms))
        return Refusal{AlertDescription::missing_extension, "no supported_groups or signature_algorithms"};
    if (!share(policy.groups, hello.groups())) return handshake_failure("no shared group");
    if (!policy.key) return handshake_failure("no usable certificate");
    if (!can_sign_any(*policy.key, hello.signature_schemes(), ProtocolVersion::tls13))
        return handshake_failure("no shared signature scheme");
    return std::nullopt;
}

/// What a TLS 1.2 suite needs of key, groups and parameters, as tls1_check_cert_param and ssl3_choose_cipher have it.
bool usable(const CipherSuiteInfo& suite, const Policy& policy, const ClientHello& hello, ProtocolVersion version)
{
    if (!fits(suite, version)) return false;
    // The ffdhe groups of the same extension serve DHE (RFC 7919, section 2), not ECDHE.
    const auto shared_curve = [&](NamedGroup group) { return is_elliptic_curve(group) && hello.offers(group); };
    const bool names_groups = hello.has_extension(ExtensionType::supported_groups);
    if (suite.key_exchange == KeyExchange::ecdhe && names_groups &&
        std::none_of(policy.groups.begin(), policy.groups.end(), shared_curve))
        return false;
    if (suite.key_exchange == KeyExchange::dhe && !policy.has_dh_parameters) return false;
    if (suite.authentication == Authentication::none) return true;
    if (!policy.key) return false;
    const auto& key = *policy.key;
    const bool ecdsa_suite = suite.authentication == Authentication::ecdsa;
    const bool rsa_suite = suite.authentication == Authentication::rsa;
    const bool key_fits = (ecdsa_suite && key.kind != SignatureKey::rsa && key.kind != SignatureKey::rsa_pss) ||
                          (rsa_suite && key.kind == SignatureKey::rsa);
    if (!key_fits) return false;
    if (key.curve && names_groups && !hello.offers(*key.curve)) return false;
    // RFC 5246, section 7.4.1.4.1: without the extension, SHA-1 with the suite's kind of key is meant.
    return !hello.has_extension(ExtensionType::signature_algorithms) ||
           can_sign_any(key, hello.signature_schemes(), version);
}

std::optional<Refusal> refuse_up_to_tls12(const Policy& policy, const ClientHello& hello, ProtocolVersion version)
{
    for (const auto suite : policy.cipher_suites) {
        const auto* info = find_cipher_suite(suite);
        if (info != nullptr && hello.offers(suite) && usable(*info, policy, hello, version)) return std::nullopt;
    }
    // OpenSSL's words for all of these: no cipher is left once groups, key and schemes are taken into account.
    return handshake_failure("no shared cipher suite that the groups, the certificate and the signature schemes allow");
}

} // namespace

bool can_sign(const ServerKey& key, SignatureScheme scheme, ProtocolVersion version)
{
    const auto* info = find_signature_scheme_info(scheme);
    if (info == nullptr || info->key != key.kind) return false;
    if (version < ProtocolVersion::tls13) return true;
    return info->tls13_certificate_verify && (!info->curve || info->curve == key.curve);
}

bool serves(const Policy& policy, const ClientHello& hello, CipherSuite suite)
{
    const auto version = negotiated_version(policy, hello);
    const auto* info = find_cipher_suite(suite);
    const bool ours = info != nullptr && contains(policy.cipher_suites, suite) && hello.offers(suite);
    return version && ours && usable(*info, policy, hello, *version);
}

bool same_name(std::string_view left, std::string_view right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

std::optional<ProtocolVersion> negotiated_version(const Policy& policy, const ClientHello& hello)
{
    // An OpenSSL server without a certificate leaves TLS 1.3 out (ssl_version_supported(), ssl/statem/statem_lib.c).
    const auto speaks = [&](ProtocolVersion version) {
        return contains(policy.versions, version) && (policy.key || version != ProtocolVersion::tls13);
    };
    std::optional<ProtocolVersion> best;
    for (const auto version : hello.offered_versions())
        if (is_known(version) && speaks(version) && (!best || version > *best)) best = version;
    return best;
}

std::optional<Refusal> refuse(const Policy& policy, const ClientHello& hello)
{
    const auto version = negotiated_version(policy, hello);
    if (!version) return Refusal{AlertDescription::protocol_version, "no shared protocol version"};
    const auto highest = *std::max_element(policy.versions.begin(), policy.versions.end());
    if (hello.has_fallback_scsv() && *version < highest) // RFC 7507, section 3
        return Refusal{AlertDescription::inappropriate_fallback, "fallback from a version that is supported"};
    if (auto refusal = refuse_name(policy, hello)) return refusal;
    if (*version == ProtocolVersion::tls13) return refuse_tls13(policy, hello);
    return refuse_up_to_tls12(policy, hello, *version);
}

} // namespace alert40
