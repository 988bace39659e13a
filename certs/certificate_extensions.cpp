// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/certificate_extensions.h"

#include "certs/algorithms.h"
#include "certs/ip_address.h"
#include "certs/utf8.h"

#include <algorithm>
#include <array>
#include <set>

namespace alert40 {

namespace {

// GeneralName: dNSName [2] IA5String, iPAddress [7] OCTET STRING.
constexpr std::uint8_t kDnsName = der::context_tag(2, false);
constexpr std::uint8_t kIpAddress = der::context_tag(7, false);

std::string read_dns_name(const DerElement& element, std::string_view field)
{
    // RFC 5280, section 7.2, has ASCII alone; OpenSSL, GnuTLS and NSS take other letters, and find that no name
    // matches.
    const bool printable = std::all_of(element.content.begin(), element.content.end(),
                                       [](std::uint8_t octet) { return octet >= 0x20 && octet != 0x7f; });
    if (!printable) throw_certificate_error(field, "a dNSName with a control character", element.offset);
    return clean_utf8(element.content);
}

void read_subject_alt_name(DerReader& value, Certificate& certificate)
{
    constexpr std::string_view kField = "subjectAltName";
    DerReader names(value.expect(der::kSequence, kField));
    while (!names.at_end()) {
        const DerElement name = names.next(kField);
        if (name.tag == kDnsName) certificate.dns_names.push_back(read_dns_name(name, kField));
        if (name.tag != kIpAddress) continue;
        const std::string address = ip_address_text(name.content);
        if (address.empty()) throw_certificate_error(kField, "an iPAddress of neither 4 nor 16 octets", name.offset);
        certificate.ip_addresses.push_back(address);
    }
}

void read_basic_constraints(DerReader& value, Certificate& certificate)
{
    constexpr std::string_view kField = "basicConstraints";
    DerReader fields(value.expect(der::kSequence, kField));
    BasicConstraints constraints;
    if (const auto is_ca = fields.next_if(der::kBoolean, kField)) constraints.is_ca = read_boolean(*is_ca, kField);
    if (const auto limit = fields.next_if(der::kInteger, kField))
        constraints.path_length = read_small_integer(*limit, kField);
    fields.expect_end(kField);
    certificate.basic_constraints = constraints;
}

void read_key_usage(DerReader& value, Certificate& certificate)
{
    constexpr std::string_view kField = "keyUsage";
    const DerElement bits = value.expect(der::kBitString, kField);
    const std::size_t size = bits.content.size();
    if (size == 0 || bits.content[0] > 7 || (size == 1 && bits.content[0] != 0))
        throw_certificate_error(kField, "not a BIT STRING", bits.offset);
    unsigned usage = 0; // bit 0 on the wire is the most significant of the first octet
    for (std::size_t bit = 0; bit < 16 && bit / 8 + 1 < size; ++bit)
        if ((bits.content[bit / 8 + 1] & 0x80u >> bit % 8) != 0) usage |= 1u << bit;
    certificate.key_usage = static_cast<std::uint16_t>(usage);
}

void read_extended_key_usage(DerReader& value, Certificate& certificate)
{
    constexpr std::string_view kField = "extKeyUsage";
    DerReader purposes(value.expect(der::kSequence, kField));
    while (!purposes.at_end())
        certificate.extended_key_usage.push_back(
            read_object_identifier(purposes.expect(der::kObjectIdentifier, kField), kField));
}

void read_subtrees(const DerElement& subtrees, std::vector<std::string>& dns_names)
{
    constexpr std::string_view kField = "nameConstraints";
    DerReader reader(subtrees);
    while (!reader.at_end()) {
        DerReader subtree(reader.expect(der::kSequence, kField));
        const DerElement base = subtree.next(kField); // minimum and maximum, behind it, are not used (section 4.2.1.10)
        if (base.tag == kDnsName) dns_names.push_back(read_dns_name(base, kField));
    }
}

void read_name_constraints(DerReader& value, Certificate& certificate)
{
    constexpr std::string_view kField = "nameConstraints";
    DerReader fields(value.expect(der::kSequence, kField));
    if (const auto permitted = fields.next_if(der::context_tag(0, true), kField))
        read_subtrees(*permitted, certificate.permitted_dns_names);
    if (const auto excluded = fields.next_if(der::context_tag(1, true), kField))
        read_subtrees(*excluded, certificate.excluded_dns_names);
    fields.expect_end(kField);
}

void read_subject_key_identifier(DerReader& value, Certificate& certificate)
{
    const ByteView identifier = value.expect(der::kOctetString, "subjectKeyIdentifier").content;
    certificate.subject_key_identifier.assign(identifier.begin(), identifier.end());
}

void read_authority_key_identifier(DerReader& value, Certificate& certificate)
{
    constexpr std::string_view kField = "authorityKeyIdentifier";
    DerReader fields(value.expect(der::kSequence, kField)); // issuer and serial may follow the identifier
    const auto identifier = fields.next_if(der::context_tag(0, false), kField);
    if (!identifier) return;
    certificate.authority_key_identifier.assign(identifier->content.begin(), identifier->content.end());
}

struct ExtensionReader {
    std::string_view oid;
    std::string_view name;
    void (*read)(DerReader& value, Certificate& certificate);
};

constexpr std::array<ExtensionReader, 7> kReaders{{
    {oid::kSubjectAltName, "subjectAltName", read_subject_alt_name},
    {oid::kBasicConstraints, "basicConstraints", read_basic_constraints},
    {oid::kKeyUsage, "keyUsage", read_key_usage},
    {oid::kExtendedKeyUsage, "extKeyUsage", read_extended_key_usage},
    {oid::kNameConstraints, "nameConstraints", read_name_constraints},
    {oid::kSubjectKeyIdentifier, "subjectKeyIdentifier", read_subject_key_identifier},
    {oid::kAuthorityKeyIdentifier, "authorityKeyIdentifier", read_authority_key_identifier},
}};

/// Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
void read_extension(const DerElement& element, Certificate& certificate, std::set<std::string>& seen)
{
    constexpr std::string_view kField = "extension";
    DerReader fields(element);
    const std::string type = read_object_identifier(fields.expect(der::kObjectIdentifier, kField), kField);
    const auto flag = fields.next_if(der::kBoolean, kField);
    const bool critical = flag && read_boolean(*flag, kField); // an explicit FALSE is common, though not DER
    const DerElement wrapper = fields.expect(der::kOctetString, kField);
    fields.expect_end(kField);
    // RFC 5280, section 4.2: a certificate MUST NOT include more than one instance of a particular extension.
    if (!seen.insert(type).second) throw_certificate_error(kField, type + " twice", element.offset);

    for (const ExtensionReader& reader : kReaders) {
        if (reader.oid != type) continue;
        DerReader value(wrapper);
        reader.read(value, certificate);
        value.expect_end(reader.name);
        return;
    }
    if (critical) certificate.unknown_critical_extensions.push_back(type);
}

} // namespace

void read_extensions(const DerElement& extensions, Certificate& certificate)
{
    constexpr std::string_view kField = "tbsCertificate.extensions";
    // RFC 5280, section 4.1.2.9: this field MUST only appear if the version is 3.
    if (certificate.version != 3) throw_certificate_error(kField, "not in version 3", extensions.offset);
    DerReader wrapper(extensions);
    DerReader list(wrapper.expect(der::kSequence, kField));
    wrapper.expect_end(kField);
    std::set<std::string> seen;
    while (!list.at_end()) read_extension(list.expect(der::kSequence, kField), certificate, seen);
}

} // namespace alert40
