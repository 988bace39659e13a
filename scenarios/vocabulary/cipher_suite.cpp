// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/vocabulary/cipher_suite.h"

#include "scenarios/vocabulary/cipher_suite_table.h"
#include "scenarios/vocabulary/name_table.h"

#include <algorithm>
#include <string>
#include <utility>

namespace alert40 {
namespace {

struct Handshake {
    std::string_view word; // between TLS_ and _WITH_
    KeyExchange key_exchange;
    Authentication authentication;
};

// What stands before _WITH_; _EXPORT and _EXPORT1024 behind it are taken off first.
constexpr Handshake kHandshakes[] = {
    {"NULL", KeyExchange::null, Authentication::none},
    {"RSA", KeyExchange::rsa, Authentication::rsa},
    {"RSA_FIPS", KeyExchange::rsa, Authentication::rsa},
    {"DH_DSS", KeyExchange::dh, Authentication::dss},
    {"DH_RSA", KeyExchange::dh, Authentication::rsa},
    {"DH_anon", KeyExchange::dhe, Authentication::none},
    {"DHE_DSS", KeyExchange::dhe, Authentication::dss},
    {"DHE_RSA", KeyExchange::dhe, Authentication::rsa},
    {"ECDH_ECDSA", KeyExchange::ecdh, Authentication::ecdsa},
    {"ECDH_RSA", KeyExchange::ecdh, Authentication::rsa},
    {"ECDH_anon", KeyExchange::ecdhe, Authentication::none},
    {"ECDHE_ECDSA", KeyExchange::ecdhe, Authentication::ecdsa},
    {"ECDHE_RSA", KeyExchange::ecdhe, Authentication::rsa},
    {"PSK", KeyExchange::psk, Authentication::psk},
    {"DHE_PSK", KeyExchange::dhe_psk, Authentication::psk},
    {"PSK_DHE", KeyExchange::dhe_psk, Authentication::psk}, // RFC 6655 turned the two _CCM_8 names round
    {"ECDHE_PSK", KeyExchange::ecdhe_psk, Authentication::psk},
    {"RSA_PSK", KeyExchange::rsa_psk, Authentication::rsa},
    {"KRB5", KeyExchange::krb5, Authentication::krb5},
    {"SRP_SHA", KeyExchange::srp, Authentication::other},
    {"SRP_SHA_RSA", KeyExchange::srp, Authentication::rsa},
    {"SRP_SHA_DSS", KeyExchange::srp, Authentication::dss},
};

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

Handshake handshake_of(std::string_view before_with)
{
    std::string_view word = before_with.substr(4); // TLS_ or SSL_
    if (const auto position = word.find("_EXPORT"); position != std::string_view::npos) word = word.substr(0, position);
    for (const auto& row : kHandshakes)
        if (row.word == word) return row;
    return {word, KeyExchange::other, Authentication::other};
}

BulkKind bulk_of(std::string_view name)
{
    for (const auto part : {"_GCM", "_CCM", "_POLY1305", "_MGM", "_AEGIS"})
        if (contains(name, part)) return BulkKind::aead;
    if (contains(name, "_WITH_NULL")) return BulkKind::null;
    if (contains(name, "_CBC")) return BulkKind::cbc;
    return contains(name, "_WITH_") ? BulkKind::stream : BulkKind::null; // RFC 9150: TLS_SHA256_SHA256 encrypts nothing
}

ProtocolVersion min_version_of(std::string_view name, BulkKind bulk)
{
    // RFC 5246 section 6.2.3.3: AEAD is new in TLS 1.2. RFC 5289 section 3: so are the SHA-256 and SHA-384 MACs.
    if (bulk == BulkKind::aead || name.ends_with("_SHA256") || name.ends_with("_SHA384")) return ProtocolVersion::tls12;
    if (contains(name, "_OMAC")) return ProtocolVersion::tls12; // RFC 9189
    // RFC 8422 and its predecessor define nothing for SSL 3.0.
    if (name.starts_with("TLS_ECDH")) return ProtocolVersion::tls10;
    return ProtocolVersion::ssl30;
}

/// TLS 1.3 names say nothing about key exchange (RFC 8446 section B.4); RFC 9367 kept the old pattern.
bool is_tls13_only(const CipherSuiteRow& row)
{
    if (is_signalling(CipherSuite{row.value})) return false;
    return !contains(row.iana_name, "_WITH_") || contains(row.iana_name, "_MGM_");
}

CipherSuiteInfo describe(const CipherSuiteRow& row)
{
    CipherSuiteInfo info{CipherSuite{row.value}, row.iana_name,          row.openssl_name,       KeyExchange::null,
                         Authentication::none,   ProtocolVersion::ssl30, ProtocolVersion::tls12, BulkKind::null};
    if (is_signalling(info.value)) return info;
    info.bulk = bulk_of(row.iana_name);
    if (is_tls13_only(row)) {
        info.key_exchange = KeyExchange::any;
        info.authentication = Authentication::any;
        info.min_version = info.max_version = ProtocolVersion::tls13;
        return info;
    }
    const auto handshake = handshake_of(row.iana_name.substr(0, row.iana_name.find("_WITH_")));
    info.key_exchange = handshake.key_exchange;
    info.authentication = handshake.authentication;
    info.min_version = min_version_of(row.iana_name, info.bulk);
    return info;
}

std::vector<CipherSuiteInfo> describe_all()
{
    std::vector<CipherSuiteInfo> all;
    for (const auto& row : cipher_suite_rows()) all.push_back(describe(row));
    return all;
}

const CipherSuiteInfo* find_exactly(std::string_view wanted)
{
    if (wanted.empty()) return nullptr;
    for (const auto& suite : all_cipher_suites())
        if (suite.iana_name == wanted || suite.openssl_name == wanted) return &suite;
    return nullptr;
}

} // namespace

std::span<const CipherSuiteInfo> all_cipher_suites()
{
    static const std::vector<CipherSuiteInfo> all = describe_all();
    return all;
}

const CipherSuiteInfo* find_cipher_suite(CipherSuite suite)
{
    const auto all = all_cipher_suites();
    const auto found = std::lower_bound(
        all.begin(), all.end(), suite, [](const CipherSuiteInfo& row, CipherSuite value) { return row.value < value; });
    return found != all.end() && found->value == suite ? &*found : nullptr;
}

const CipherSuiteInfo* find_cipher_suite(std::string_view iana_or_openssl_name)
{
    if (const auto* exact = find_exactly(iana_or_openssl_name)) return exact;
    std::string other(iana_or_openssl_name);
    if (other.starts_with("SSL_")) return find_exactly(other.replace(0, 3, "TLS"));
    if (const auto position = other.find("EDH-"); position == 0 || other.starts_with("EXP-EDH-"))
        return find_exactly(other.replace(position, 4, "DHE-")); // OpenSSL's spelling before 1.1.0
    return nullptr;
}

std::vector<std::string> all_cipher_suite_names()
{
    std::vector<std::string> names;
    for (const auto& suite : all_cipher_suites()) names.emplace_back(suite.iana_name);
    for (const auto& suite : all_cipher_suites())
        if (!suite.openssl_name.empty() && suite.openssl_name != suite.iana_name)
            names.emplace_back(suite.openssl_name);
    return names;
}

std::string name(CipherSuite suite)
{
    const auto* known = find_cipher_suite(suite);
    return known == nullptr ? hexadecimal(static_cast<std::uint16_t>(suite)) : std::string(known->iana_name);
}

bool is_signalling(CipherSuite suite)
{
    return suite == CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV || suite == CipherSuite::TLS_FALLBACK_SCSV;
}

bool fits(const CipherSuiteInfo& suite, ProtocolVersion version)
{
    return !is_signalling(suite.value) && version >= suite.min_version && version <= suite.max_version;
}

} // namespace alert40
