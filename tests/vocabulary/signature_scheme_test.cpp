// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/vocabulary/signature_scheme.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

TEST_CASE("signature schemes are found by IANA's and by OpenSSL's name", "[vocabulary][signature]")
{
    const SignatureSchemeInfo* last = nullptr;
    for (const auto& each : all_signature_schemes()) {
        CAPTURE(each.name);
        CHECK(find_signature_scheme(each.name) == each.value);
        if (!each.openssl_name.empty()) CHECK(find_signature_scheme(each.openssl_name) == each.value);
        CHECK(name(each.value) == each.name);
        CHECK(find_signature_scheme_info(each.value) == &each);
        if (last != nullptr) CHECK(last->value < each.value);
        last = &each;
    }
    CHECK(find_signature_scheme("RSA+SHA1") == SignatureScheme::rsa_pkcs1_sha1);
    CHECK_FALSE(find_signature_scheme(""));
    CHECK(find_signature_scheme_info(SignatureScheme{0xABCD}) == nullptr);
    CHECK(name(SignatureScheme{0xABCD}) == "0xABCD");
}

TEST_CASE("PKCS#1, SHA-1 and DSA do not sign TLS 1.3 handshakes", "[vocabulary][signature]")
{
    for (const auto& each : all_signature_schemes()) {
        const bool retired = each.name.starts_with("rsa_pkcs1") || each.name.starts_with("dsa") ||
                             each.hash == "sha1" || each.hash == "sha224" || each.hash == "md5";
        CAPTURE(each.name);
        CHECK(each.tls13_certificate_verify != retired);
    }
}

TEST_CASE("TLS 1.3 binds ECDSA to one curve per hash", "[vocabulary][signature]")
{
    const auto* info = find_signature_scheme_info(SignatureScheme::ecdsa_secp384r1_sha384);
    REQUIRE(info != nullptr);
    CHECK(info->key == SignatureKey::ecdsa);
    CHECK(info->curve == NamedGroup::secp384r1);
    CHECK(find_signature_scheme_info(SignatureScheme::ecdsa_sha1)->curve == std::nullopt);
    CHECK(find_signature_scheme_info(SignatureScheme::rsa_pss_rsae_sha256)->key == SignatureKey::rsa);
    CHECK(find_signature_scheme_info(SignatureScheme::rsa_pss_pss_sha256)->key == SignatureKey::rsa_pss);
}

} // namespace
} // namespace alert40
