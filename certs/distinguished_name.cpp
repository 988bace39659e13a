// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/distinguished_name.h"

#include "certs/algorithms.h"
#include "certs/utf8.h"

#include <array>

namespace alert40 {

namespace {

struct AttributeName {
    std::string_view oid;
    std::string_view name;
};

constexpr std::array<AttributeName, 10> kAttributeNames{{
    {oid::kCommonName, "CN"},
    {"2.5.4.5", "serialNumber"},
    {"2.5.4.6", "C"},
    {"2.5.4.7", "L"},
    {"2.5.4.8", "ST"},
    {"2.5.4.9", "street"},
    {oid::kOrganization, "O"},
    {"2.5.4.11", "OU"},
    {"0.9.2342.19200300.100.1.25", "DC"},
    {"1.2.840.113549.1.9.1", "emailAddress"},
}};

std::string attribute_name(const std::string& type)
{
    for (const AttributeName& known : kAttributeNames)
        if (known.oid == type) return std::string(known.name);
    return type;
}

/// BMPString: two octets per character, no surrogate pairs (X.690, section 8.23.7).
std::string bmp_as_utf8(ByteView octets)
{
    Bytes utf8;
    for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
        const unsigned code = static_cast<unsigned>(octets[i]) << 8 | octets[i + 1];
        if (code < 0x80) {
            utf8.push_back(static_cast<std::uint8_t>(code));
        } else if (code < 0x800) {
            utf8.push_back(static_cast<std::uint8_t>(0xc0 | code >> 6));
            utf8.push_back(static_cast<std::uint8_t>(0x80 | (code & 0x3f)));
        } else {
            utf8.push_back(static_cast<std::uint8_t>(0xe0 | code >> 12));
            utf8.push_back(static_cast<std::uint8_t>(0x80 | (code >> 6 & 0x3f)));
            utf8.push_back(static_cast<std::uint8_t>(0x80 | (code & 0x3f)));
        }
    }
    return clean_utf8(utf8);
}

std::optional<std::string> value_text(const DerElement& value)
{
    switch (value.tag) {
    case der::kUtf8String:
    case der::kPrintableString:
    case der::kTeletexString:
    case der::kIa5String:
        return clean_utf8(value.content);
    case der::kBmpString:
        return bmp_as_utf8(value.content);
    default:
        return std::nullopt; // of 256, not an enum
    }
}

/// RFC 4514, section 2.4; the backslashes of \XX are already there and stay.
std::string escape_specials(const std::string& text)
{
    constexpr std::string_view kSpecials = "\"+,;<>=";
    std::string escaped;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool at_edge = text[i] == ' ' && (i == 0 || i + 1 == text.size());
        if (kSpecials.find(text[i]) != std::string_view::npos || at_edge || (text[i] == '#' && i == 0)) escaped += '\\';
        escaped += text[i];
    }
    return escaped;
}

} // namespace

DistinguishedName read_distinguished_name(const DerElement& name, std::string_view field)
{
    DistinguishedName result;
    result.der.assign(name.whole.begin(), name.whole.end());
    // Name ::= SEQUENCE OF SET SIZE (1..MAX) OF SEQUENCE { type OBJECT IDENTIFIER, value ANY }
    DerReader relative_names(name);
    while (!relative_names.at_end()) {
        DerReader attributes(relative_names.expect(der::kSet, field));
        std::string_view separator = result.text.empty() ? "" : ", ";
        do {
            DerReader attribute(attributes.expect(der::kSequence, field));
            const std::string type = read_object_identifier(attribute.expect(der::kObjectIdentifier, field), field);
            const DerElement value = attribute.next(field);
            attribute.expect_end(field);
            const std::optional<std::string> text = value_text(value);
            const std::string hexadecimal = std::string("#").append(to_hex(value.whole));
            result.text += std::string(separator) + attribute_name(type) + "=";
            result.text += text ? escape_specials(*text) : hexadecimal;
            if (type == oid::kCommonName) result.common_name = text.value_or(hexadecimal);
            separator = "+";
        } while (!attributes.at_end());
    }
    return result;
}

} // namespace alert40
