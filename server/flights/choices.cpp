// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/choices.h"

#include "server/flights/tls12_keys.h"
#include "server/wire/record_protection.h"

#include <algorithm>

namespace alert40 {
namespace {

bool fits_key(const CipherSuiteInfo& suite, const PrivateKey& key)
{
    if (suite.authentication == Authentication::any || is_plain_psk(suite)) return true;
    return suite.authentication == (is_rsa(key.type()) ? Authentication::rsa : Authentication::ecdsa);
}

bool can_exchange(const CipherSuiteInfo& suite, const FlightPlan& plan)
{
    return suite.key_exchange != KeyExchange::dhe || plan.dh.has_value();
}

bool can_protect(const CipherSuiteInfo& suite)
{
    return tls13_algorithms(suite.value).has_value() || tls12_algorithms(suite).has_value();
}

SignatureKey signature_key(const PrivateKey& key)
{
    if (is_rsa(key.type())) return SignatureKey::rsa;
    if (key.type() == KeyType::ed25519) return SignatureKey::ed25519;
    return key.type() == KeyType::ed448 ? SignatureKey::ed448 : SignatureKey::ecdsa;
}

bool fits_curve(const SignatureSchemeInfo& scheme, const PrivateKey& key)
{
    if (!scheme.curve) return true;
    if (key.type() == KeyType::ec_p256) return scheme.curve == NamedGroup::secp256r1;
    if (key.type() == KeyType::ec_p384) return scheme.curve == NamedGroup::secp384r1;
    if (key.type() == KeyType::ec_p521) return scheme.curve == NamedGroup::secp521r1;
    if (key.type() == KeyType::ec_secp256k1) return false;
    return true;
}

/// No MD5: even a server that says what was not asked for says SHA-1.
bool is_usable(const SignatureSchemeInfo& scheme)
{
    const bool brainpool = scheme.name.find("brainpool") != std::string_view::npos;
    return scheme.hash != "sha224" && scheme.hash != "sm3" && scheme.hash != "md5" && !brainpool;
}

} // namespace

std::vector<SignatureScheme> schemes_of(const PrivateKey& key, bool tls13)
{
    std::vector<SignatureScheme> strong;
    std::vector<SignatureScheme> weak;
    for (const auto& scheme : all_signature_schemes()) {
        if (scheme.key != signature_key(key) || !is_usable(scheme)) continue;
        if (tls13 && (!scheme.tls13_certificate_verify || !fits_curve(scheme, key))) continue;
        (scheme.hash == "sha1" ? weak : strong).push_back(scheme.value);
    }
    strong.insert(strong.end(), weak.begin(), weak.end());
    return strong;
}

const CipherSuiteInfo* choose_suite(const FlightPlan& plan, const ClientHello& hello, ProtocolVersion version)
{
    const CipherSuiteInfo* fallback = nullptr;
    for (const auto suite : plan.cipher_suites) {
        const auto* info = find_cipher_suite(suite);
        if (info == nullptr || !fits(*info, version) || !fits_key(*info, plan.chain.key) || !can_exchange(*info, plan))
            continue;
        if (hello.offers(suite)) return info;
        if (fallback == nullptr) fallback = info;
    }
    return fallback;
}

CipherSuite unoffered_suite(const FlightPlan& plan, const ClientHello& hello, ProtocolVersion version)
{
    const CipherSuiteInfo* near = nullptr;  // of the same key exchange and certificate
    const CipherSuiteInfo* other = nullptr; // of the version at least
    for (const auto& info : all_cipher_suites()) {
        if (is_signalling(info.value) || !fits(info, version) || hello.offers(info.value)) continue;
        const bool exchange = info.key_exchange == KeyExchange::any || info.key_exchange == KeyExchange::ecdhe;
        const bool alike = exchange && fits_key(info, plan.chain.key);
        if (alike && can_protect(info)) return info.value;
        if (near == nullptr && alike) near = &info;
        if (other == nullptr && info.authentication != Authentication::none) other = &info;
    }
    if (near != nullptr) return near->value;
    return other != nullptr ? other->value : CipherSuite{0xFEFE};
}

std::optional<EcdhGroup> ecdh_group(NamedGroup group)
{
    if (group == NamedGroup::x25519) return EcdhGroup::x25519;
    if (group == NamedGroup::secp256r1) return EcdhGroup::secp256r1;
    if (group == NamedGroup::secp384r1) return EcdhGroup::secp384r1;
    if (group == NamedGroup::secp521r1) return EcdhGroup::secp521r1;
    if (group == NamedGroup::x448) return EcdhGroup::x448;
    return std::nullopt;
}

NamedGroup choose_group(const FlightPlan& plan, const ClientHello& hello)
{
    for (const auto group : plan.groups)
        if (ecdh_group(group) && hello.offers(group)) return group;
    return NamedGroup::secp256r1;
}

NamedGroup unoffered_group(const ClientHello& hello, ProtocolVersion version)
{
    constexpr NamedGroup kUsualFirst[] = {NamedGroup::secp384r1, NamedGroup::secp521r1, NamedGroup::x448,
                                          NamedGroup::x25519,    NamedGroup::secp256r1, NamedGroup::ffdhe2048,
                                          NamedGroup::ffdhe8192, NamedGroup::secp256k1};
    for (const auto group : kUsualFirst) // up to TLS 1.2 it is the curve of ECDHE
        if (!hello.offers(group) && (version == ProtocolVersion::tls13 || !is_ffdhe(group))) return group;
    return NamedGroup::GC256A;
}

SignatureScheme choose_scheme(const FlightPlan& plan, const ClientHello& hello, bool tls13)
{
    const auto able = schemes_of(plan.chain.key, tls13);
    const auto ours = [&](SignatureScheme scheme) {
        return plan.signature_schemes.empty() || std::find(plan.signature_schemes.begin(), plan.signature_schemes.end(),
                                                           scheme) != plan.signature_schemes.end();
    };
    for (const auto scheme : able)
        if (ours(scheme) && hello.offers(scheme)) return scheme;
    for (const auto scheme : able)
        if (ours(scheme)) return scheme;
    return able.front();
}

SignatureScheme unoffered_scheme(const FlightPlan& plan, const ClientHello& hello)
{
    const auto able = schemes_of(plan.chain.key, false);
    for (auto scheme = able.rbegin(); scheme != able.rend(); ++scheme)
        if (!hello.offers(*scheme)) return *scheme;
    return SignatureScheme{0x0404}; // every real one is offered: a number of none
}

std::optional<std::string> choose_alpn(const FlightPlan& plan, const ClientHello& hello)
{
    for (const auto& protocol : plan.alpn)
        if (hello.offers_alpn(protocol)) return protocol;
    return std::nullopt;
}

} // namespace alert40
