// SPDX-License-Identifier: GPL-2.0-or-later
// Signature schemes (IANA "TLS SignatureScheme", RFC 8446 section 4.2.3) and the hash and signature pairs of
// TLS 1.2 (RFC 5246 section 7.4.1.4.1), which share the number space.
#pragma once

#include "scenarios/vocabulary/named_group.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

enum class SignatureScheme : std::uint16_t {
    rsa_pkcs1_md5 = 0x0101,
    dsa_md5 = 0x0102,
    ecdsa_md5 = 0x0103,
    rsa_pkcs1_sha1 = 0x0201,
    dsa_sha1 = 0x0202,
    ecdsa_sha1 = 0x0203,
    rsa_pkcs1_sha224 = 0x0301,
    dsa_sha224 = 0x0302,
    ecdsa_sha224 = 0x0303,
    rsa_pkcs1_sha256 = 0x0401,
    dsa_sha256 = 0x0402,
    ecdsa_secp256r1_sha256 = 0x0403, // in TLS 1.2: ECDSA with SHA-256 on any curve
    rsa_pkcs1_sha384 = 0x0501,
    dsa_sha384 = 0x0502,
    ecdsa_secp384r1_sha384 = 0x0503,
    rsa_pkcs1_sha512 = 0x0601,
    dsa_sha512 = 0x0602,
    ecdsa_secp521r1_sha512 = 0x0603,
    sm2sig_sm3 = 0x0708,
    rsa_pss_rsae_sha256 = 0x0804,
    rsa_pss_rsae_sha384 = 0x0805,
    rsa_pss_rsae_sha512 = 0x0806,
    ed25519 = 0x0807,
    ed448 = 0x0808,
    rsa_pss_pss_sha256 = 0x0809,
    rsa_pss_pss_sha384 = 0x080A,
    rsa_pss_pss_sha512 = 0x080B,
    ecdsa_brainpoolP256r1tls13_sha256 = 0x081A,
    ecdsa_brainpoolP384r1tls13_sha384 = 0x081B,
    ecdsa_brainpoolP512r1tls13_sha512 = 0x081C,
    mldsa44 = 0x0904,
    mldsa65 = 0x0905,
    mldsa87 = 0x0906,
};

/// The key that a scheme signs with. `rsa` is the rsaEncryption key of nearly all RSA certificates, used by
/// rsa_pkcs1_* and rsa_pss_rsae_*; `rsa_pss` is the id-RSASSA-PSS key of rsa_pss_pss_*.
enum class SignatureKey { rsa, rsa_pss, ecdsa, ed25519, ed448, dsa, other };

struct SignatureSchemeInfo {
    SignatureScheme value;
    std::string_view name;         // IANA's; for TLS 1.2 pairs without one, the same pattern
    std::string_view openssl_name; // as -sigalgs takes it; empty where OpenSSL 3.0 has none
    SignatureKey key;
    std::string_view hash;           // "sha256"; empty where the scheme has it built in
    std::optional<NamedGroup> curve; // the only one allowed in TLS 1.3
    bool tls13_certificate_verify;   // false: at most for certificates in TLS 1.3 (RFC 8446 section 4.2.3)
};

/// nullptr when unknown. The result lives as long as the program.
const SignatureSchemeInfo* find_signature_scheme_info(SignatureScheme scheme);

/// By rising value.
std::span<const SignatureSchemeInfo> all_signature_schemes();

/// IANA's name, or "0xABCD".
std::string name(SignatureScheme scheme);

/// By IANA's or OpenSSL's name ("RSA+SHA256", "ECDSA+SHA1").
std::optional<SignatureScheme> find_signature_scheme(std::string_view name);
std::vector<std::string> all_signature_scheme_names();

} // namespace alert40
