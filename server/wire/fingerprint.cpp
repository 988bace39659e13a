// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/fingerprint.h"

#include "certs/crypto.h"
#include "scenarios/vocabulary/grease.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace alert40 {
namespace {

using Numbers = std::vector<unsigned>;

/// The wire's numbers, GREASE left out.
template <class Values> Numbers numbers(const Values& values)
{
    Numbers all;
    for (const auto value : values)
        if (!is_grease(value)) all.push_back(static_cast<unsigned>(value));
    return all;
}

Numbers extension_numbers(const ClientHello& hello)
{
    std::vector<ExtensionType> types;
    for (const auto& extension : hello.extensions) types.push_back(extension.type);
    return numbers(types);
}

/// RFC 8422 section 5.1.2; a malformed one has none.
Bytes point_formats(const ClientHello& hello)
{
    const auto* extension = find_extension(hello.extensions, ExtensionType::ec_point_formats);
    if (extension == nullptr) return {};
    std::optional<WireError> error;
    Reader body("ClientHello.ec_point_formats", extension->body, error);
    const ByteView formats = body.vector8("ec_point_format_list").rest();
    body.expect_end();
    return error ? Bytes{} : Bytes(formats.begin(), formats.end());
}

std::string_view version_digits(const ClientHello& hello)
{
    auto versions = hello.supported_versions();
    std::erase_if(versions, [](ProtocolVersion version) { return is_grease(version); });
    const auto highest = versions.empty() ? hello.legacy_version : *std::max_element(versions.begin(), versions.end());
    switch (static_cast<unsigned>(highest)) {
    case 0x0304:
        return "13";
    case 0x0303:
        return "12";
    case 0x0302:
        return "11";
    case 0x0301:
        return "10";
    case 0x0300:
        return "s3";
    case 0x0002:
        return "s2";
    default:
        return "00";
    }
}

bool is_alphanumeric(char octet)
{
    return (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') || (octet >= 'a' && octet <= 'z');
}

/// The first and the last character of the first protocol, of its hexadecimal digits where they are not alphanumeric.
std::string alpn_ends(const ClientHello& hello)
{
    const auto protocols = hello.alpn_protocols();
    if (protocols.empty() || protocols.front().empty()) return "00";
    const std::string& first = protocols.front();
    if (is_alphanumeric(first.front()) && is_alphanumeric(first.back())) return {first.front(), first.back()};
    const std::string digits = to_hex(to_bytes(first));
    return {digits.front(), digits.back()};
}

std::string in_hex(const Numbers& values)
{
    return fmt::format("{:04x}", fmt::join(values, ","));
}

/// The three parts before they are hashed.
struct Parts {
    std::string head;
    std::string suites;
    std::string extensions; // and behind '_' the signature schemes, where there are any
};

Parts parts_of(const ClientHello& hello, bool original_order)
{
    constexpr std::size_t kMost = 99;
    Numbers suites = numbers(hello.cipher_suites);
    Numbers extensions = extension_numbers(hello);
    Parts parts;
    parts.head = fmt::format("t{}{}{:02}{:02}{}", version_digits(hello),
                             hello.has_extension(ExtensionType::server_name) ? 'd' : 'i',
                             std::min(suites.size(), kMost), std::min(extensions.size(), kMost), alpn_ends(hello));
    if (!original_order) {
        std::sort(suites.begin(), suites.end());
        std::sort(extensions.begin(), extensions.end());
        std::erase(extensions, static_cast<unsigned>(ExtensionType::server_name));
        std::erase(extensions, static_cast<unsigned>(ExtensionType::application_layer_protocol_negotiation));
    }
    parts.suites = in_hex(suites);
    parts.extensions = in_hex(extensions);
    const Numbers schemes = numbers(hello.signature_schemes());
    if (!schemes.empty()) parts.extensions += "_" + in_hex(schemes);
    return parts;
}

/// "We do this rather than running a sha256 hash of nothing": a field without values is zeros.
std::string short_hash(const std::string& text)
{
    constexpr std::size_t kDigits = 12;
    if (text.empty()) return std::string(kDigits, '0');
    return to_hex(hash(HashAlgorithm::sha256, to_bytes(text))).substr(0, kDigits);
}

std::string join(const Parts& parts)
{
    return fmt::format("{}_{}_{}", parts.head, parts.suites, parts.extensions);
}

} // namespace

std::string ja3_text(const ClientHello& hello)
{
    return fmt::format("{},{},{},{},{}", static_cast<unsigned>(hello.legacy_version),
                       fmt::join(numbers(hello.cipher_suites), "-"), fmt::join(extension_numbers(hello), "-"),
                       fmt::join(numbers(hello.groups()), "-"), fmt::join(point_formats(hello), "-"));
}

std::string ja3(const ClientHello& hello)
{
    return to_hex(hash(HashAlgorithm::md5, to_bytes(ja3_text(hello))));
}

std::string ja4(const ClientHello& hello)
{
    const Parts parts = parts_of(hello, false);
    return join({parts.head, short_hash(parts.suites), short_hash(parts.extensions)});
}

std::string ja4_text(const ClientHello& hello)
{
    return join(parts_of(hello, false));
}

std::string ja4_original_text(const ClientHello& hello)
{
    return join(parts_of(hello, true));
}

} // namespace alert40
