// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/certificate.h"

#include "certs/algorithms.h"
#include "certs/certificate_extensions.h"
#include "certs/der_reader.h"
#include "certs/distinguished_name.h"
#include "certs/ip_address.h"

#include <algorithm>
#include <array>
#include <bit>

namespace alert40 {

namespace {

Bytes copy(ByteView octets)
{
    return Bytes(octets.begin(), octets.end());
}

struct Algorithm {
    std::string oid;
    std::optional<DerElement> parameters;
};

/// AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }
Algorithm read_algorithm(const DerElement& element, std::string_view field)
{
    DerReader fields(element);
    Algorithm algorithm;
    algorithm.oid = read_object_identifier(fields.expect(der::kObjectIdentifier, field), field);
    if (!fields.at_end()) algorithm.parameters = fields.next(field);
    fields.expect_end(field);
    return algorithm;
}

int read_version(DerReader& tbs)
{
    constexpr std::string_view kField = "tbsCertificate.version";
    const auto wrapper = tbs.next_if(der::context_tag(0, true), kField);
    if (!wrapper) return 1; // DEFAULT v1
    DerReader inside(*wrapper);
    const DerElement element = inside.expect(der::kInteger, kField);
    inside.expect_end(kField);
    const std::uint32_t version = read_small_integer(element, kField);
    if (version > 2) throw_certificate_error(kField, "not 1, 2 or 3", element.offset);
    return static_cast<int>(version) + 1;
}

unsigned curve_bits(std::string_view curve)
{
    struct Row {
        std::string_view curve;
        unsigned bits;
    };
    constexpr std::array<Row, 8> kCurves{{
        {"1.2.840.10045.3.1.1", 192},   // secp192r1
        {"1.3.132.0.33", 224},          // secp224r1
        {"1.2.840.10045.3.1.7", 256},   // secp256r1
        {"1.3.132.0.10", 256},          // secp256k1
        {"1.3.132.0.34", 384},          // secp384r1
        {"1.3.132.0.35", 521},          // secp521r1
        {"1.3.36.3.3.2.8.1.1.7", 256},  // brainpoolP256r1
        {"1.3.36.3.3.2.8.1.1.11", 384}, // brainpoolP384r1
    }};
    const auto found = std::find_if(kCurves.begin(), kCurves.end(), [&](const Row& row) { return row.curve == curve; });
    return found == kCurves.end() ? 0 : found->bits;
}

/// The bits of the modulus in RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }.
unsigned rsa_bits(const DerElement& bit_string, std::string_view field)
{
    DerReader content(read_bit_string(bit_string, field), bit_string.content_offset + 1);
    DerReader key(content.expect(der::kSequence, field));
    content.expect_end(field);
    const Bytes modulus = read_integer(key.expect(der::kInteger, field), field);
    read_integer(key.expect(der::kInteger, field), field);
    key.expect_end(field);
    const auto leading_zeros = static_cast<std::size_t>(std::countl_zero(modulus.front()));
    return static_cast<unsigned>(modulus.size() * 8 - leading_zeros);
}

void read_public_key(DerReader& tbs, Certificate& certificate)
{
    constexpr std::string_view kField = "tbsCertificate.subjectPublicKeyInfo";
    const DerElement element = tbs.expect(der::kSequence, kField);
    certificate.public_key_info = copy(element.whole);
    DerReader fields(element);
    const Algorithm algorithm = read_algorithm(fields.expect(der::kSequence, kField), kField);
    const DerElement bit_string = fields.expect(der::kBitString, kField);
    fields.expect_end(kField);
    read_bit_string(bit_string, kField);

    certificate.public_key_algorithm = algorithm.oid;
    if (algorithm.oid == oid::kRsaEncryption || algorithm.oid == oid::kRsaPss)
        certificate.public_key_bits = rsa_bits(bit_string, kField);
    if (algorithm.oid == oid::kEd25519) certificate.public_key_bits = 255;
    if (algorithm.oid == oid::kEd448) certificate.public_key_bits = 448;
    const bool named_curve = algorithm.parameters && algorithm.parameters->tag == der::kObjectIdentifier;
    if (algorithm.oid != oid::kEcPublicKey || !named_curve) return;
    certificate.public_key_curve = read_object_identifier(*algorithm.parameters, kField);
    certificate.public_key_bits = curve_bits(certificate.public_key_curve);
}

void read_validity(DerReader& tbs, Certificate& certificate)
{
    constexpr std::string_view kField = "tbsCertificate.validity";
    DerReader validity(tbs.expect(der::kSequence, kField));
    certificate.not_before = read_time(validity.next(kField), kField);
    certificate.not_after = read_time(validity.next(kField), kField);
    validity.expect_end(kField);
}

void read_tbs(const DerElement& element, Certificate& certificate)
{
    constexpr std::string_view kSerial = "tbsCertificate.serialNumber";
    constexpr std::string_view kSignature = "tbsCertificate.signature";
    DerReader tbs(element);
    certificate.version = read_version(tbs);
    certificate.serial_number = read_integer(tbs.expect(der::kInteger, kSerial), kSerial);
    const DerElement algorithm = tbs.expect(der::kSequence, kSignature);
    certificate.signature_algorithm = read_algorithm(algorithm, kSignature).oid;
    certificate.issuer =
        read_distinguished_name(tbs.expect(der::kSequence, "tbsCertificate.issuer"), "tbsCertificate.issuer");
    read_validity(tbs, certificate);
    certificate.subject =
        read_distinguished_name(tbs.expect(der::kSequence, "tbsCertificate.subject"), "tbsCertificate.subject");
    read_public_key(tbs, certificate);
    tbs.next_if(der::context_tag(1, false), "tbsCertificate.issuerUniqueID");
    tbs.next_if(der::context_tag(2, false), "tbsCertificate.subjectUniqueID");
    if (const auto extensions = tbs.next_if(der::context_tag(3, true), "tbsCertificate.extensions"))
        read_extensions(*extensions, certificate);
    tbs.expect_end("tbsCertificate");
}

} // namespace

Certificate parse_certificate(ByteView der)
{
    constexpr std::string_view kAlgorithm = "signatureAlgorithm";
    DerReader outside(der);
    DerReader fields(outside.expect(der::kSequence, "Certificate"));
    outside.expect_end("Certificate");

    Certificate certificate;
    const DerElement tbs = fields.expect(der::kSequence, "tbsCertificate");
    certificate.tbs = copy(tbs.whole);
    read_tbs(tbs, certificate);
    const DerElement algorithm = fields.expect(der::kSequence, kAlgorithm);
    // RFC 5280, section 4.1.1.2: this field MUST contain the same algorithm identifier as the signature field.
    if (read_algorithm(algorithm, kAlgorithm).oid != certificate.signature_algorithm)
        throw_certificate_error(kAlgorithm, "another algorithm than the one that is signed", algorithm.offset);
    certificate.signature = copy(read_bit_string(fields.expect(der::kBitString, "signatureValue"), "signatureValue"));
    fields.expect_end("Certificate");
    return certificate;
}

namespace {

std::string lower(std::string_view text)
{
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a'); // DNS names are ASCII, whatever the locale
    return result;
}

bool dns_name_matches(const std::string& pattern, const std::string& name)
{
    if (pattern == name) return true;
    // RFC 6125, section 6.4.3: the wildcard is the whole left-most label and stands for exactly one label.
    const auto first_dot = name.find('.');
    return pattern.starts_with("*.") && first_dot != std::string::npos && first_dot > 0 &&
           std::string_view(pattern).substr(1) == std::string_view(name).substr(first_dot);
}

} // namespace

bool names_match(const Certificate& certificate, std::string_view name)
{
    if (const auto address = parse_ip_address(name)) {
        const auto& addresses = certificate.ip_addresses;
        return std::find(addresses.begin(), addresses.end(), ip_address_text(*address)) != addresses.end();
    }
    if (name.ends_with('.')) name.remove_suffix(1);
    const std::string wanted = lower(name);
    return std::any_of(certificate.dns_names.begin(), certificate.dns_names.end(),
                       [&](const std::string& pattern) { return dns_name_matches(lower(pattern), wanted); });
}

bool is_signed_by(const Certificate& certificate, const Certificate& issuer)
{
    const auto hash = signature_hash(certificate.signature_algorithm);
    return hash && certificate.issuer.der == issuer.subject.der &&
           verify_signature(issuer.public_key_info, *hash, certificate.tbs, certificate.signature);
}

bool is_self_signed(const Certificate& certificate)
{
    return is_signed_by(certificate, certificate);
}

} // namespace alert40
