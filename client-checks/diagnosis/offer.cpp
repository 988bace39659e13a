// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/offer.h"

#include "scenarios/vocabulary/grease.h"

#include <fmt/format.h>

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::size_t kFewSuites = 3;
constexpr std::size_t kFewGroups = 2;

using Suites = std::vector<const CipherSuiteInfo*>;

Suites suites(const ClientHello& hello, bool tls13)
{
    Suites real;
    for (const auto suite : hello.cipher_suites) {
        const auto* info = find_cipher_suite(suite);
        if (info == nullptr || is_signalling(suite)) continue;
        if ((info->min_version == ProtocolVersion::tls13) == tls13) real.push_back(info);
    }
    return real;
}

template <class Predicate> bool all(const Suites& of, Predicate predicate)
{
    return std::all_of(of.begin(), of.end(), predicate);
}

std::string list(const Suites& of)
{
    std::string text;
    for (const auto* suite : of) text += (text.empty() ? "" : ", ") + std::string(suite->iana_name);
    return text;
}

bool is_rsa(const CipherSuiteInfo* suite)
{
    return suite->authentication == Authentication::rsa;
}

bool is_ecdsa(const CipherSuiteInfo* suite)
{
    return suite->authentication == Authentication::ecdsa;
}

bool is_cbc(const CipherSuiteInfo* suite)
{
    return suite->bulk == BulkKind::cbc;
}

std::optional<std::string> narrow_tls12_suites(const Suites& of)
{
    if (of.size() <= kFewSuites)
        return fmt::format("the client offers {} cipher suite{} for TLS 1.2 and before{}{}", of.size(),
                           of.size() == 1 ? "" : "s", of.empty() ? "" : ": ", list(of));
    if (all(of, is_cbc)) return fmt::format("all {} cipher suites of the client are CBC", of.size());
    if (all(of, is_rsa)) return fmt::format("all {} cipher suites of the client need an RSA certificate", of.size());
    if (all(of, is_ecdsa))
        return fmt::format("all {} cipher suites of the client need an ECDSA certificate", of.size());
    return std::nullopt;
}

/// Without GREASE.
template <class T> std::vector<T> real(std::vector<T> values)
{
    std::erase_if(values, [](T value) { return is_grease(static_cast<std::uint16_t>(value)); });
    return values;
}

} // namespace

std::optional<std::string> narrow_suites(const ClientHello& hello)
{
    const auto tls13 = suites(hello, true);
    const bool offers_tls13 = hello.offers(ProtocolVersion::tls13);
    if (!offers_only_tls13(hello))
        if (auto narrow = narrow_tls12_suites(suites(hello, false))) return narrow;
    if (offers_tls13 && tls13.size() <= 1)
        return "the client offers one cipher suite for TLS 1.3" + (tls13.empty() ? "" : ": " + list(tls13));
    return std::nullopt;
}

bool narrow_suites_by_key(const ClientHello& hello)
{
    const auto tls12 = suites(hello, false);
    const bool wide = tls12.size() > kFewSuites && !all(tls12, is_cbc) && suites(hello, true).size() > 1;
    return wide && (all(tls12, is_rsa) || all(tls12, is_ecdsa));
}

std::optional<std::string> narrow_groups(const ClientHello& hello)
{
    auto groups = hello.groups();
    std::erase_if(groups, [](auto group) { return is_grease(group); });
    if (groups.empty() || groups.size() > kFewGroups) return std::nullopt;
    if (hello.offers(NamedGroup::x25519) && hello.offers(NamedGroup::secp256r1)) return std::nullopt;
    if (groups.size() == 1) return "the client offers one group, " + name(groups.front());
    return fmt::format("the client offers two groups, {} and {}", name(groups.front()), name(groups.back()));
}

std::optional<std::string> narrow_schemes(const ClientHello& hello)
{
    bool rsa = false;
    bool elliptic = false;
    for (const auto scheme : hello.signature_schemes()) {
        const auto* info = find_signature_scheme_info(scheme);
        if (info == nullptr) continue;
        rsa = rsa || info->key == SignatureKey::rsa || info->key == SignatureKey::rsa_pss;
        elliptic = elliptic || info->key == SignatureKey::ecdsa || info->key == SignatureKey::ed25519 ||
                   info->key == SignatureKey::ed448;
    }
    if (rsa == elliptic) return std::nullopt;
    return fmt::format("the client offers signature schemes for {} keys only", rsa ? "RSA" : "elliptic-curve");
}

std::optional<std::string> single_version(const ClientHello& hello)
{
    if (offers_only_tls13(hello)) return "the client offers TLS 1.3 alone";
    if (!offers_at_most_tls12(hello)) return std::nullopt;
    auto highest = ProtocolVersion::ssl30;
    for (const auto version : hello.offered_versions()) highest = std::max(highest, version);
    return fmt::format("the client offers at most {}", display_name(highest));
}

bool offers_usual_groups(const ClientHello& hello)
{
    constexpr NamedGroup kUsual[] = {NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1,
                                     NamedGroup::secp521r1};
    if (!hello.has_extension(ExtensionType::supported_groups)) return true;
    return std::all_of(std::begin(kUsual), std::end(kUsual), [&](auto group) { return hello.offers(group); });
}

bool offers_usual_schemes(const ClientHello& hello)
{
    constexpr SignatureScheme kUsual[] = {
        SignatureScheme::rsa_pss_rsae_sha256,    SignatureScheme::rsa_pkcs1_sha256,
        SignatureScheme::ecdsa_secp256r1_sha256, SignatureScheme::ecdsa_secp384r1_sha384,
        SignatureScheme::ecdsa_secp521r1_sha512, SignatureScheme::ed25519};
    return std::all_of(std::begin(kUsual), std::end(kUsual), [&](auto scheme) { return hello.offers(scheme); });
}

bool offers_at_most_tls12(const ClientHello& hello)
{
    const auto versions = hello.offered_versions();
    return std::all_of(versions.begin(), versions.end(),
                       [](auto version) { return version <= ProtocolVersion::tls12; });
}

bool offers_only_tls13(const ClientHello& hello)
{
    const auto versions = hello.offered_versions();
    return !versions.empty() &&
           std::all_of(versions.begin(), versions.end(), [](auto version) { return version > ProtocolVersion::tls12; });
}

bool same_offer_but_session(const ClientHello& left, const ClientHello& right)
{
    return left.server_name() == right.server_name() && left.offered_versions() == right.offered_versions() &&
           real(left.cipher_suites) == real(right.cipher_suites) && real(left.groups()) == real(right.groups()) &&
           real(left.signature_schemes()) == real(right.signature_schemes()) &&
           left.alpn_protocols() == right.alpn_protocols();
}

bool same_offer(const ClientHello& left, const ClientHello& right)
{
    return same_offer_but_session(left, right) && offers_session(left) == offers_session(right);
}

bool offers_session(const ClientHello& hello)
{
    const auto* ticket = find_extension(hello.extensions, ExtensionType::session_ticket);
    return hello.has_pre_shared_key() || (ticket != nullptr && !ticket->body.empty());
}

bool needs_group(const ClientHello& hello)
{
    const auto is_rsa = [](const auto* suite) { return suite->key_exchange == KeyExchange::rsa; };
    return hello.offers(ProtocolVersion::tls13) || !all(suites(hello, false), is_rsa);
}

} // namespace alert40
