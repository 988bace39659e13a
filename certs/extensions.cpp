// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/extensions.h"

#include "certs/algorithms.h"
#include "certs/der.h"
#include "certs/der_reader.h"
#include "certs/ip_address.h"

#include <bit>
#include <stdexcept>

namespace alert40::extension {

namespace {

constexpr int kDnsName = 2;   // GeneralName: dNSName [2] IA5String
constexpr int kUri = 6;       // uniformResourceIdentifier [6] IA5String
constexpr int kIpAddress = 7; // iPAddress [7] OCTET STRING

Bytes general_name(int number, ByteView content)
{
    return der::context(number, content, false);
}

/// RFC 5280, section 4.2.1.2, method 1: SHA-1 of the BIT STRING subjectPublicKey without its first octet.
/// `prefix_length` bits of ones behind the address, as iPAddress in name constraints has it.
Bytes address_range(std::string_view address, std::size_t prefix_length)
{
    Bytes range = parse_ip_address(address).value();
    const std::size_t size = range.size();
    for (std::size_t i = 0; i < size; ++i) range.push_back(8 * i < prefix_length ? 0xff : 0);
    return range;
}

} // namespace

Bytes any(std::string_view object_identifier, bool critical, ByteView value)
{
    const Bytes flag = critical ? der::boolean(true) : Bytes{}; // DER leaves a default value out
    return der::sequence({der::object_identifier(object_identifier), flag, der::octet_string(value)});
}

Bytes key_usage(std::uint16_t bits)
{
    // Bit 0 is the most significant bit of the first octet; trailing zero bits are not sent (X.690, section 11.2.2).
    Bytes octets(2);
    for (std::size_t bit = 0; bit < 16; ++bit)
        if ((bits >> bit & 1) != 0) octets[bit / 8] |= static_cast<std::uint8_t>(0x80 >> bit % 8);
    while (!octets.empty() && octets.back() == 0) octets.pop_back();
    const int unused = octets.empty() ? 0 : std::countr_zero(octets.back());
    return any(oid::kKeyUsage, true, der::bit_string(octets, unused));
}

Bytes extended_key_usage(const std::vector<std::string>& object_identifiers)
{
    Bytes purposes;
    for (const std::string& purpose : object_identifiers) append(purposes, der::object_identifier(purpose));
    return any(oid::kExtendedKeyUsage, false, der::sequence(purposes));
}

Bytes subject_alternative_name(const std::vector<std::string>& dns_names, const std::vector<std::string>& ip_addresses)
{
    Bytes names;
    for (const std::string& dns_name : dns_names) append(names, general_name(kDnsName, to_bytes(dns_name)));
    for (const std::string& address : ip_addresses) {
        const std::optional<Bytes> octets = parse_ip_address(address);
        if (!octets) throw std::invalid_argument("not an IP address: '" + address + "'");
        append(names, general_name(kIpAddress, *octets));
    }
    return any(oid::kSubjectAltName, false, der::sequence(names));
}

Bytes basic_constraints(const BasicConstraints& constraints)
{
    const Bytes authority = constraints.is_ca ? der::boolean(true) : Bytes{}; // FALSE is the default
    const Bytes limit = constraints.path_length ? der::integer(*constraints.path_length) : Bytes{};
    return any(oid::kBasicConstraints, true, der::sequence({authority, limit}));
}

Bytes key_identifier(ByteView public_key_info)
{
    constexpr std::string_view kField = "subjectPublicKeyInfo";
    DerReader fields(DerReader(public_key_info).expect(der::kSequence, kField));
    fields.expect(der::kSequence, kField);
    return hash(HashAlgorithm::sha1, read_bit_string(fields.expect(der::kBitString, kField), kField));
}

Bytes subject_key_identifier(ByteView public_key_info)
{
    return any(oid::kSubjectKeyIdentifier, false, der::octet_string(key_identifier(public_key_info)));
}

Bytes authority_key_identifier(ByteView issuer_public_key_info)
{
    const Bytes identifier = der::context(0, key_identifier(issuer_public_key_info), false);
    return any(oid::kAuthorityKeyIdentifier, false, der::sequence({identifier}));
}

Bytes test_name_constraints()
{
    Bytes permitted;
    for (std::string_view dns_name : {"localhost", "test"})
        append(permitted, der::sequence({general_name(kDnsName, to_bytes(dns_name))}));
    append(permitted, der::sequence({general_name(kIpAddress, address_range("127.0.0.0", 8))}));
    append(permitted, der::sequence({general_name(kIpAddress, address_range("::1", 128))}));
    return any(oid::kNameConstraints, false, der::sequence({der::context(0, permitted)}));
}

Bytes name_constraints(const std::vector<std::string>& permitted_dns_names)
{
    Bytes permitted;
    for (const std::string& dns_name : permitted_dns_names)
        append(permitted, der::sequence({general_name(kDnsName, to_bytes(dns_name))}));
    return any(oid::kNameConstraints, true, der::sequence({der::context(0, permitted)}));
}

Bytes authority_information_access(std::string_view issuers_url, std::string_view ocsp_url)
{
    Bytes descriptions;
    const auto describe = [&](std::string_view method, std::string_view url) {
        if (url.empty()) return;
        append(descriptions, der::sequence({der::object_identifier(method), general_name(kUri, to_bytes(url))}));
    };
    describe(oid::kOcsp, ocsp_url);
    describe(oid::kCaIssuers, issuers_url);
    return any(oid::kAuthorityInformationAccess, false, der::sequence(descriptions));
}

Bytes crl_distribution_points(std::string_view url)
{
    // DistributionPoint { distributionPoint [0] { fullName [0] GeneralNames } }
    const Bytes full_name = der::context(0, general_name(kUri, to_bytes(url)));
    return any(oid::kCrlDistributionPoints, false, der::sequence({der::sequence({der::context(0, full_name)})}));
}

Bytes must_staple()
{
    constexpr std::uint64_t kStatusRequest = 5; // the TLS extension's number (RFC 6066, section 8)
    return any(oid::kTlsFeature, false, der::sequence({der::integer(kStatusRequest)}));
}

} // namespace alert40::extension
