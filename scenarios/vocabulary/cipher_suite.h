// SPDX-License-Identifier: GPL-2.0-or-later
// Cipher suites: IANA's registry with OpenSSL's names, and the properties that follow from a suite's name.
// The rows are in cipher_suite_table.cpp; find_cipher_suite finds by value or by either name.
#pragma once

#include "scenarios/vocabulary/protocol_version.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

/// Open, and nearly without enumerators: the table below it knows some 380 values.
enum class CipherSuite : std::uint16_t {
    TLS_EMPTY_RENEGOTIATION_INFO_SCSV = 0x00FF,
    TLS_AES_128_GCM_SHA256 = 0x1301,
    TLS_AES_256_GCM_SHA384 = 0x1302,
    TLS_CHACHA20_POLY1305_SHA256 = 0x1303,
    TLS_AES_128_CCM_SHA256 = 0x1304,
    TLS_AES_128_CCM_8_SHA256 = 0x1305,
    TLS_FALLBACK_SCSV = 0x5600,
};

/// `null`: the signalling values and TLS_NULL_WITH_NULL_NULL. `any`: TLS 1.3, where groups and PSK modes decide.
/// DH_anon and ECDH_anon count as dhe and ecdhe (they send a ServerKeyExchange), with Authentication::none.
enum class KeyExchange { null, rsa, dh, dhe, ecdh, ecdhe, psk, dhe_psk, ecdhe_psk, rsa_psk, krb5, srp, any, other };

/// With which key the server proves itself. `any`: TLS 1.3, where the signature scheme decides.
enum class Authentication { none, rsa, dss, ecdsa, psk, krb5, any, other };

enum class BulkKind { aead, cbc, stream, null };

struct CipherSuiteInfo {
    CipherSuite value;
    std::string_view iana_name;
    std::string_view openssl_name; // empty where OpenSSL never had one
    KeyExchange key_exchange;
    Authentication authentication;
    ProtocolVersion min_version;
    ProtocolVersion max_version;
    BulkKind bulk;
};

/// nullptr when no table knows the value. The result lives as long as the program.
const CipherSuiteInfo* find_cipher_suite(CipherSuite suite);

/// By IANA name (also in Java's spelling, SSL_RSA_WITH_...) or OpenSSL name (also EDH- for DHE-). Case matters.
const CipherSuiteInfo* find_cipher_suite(std::string_view iana_or_openssl_name);

/// All of them by rising value, the signalling values (is_signalling) included.
std::span<const CipherSuiteInfo> all_cipher_suites();

/// IANA names, then OpenSSL's.
std::vector<std::string> all_cipher_suite_names();

/// The IANA name, or "0xABCD".
std::string name(CipherSuite suite);

/// TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746) and TLS_FALLBACK_SCSV (RFC 7507): offered, never selected.
bool is_signalling(CipherSuite suite);

/// Whether `version` may select the suite.
bool fits(const CipherSuiteInfo& suite, ProtocolVersion version);

} // namespace alert40
