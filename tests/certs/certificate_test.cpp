// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/certificate.h"

#include "certs/algorithms.h"
#include "certs/authority.h"
#include "certs/der.h"
#include "certs/distinguished_name.h"
#include "certs/extensions.h"
#include "tests/certs/support.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace std::chrono_literals;
using test::from_hex;

namespace {

const PrivateKey& some_key()
{
    static const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
    return key;
}

/// A certificate of some_key() by itself, with these Extension elements.
Bytes certificate_with(const Bytes& extensions, const Bytes& subject = subject_name("test"))
{
    CertificateContents contents;
    contents.subject = subject;
    contents.not_before = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
    contents.not_after = std::chrono::sys_days(std::chrono::year(2026) / 2 / 1);
    contents.public_key_info = some_key().public_key_info();
    contents.extensions = extensions;
    return issue_certificate(contents, {subject, contents.public_key_info, some_key()}, HashAlgorithm::sha256);
}

Bytes rich_certificate()
{
    Bytes extensions;
    append(extensions, extension::key_usage(digital_signature | key_cert_sign | 1 << 8));
    append(extensions, extension::extended_key_usage({"1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"}));
    append(extensions, extension::subject_alternative_name({"a.test", "*.b.test"}, {"127.0.0.1", "2001:db8::1"}));
    append(extensions, extension::basic_constraints({true, 3}));
    append(extensions, extension::test_name_constraints());
    append(extensions, extension::any("1.2.3.4", true, der::null()));
    append(extensions, extension::any("1.2.3.5", false, der::null()));
    return certificate_with(extensions);
}

/// Reads octets that may be anything: whether it parsed. Lets through nothing but CertificateError.
bool parses(ByteView octets)
{
    const Bytes exact(octets.begin(), octets.end()); // in its own allocation, for the address sanitizer
    try {
        parse_certificate(exact);
        return true;
    } catch (const CertificateError&) {
        return false;
    }
}

// Made by `openssl req -x509 -newkey ed25519 -days 36500 -subj "/C=DE/O=Umlaut \xc3\xa4, Inc./CN=probe.test"
//          -addext subjectAltName=DNS:probe.test,IP:::1,email:a@probe.test -addext basicConstraints=CA:FALSE`.
const std::string kFromOpenssl =
    "308201c230820174a00302010202141fe3da829506fe6f27adffbf3cb2b0afbab69829300506032b6570303c310b30090603"
    "5504061302444531183016060355040a0c0f556d6c61757420c3a42c20496e632e3113301106035504030c0a70726f62652e"
    "746573743020170d3236313132313030333530395a180f32313236313032383030333530395a303c310b3009060355040613"
    "02444531183016060355040a0c0f556d6c61757420c3a42c20496e632e3113301106035504030c0a70726f62652e74657374"
    "302a300506032b65700321001dee91217ee13957b514129605a620aa5eadbea3efb3bd1f72f8202f49a84931a38185308182"
    "301d0603551d0e04160414165a6aa9efaf1acbaade58effc2e5cdb5646560f301f0603551d23041830168014165a6aa9efaf"
    "1acbaade58effc2e5cdb5646560f30350603551d11042e302c820a70726f62652e7465737487100000000000000000000000"
    "0000000001810c614070726f62652e7465737430090603551d1304023000300506032b657003410086132012f3d065b8bd24"
    "b32384049bfb69e68f3004f5d2356863bede4f5085801dc9badcf0406153f86a63b78faa05a28980e0a19dd70e28dfa8d187"
    "099dc60d";

} // namespace

