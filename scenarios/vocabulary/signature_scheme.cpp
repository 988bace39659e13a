// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/vocabulary/signature_scheme.h"

#include "scenarios/vocabulary/name_table.h"

#include <algorithm>

namespace alert40 {
namespace {

using Scheme = SignatureScheme;
using Key = SignatureKey;
constexpr auto kAnyCurve = std::nullopt;
constexpr bool kVerify = true; // fit for CertificateVerify in TLS 1.3
constexpr bool kNoVerify = false;

// RFC 8446 section 4.2.3: the RSASSA-PKCS1-v1_5 and SHA-1 schemes "refer solely to signatures which appear in
// certificates [...] and are not defined for use in signed TLS handshake messages", in TLS 1.3.
// clang-format off
constexpr SignatureSchemeInfo kSchemes[] = {
    {Scheme::rsa_pkcs1_md5, "rsa_pkcs1_md5", "RSA+MD5", Key::rsa, "md5", kAnyCurve, kNoVerify},
    {Scheme::dsa_md5, "dsa_md5", "DSA+MD5", Key::dsa, "md5", kAnyCurve, kNoVerify},
    {Scheme::ecdsa_md5, "ecdsa_md5", "ECDSA+MD5", Key::ecdsa, "md5", kAnyCurve, kNoVerify},
    {Scheme::rsa_pkcs1_sha1, "rsa_pkcs1_sha1", "RSA+SHA1", Key::rsa, "sha1", kAnyCurve, kNoVerify},
    {Scheme::dsa_sha1, "dsa_sha1", "DSA+SHA1", Key::dsa, "sha1", kAnyCurve, kNoVerify},
    {Scheme::ecdsa_sha1, "ecdsa_sha1", "ECDSA+SHA1", Key::ecdsa, "sha1", kAnyCurve, kNoVerify},
    {Scheme::rsa_pkcs1_sha224, "rsa_pkcs1_sha224", "RSA+SHA224", Key::rsa, "sha224", kAnyCurve, kNoVerify},
    {Scheme::dsa_sha224, "dsa_sha224", "DSA+SHA224", Key::dsa, "sha224", kAnyCurve, kNoVerify},
    {Scheme::ecdsa_sha224, "ecdsa_sha224", "ECDSA+SHA224", Key::ecdsa, "sha224", kAnyCurve, kNoVerify},
    {Scheme::rsa_pkcs1_sha256, "rsa_pkcs1_sha256", "RSA+SHA256", Key::rsa, "sha256", kAnyCurve, kNoVerify},
    {Scheme::dsa_sha256, "dsa_sha256", "DSA+SHA256", Key::dsa, "sha256", kAnyCurve, kNoVerify},
    {Scheme::ecdsa_secp256r1_sha256, "ecdsa_secp256r1_sha256", "ECDSA+SHA256", Key::ecdsa, "sha256", NamedGroup::secp256r1, kVerify},
    {Scheme::rsa_pkcs1_sha384, "rsa_pkcs1_sha384", "RSA+SHA384", Key::rsa, "sha384", kAnyCurve, kNoVerify},
    {Scheme::dsa_sha384, "dsa_sha384", "DSA+SHA384", Key::dsa, "sha384", kAnyCurve, kNoVerify},
    {Scheme::ecdsa_secp384r1_sha384, "ecdsa_secp384r1_sha384", "ECDSA+SHA384", Key::ecdsa, "sha384", NamedGroup::secp384r1, kVerify},
    {Scheme::rsa_pkcs1_sha512, "rsa_pkcs1_sha512", "RSA+SHA512", Key::rsa, "sha512", kAnyCurve, kNoVerify},
    {Scheme::dsa_sha512, "dsa_sha512", "DSA+SHA512", Key::dsa, "sha512", kAnyCurve, kNoVerify},
    {Scheme::ecdsa_secp521r1_sha512, "ecdsa_secp521r1_sha512", "ECDSA+SHA512", Key::ecdsa, "sha512", NamedGroup::secp521r1, kVerify},
    {Scheme::sm2sig_sm3, "sm2sig_sm3", "", Key::other, "sm3", NamedGroup::curveSM2, kVerify},
    {Scheme::rsa_pss_rsae_sha256, "rsa_pss_rsae_sha256", "rsa_pss_rsae_sha256", Key::rsa, "sha256", kAnyCurve, kVerify},
    {Scheme::rsa_pss_rsae_sha384, "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha384", Key::rsa, "sha384", kAnyCurve, kVerify},
    {Scheme::rsa_pss_rsae_sha512, "rsa_pss_rsae_sha512", "rsa_pss_rsae_sha512", Key::rsa, "sha512", kAnyCurve, kVerify},
    {Scheme::ed25519, "ed25519", "ed25519", Key::ed25519, "", kAnyCurve, kVerify},
    {Scheme::ed448, "ed448", "ed448", Key::ed448, "", kAnyCurve, kVerify},
    {Scheme::rsa_pss_pss_sha256, "rsa_pss_pss_sha256", "rsa_pss_pss_sha256", Key::rsa_pss, "sha256", kAnyCurve, kVerify},
    {Scheme::rsa_pss_pss_sha384, "rsa_pss_pss_sha384", "rsa_pss_pss_sha384", Key::rsa_pss, "sha384", kAnyCurve, kVerify},
    {Scheme::rsa_pss_pss_sha512, "rsa_pss_pss_sha512", "rsa_pss_pss_sha512", Key::rsa_pss, "sha512", kAnyCurve, kVerify},
    {Scheme::ecdsa_brainpoolP256r1tls13_sha256, "ecdsa_brainpoolP256r1tls13_sha256", "", Key::ecdsa, "sha256", NamedGroup::brainpoolP256r1tls13, kVerify},
    {Scheme::ecdsa_brainpoolP384r1tls13_sha384, "ecdsa_brainpoolP384r1tls13_sha384", "", Key::ecdsa, "sha384", NamedGroup::brainpoolP384r1tls13, kVerify},
    {Scheme::ecdsa_brainpoolP512r1tls13_sha512, "ecdsa_brainpoolP512r1tls13_sha512", "", Key::ecdsa, "sha512", NamedGroup::brainpoolP512r1tls13, kVerify},
    {Scheme::mldsa44, "mldsa44", "", Key::other, "", kAnyCurve, kVerify},
    {Scheme::mldsa65, "mldsa65", "", Key::other, "", kAnyCurve, kVerify},
    {Scheme::mldsa87, "mldsa87", "", Key::other, "", kAnyCurve, kVerify},
};
// clang-format on

} // namespace

const SignatureSchemeInfo* find_signature_scheme_info(SignatureScheme scheme)
{
    auto row = std::find_if(std::begin(kSchemes), std::end(kSchemes),
                            [&](const SignatureSchemeInfo& each) { return each.value == scheme; });
    return row == std::end(kSchemes) ? nullptr : row;
}

std::span<const SignatureSchemeInfo> all_signature_schemes()
{
    return kSchemes;
}

std::string name(SignatureScheme scheme)
{
    const auto known = name_in(kSchemes, scheme);
    return known.empty() ? hexadecimal(static_cast<std::uint16_t>(scheme)) : std::string(known);
}

std::optional<SignatureScheme> find_signature_scheme(std::string_view name)
{
    for (const auto& row : kSchemes)
        if (row.name == name || (!name.empty() && row.openssl_name == name)) return row.value;
    return std::nullopt;
}

std::vector<std::string> all_signature_scheme_names()
{
    return names_in(kSchemes);
}

} // namespace alert40
