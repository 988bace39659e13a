// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/vocabulary/cipher_suite.h"

#include <catch2/catch.hpp>

#include <set>

namespace alert40 {
namespace {

const CipherSuiteInfo& suite(std::string_view name)
{
    const auto* found = find_cipher_suite(name);
    CAPTURE(name);
    REQUIRE(found != nullptr);
    return *found;
}

TEST_CASE("the table of cipher suites is sorted and has no name twice", "[vocabulary][cipher]")
{
    std::set<std::string_view> iana;
    std::set<std::string_view> openssl;
    const CipherSuiteInfo* last = nullptr;
    for (const auto& each : all_cipher_suites()) {
        CAPTURE(each.iana_name);
        CHECK(iana.insert(each.iana_name).second);
        if (!each.openssl_name.empty()) CHECK(openssl.insert(each.openssl_name).second);
        if (last != nullptr) CHECK(last->value < each.value);
        last = &each;
    }
    CHECK(iana.size() > 350);
    CHECK(openssl.size() > 270);
}

TEST_CASE("every suite is found by value and by each of its names", "[vocabulary][cipher]")
{
    for (const auto& each : all_cipher_suites()) {
        CHECK(find_cipher_suite(each.value) == &each);
        CHECK(find_cipher_suite(each.iana_name) == &each);
        if (!each.openssl_name.empty()) CHECK(find_cipher_suite(each.openssl_name) == &each);
        CHECK(name(each.value) == each.iana_name);
    }
    CHECK(find_cipher_suite(CipherSuite{0xABCD}) == nullptr);
    CHECK(find_cipher_suite("") == nullptr);
    CHECK(name(CipherSuite{0xABCD}) == "0xABCD");
}

TEST_CASE("suites keep the names that older OpenSSL and Java gave them", "[vocabulary][cipher]")
{
    CHECK(suite("RC4-SHA").iana_name == "TLS_RSA_WITH_RC4_128_SHA");
    CHECK(suite("DES-CBC3-SHA").iana_name == "TLS_RSA_WITH_3DES_EDE_CBC_SHA");
    CHECK(suite("EXP-RC4-MD5").iana_name == "TLS_RSA_EXPORT_WITH_RC4_40_MD5");
    CHECK(suite("EDH-RSA-DES-CBC3-SHA").iana_name == "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA");
    CHECK(suite("EXP-EDH-RSA-DES-CBC-SHA").iana_name == "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA");
    CHECK(suite("SSL_RSA_WITH_RC4_128_MD5").iana_name == "TLS_RSA_WITH_RC4_128_MD5");
    CHECK(suite("ECDHE-ECDSA-AES256-GCM-SHA384").value == CipherSuite{0xC02C});
}

TEST_CASE("a suite's properties follow from its name", "[vocabulary][cipher]")
{
    using K = KeyExchange;
    using A = Authentication;
    using V = ProtocolVersion;
    struct Row {
        std::string_view name;
        K key_exchange;
        A authentication;
        BulkKind bulk;
        V min;
        V max;
    };
    const auto row = GENERATE(values<Row>({
        {"TLS_RSA_WITH_AES_128_CBC_SHA", K::rsa, A::rsa, BulkKind::cbc, V::ssl30, V::tls12},
        {"TLS_RSA_WITH_AES_128_CBC_SHA256", K::rsa, A::rsa, BulkKind::cbc, V::tls12, V::tls12},
        {"TLS_RSA_EXPORT_WITH_RC4_40_MD5", K::rsa, A::rsa, BulkKind::stream, V::ssl30, V::tls12},
        {"TLS_RSA_WITH_NULL_SHA256", K::rsa, A::rsa, BulkKind::null, V::tls12, V::tls12},
        {"TLS_DHE_DSS_WITH_AES_128_GCM_SHA256", K::dhe, A::dss, BulkKind::aead, V::tls12, V::tls12},
        {"TLS_DH_anon_WITH_AES_128_CBC_SHA", K::dhe, A::none, BulkKind::cbc, V::ssl30, V::tls12},
        {"TLS_ECDH_RSA_WITH_AES_128_CBC_SHA", K::ecdh, A::rsa, BulkKind::cbc, V::tls10, V::tls12},
        {"TLS_ECDHE_ECDSA_WITH_AES_128_CCM", K::ecdhe, A::ecdsa, BulkKind::aead, V::tls12, V::tls12},
        {"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", K::ecdhe, A::rsa, BulkKind::aead, V::tls12, V::tls12},
        {"TLS_PSK_DHE_WITH_AES_128_CCM_8", K::dhe_psk, A::psk, BulkKind::aead, V::tls12, V::tls12},
        {"TLS_RSA_PSK_WITH_AES_128_CBC_SHA", K::rsa_psk, A::rsa, BulkKind::cbc, V::ssl30, V::tls12},
        {"TLS_KRB5_EXPORT_WITH_RC4_40_SHA", K::krb5, A::krb5, BulkKind::stream, V::ssl30, V::tls12},
        {"TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA", K::srp, A::rsa, BulkKind::cbc, V::ssl30, V::tls12},
        {"TLS_AES_128_CCM_8_SHA256", K::any, A::any, BulkKind::aead, V::tls13, V::tls13},
        {"TLS_SHA256_SHA256", K::any, A::any, BulkKind::null, V::tls13, V::tls13},
        {"TLS_SM4_GCM_SM3", K::any, A::any, BulkKind::aead, V::tls13, V::tls13},
        {"TLS_GOSTR341112_256_WITH_KUZNYECHIK_MGM_L", K::any, A::any, BulkKind::aead, V::tls13, V::tls13},
        {"TLS_NULL_WITH_NULL_NULL", K::null, A::none, BulkKind::null, V::ssl30, V::tls12},
        {"TLS_FALLBACK_SCSV", K::null, A::none, BulkKind::null, V::ssl30, V::tls12},
    }));
    const auto& info = suite(row.name);
    CAPTURE(row.name);
    CHECK(info.key_exchange == row.key_exchange);
    CHECK(info.authentication == row.authentication);
    CHECK(info.bulk == row.bulk);
    CHECK(info.min_version == row.min);
    CHECK(info.max_version == row.max);
}

TEST_CASE("only odd suites have a key exchange outside the list", "[vocabulary][cipher]")
{
    for (const auto& each : all_cipher_suites()) {
        if (each.key_exchange != KeyExchange::other) continue;
        CAPTURE(each.iana_name);
        CHECK(each.iana_name.find_first_of("GEF") == 4); // GOST, ECCPWD, ECJPAKE, FORTEZZA
    }
}

TEST_CASE("a suite fits the versions it was made for, a signalling value none", "[vocabulary][cipher]")
{
    CHECK(fits(suite("TLS_AES_128_GCM_SHA256"), ProtocolVersion::tls13));
    CHECK_FALSE(fits(suite("TLS_AES_128_GCM_SHA256"), ProtocolVersion::tls12));
    CHECK_FALSE(fits(suite("ECDHE-RSA-AES128-GCM-SHA256"), ProtocolVersion::tls11));
    CHECK(fits(suite("AES128-SHA"), ProtocolVersion::tls10));
    CHECK_FALSE(fits(suite("TLS_FALLBACK_SCSV"), ProtocolVersion::tls12));
    CHECK(is_signalling(CipherSuite{0x00FF}));
}

} // namespace
} // namespace alert40