TEST_CASE("the reader finds what the forge wrote", "[certs][certificate]")
{
    const Certificate certificate = parse_certificate(rich_certificate());
    CHECK(certificate.version == 3);
    CHECK(certificate.serial_number.size() == 16);
    CHECK(certificate.signature_algorithm == "1.2.840.10045.4.3.2");
    CHECK(certificate.subject.text == "O=alert40, CN=test");
    CHECK(certificate.subject.common_name == "test");
    CHECK(certificate.issuer.der == certificate.subject.der);
    CHECK(certificate.not_before == std::chrono::sys_days(std::chrono::year(2026) / 1 / 1));
    CHECK(certificate.not_after - certificate.not_before == 31 * 24h);
    CHECK(certificate.public_key_info == some_key().public_key_info());
    CHECK(certificate.public_key_algorithm == oid::kEcPublicKey);
    CHECK(certificate.public_key_curve == "1.2.840.10045.3.1.7");
    CHECK(certificate.public_key_bits == 256);
    CHECK(certificate.dns_names == std::vector<std::string>{"a.test", "*.b.test"});
    CHECK(certificate.ip_addresses == std::vector<std::string>{"127.0.0.1", "2001:db8::1"});
    REQUIRE(certificate.basic_constraints);
    CHECK(certificate.basic_constraints->is_ca);
    CHECK(certificate.basic_constraints->path_length == 3u);
    CHECK(certificate.key_usage == (digital_signature | key_cert_sign | 1 << 8));
    CHECK(certificate.extended_key_usage == std::vector<std::string>{"1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"});
    CHECK(certificate.permitted_dns_names == std::vector<std::string>{"localhost", "test"});
    CHECK(certificate.excluded_dns_names.empty());
    CHECK(certificate.subject_key_identifier.size() == 20);
    CHECK(certificate.subject_key_identifier == certificate.authority_key_identifier);
    CHECK(certificate.unknown_critical_extensions == std::vector<std::string>{"1.2.3.4"});
    CHECK(is_self_signed(certificate));
}

TEST_CASE("the reader knows every key type the forge makes", "[certs][certificate]")
{
    const auto [type, algorithm, bits] = GENERATE(table<KeyType, std::string_view, unsigned>({
        {KeyType::ec_p384, oid::kEcPublicKey, 384},
        {KeyType::ec_p521, oid::kEcPublicKey, 521},
        {KeyType::ed25519, oid::kEd25519, 255},
        {KeyType::ed448, oid::kEd448, 448},
        {KeyType::rsa_1024, oid::kRsaEncryption, 1024},
    }));
    const PrivateKey key = PrivateKey::generate(type);
    CertificateContents contents;
    contents.subject = subject_name({});
    contents.public_key_info = key.public_key_info();
    const Certificate certificate = parse_certificate(
        issue_certificate(contents, {contents.subject, contents.public_key_info, key}, HashAlgorithm::sha256));
    CHECK(certificate.public_key_algorithm == algorithm);
    CHECK(certificate.public_key_bits == bits);
    CHECK(certificate.subject.common_name.empty());
    CHECK(is_self_signed(certificate));
}

TEST_CASE("the reader finds what OpenSSL wrote", "[certs][certificate]")
{
    const Certificate certificate = parse_certificate(from_hex(kFromOpenssl));
    CHECK(certificate.subject.text == "C=DE, O=Umlaut \xc3\xa4\\, Inc., CN=probe.test");
    CHECK(certificate.subject.common_name == "probe.test");
    CHECK(certificate.public_key_algorithm == oid::kEd25519);
    CHECK(certificate.dns_names == std::vector<std::string>{"probe.test"});
    CHECK(certificate.ip_addresses == std::vector<std::string>{"::1"});
    CHECK(certificate.not_after > certificate.not_before + 99 * 365 * 24h);
    REQUIRE(certificate.basic_constraints);
    CHECK_FALSE(certificate.basic_constraints->is_ca);
    CHECK_FALSE(certificate.key_usage);
    CHECK(is_self_signed(certificate));
}

TEST_CASE("a certificate cut at any octet is refused", "[certs][certificate]")
{
    const Bytes der = rich_certificate();
    for (std::size_t size = 0; size < der.size(); ++size) CHECK_FALSE(parses(ByteView(der).first(size)));
    Bytes longer = der;
    longer.push_back(0);
    CHECK_FALSE(parses(longer));
    CHECK(parses(der));
}

TEST_CASE("a certificate with any octet changed is read or refused, never believed", "[certs][certificate]")
{
    const Bytes der = GENERATE(rich_certificate(), from_hex(kFromOpenssl));
    const Certificate original = parse_certificate(der);
    std::size_t survivors = 0;
    for (std::size_t i = 0; i < der.size(); ++i) {
        for (int mask : {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff}) {
            Bytes changed = der;
            changed[i] ^= static_cast<std::uint8_t>(mask);
            if (!parses(changed)) continue;
            ++survivors;
            const Certificate certificate = parse_certificate(changed);
            if (certificate.tbs != original.tbs) CHECK_FALSE(is_signed_by(certificate, original));
        }
    }
    CHECK(survivors > 0);
}

TEST_CASE("an extension value of any other shape is read or refused", "[certs][certificate]")
{
    const std::string_view type = GENERATE(oid::kSubjectAltName, oid::kKeyUsage, oid::kBasicConstraints,
                                           oid::kNameConstraints, oid::kExtendedKeyUsage);
    for (const char* value : {"", "00", "0500", "3000", "30020500", "0300", "030108", "03020780", "3003020180",
                              "30048702ffff", "3003820100", "3004820261ff", "3006a0043002aabb", "30800000"})
        parses(certificate_with(extension::any(type, true, from_hex(value))));
    CHECK_FALSE(parses(certificate_with(extension::any(type, true, {}))));
    CHECK_FALSE(parses(certificate_with(extension::any(type, true, from_hex("30800000")))));
}

TEST_CASE("an extension that comes twice is refused", "[certs][certificate]")
{
    const Bytes once = extension::any("1.2.3.4", false, der::null());
    Bytes twice = once;
    append(twice, once);
    CHECK(parses(certificate_with(once)));
    CHECK_THROWS_WITH(parse_certificate(certificate_with(twice)),
                      Catch::StartsWith("extension: 1.2.3.4 twice, at octet"));
}

TEST_CASE("names stay readable text whatever their octets are", "[certs][certificate]")
{
    const auto [tag, value, text] = GENERATE(table<int, std::string, std::string>({
        {0x0c, "plain", "plain"},
        {0x13, "a,b+c", "a\\,b\\+c"},
        {0x0c, " #x ", "\\ #x\\ "},
        {0x0c, "#x", "\\#x"},
        {0x0c, "line\nend\x7f", "line\\0aend\\7f"},
        {0x0c, "back\\slash", "back\\5cslash"},
        {0x0c, "\xc3\xa4\xe2\x82\xac\xf0\x9f\x94\x92", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x94\x92"},
        {0x0c, "\xff\xc3", "\\ff\\c3"},
        {0x0c, "\xc0\xaf", "\\c0\\af"},
        {0x0c, "\xed\xa0\x80", "\\ed\\a0\\80"},
        {0x0c, "\xc2\x85", "\\c2\\85"},
        {0x14, "\xe4", "\\e4"},
        {0x1e, std::string("\0A\0\xe4\x20\xac", 6), "A\xc3\xa4\xe2\x82\xac"},
        {0x04, "ab", "#04026162"},
    }));
    const Bytes attribute =
        der::sequence({der::object_identifier("2.5.4.3"), der::tlv(static_cast<std::uint8_t>(tag), to_bytes(value))});
    const Bytes name = der::sequence({der::set(attribute)});
    const Certificate certificate = parse_certificate(certificate_with({}, name));
    CHECK(certificate.subject.text == "CN=" + text);
}

TEST_CASE("a relative name of several attributes is joined by plus signs", "[certs][certificate]")
{
    Bytes attributes = der::sequence({der::object_identifier("2.5.4.11"), der::utf8_string("unit")});
    append(attributes, der::sequence({der::object_identifier("1.2.3"), der::utf8_string("x")}));
    Bytes relative_names = der::set(attributes);
    append(relative_names, der::set(der::sequence({der::object_identifier("2.5.4.6"), der::utf8_string("DE")})));
    const Certificate certificate = parse_certificate(certificate_with({}, der::sequence(relative_names)));
    CHECK(certificate.subject.text == "OU=unit+1.2.3=x, C=DE");
    CHECK(certificate.subject.common_name.empty());
}

TEST_CASE("names match as RFC 6125 says", "[certs][certificate]")
{
    Certificate certificate;
    certificate.subject.common_name = "cn.test";
    certificate.dns_names = {"Exact.Test", "*.wild.test", "f*.part.test"};
    certificate.ip_addresses = {"127.0.0.1", "::1"};
    for (const char* name : {"exact.test", "EXACT.TEST", "exact.test.", "a.wild.test", "127.0.0.1", "::1", "0:0::1"})
        CHECK(names_match(certificate, name));
    for (const char* name : {"cn.test", "wild.test", "a.b.wild.test", ".wild.test", "foo.part.test", "127.0.0.2",
                             "exact.test..", "", ".", "::2", "xexact.test"})
        CHECK_FALSE(names_match(certificate, name));
    certificate.dns_names = {"127.0.0.2"}; // an address is compared with the addresses alone
    CHECK_FALSE(names_match(certificate, "127.0.0.2"));
}
