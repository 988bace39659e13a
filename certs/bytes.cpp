// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/bytes.h"

#include <algorithm>

namespace alert40 {

namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encode_group(ByteView group)
{
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) bits = bits << 8 | (i < group.size() ? group[i] : 0u);
    std::string text;
    for (std::size_t i = 0; i < 4; ++i) text += i <= group.size() ? kBase64[bits >> (18 - 6 * i) & 63] : '=';
    return text;
}

/// RFC 4648, section 4, with line ends between; nullopt for anything else, missing padding included.
std::optional<Bytes> decode_base64(std::string_view text)
{
    Bytes bytes;
    std::uint32_t bits = 0;
    std::size_t digits = 0;
    std::size_t padding = 0;
    for (char c : text) {
        if (c == '\n' || c == '\r' || c == ' ' || c == '\t') continue;
        const auto digit = kBase64.find(c);
        if (c != '=' && (digit == std::string_view::npos || padding > 0)) return std::nullopt;
        if (c == '=') ++padding;
        bits = bits << 6 | (c == '=' ? 0u : static_cast<std::uint32_t>(digit));
        if (++digits % 4 != 0) continue;
        for (int shift = 16; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(bits >> shift & 0xff));
        bits = 0;
    }
    if (digits % 4 != 0 || padding > 2) return std::nullopt;
    bytes.resize(bytes.size() - padding);
    return bytes;
}

} // namespace

std::string to_hex(ByteView bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (std::uint8_t octet : bytes) {
        text += kDigits[octet >> 4];
        text += kDigits[octet & 15];
    }
    return text;
}

std::string to_pem(std::string_view label, ByteView der)
{
    constexpr std::size_t kOctetsPerLine = 48; // RFC 7468, section 2: lines of exactly 64 characters
    std::string text = "-----BEGIN " + std::string(label) + "-----\n";
    for (std::size_t line = 0; line < der.size(); line += kOctetsPerLine) {
        const ByteView octets = der.subspan(line, std::min(kOctetsPerLine, der.size() - line));
        for (std::size_t group = 0; group < octets.size(); group += 3)
            text += encode_group(octets.subspan(group, std::min<std::size_t>(3, octets.size() - group)));
        text += '\n';
    }
    return text + "-----END " + std::string(label) + "-----\n";
}

std::optional<Bytes> from_pem(std::string_view label, std::string_view text)
{
    const std::string begin = "-----BEGIN " + std::string(label) + "-----";
    const std::string end = "-----END " + std::string(label) + "-----";
    const auto start = text.find(begin);
    if (start == std::string_view::npos) return std::nullopt;
    const auto stop = text.find(end, start);
    if (stop == std::string_view::npos) return std::nullopt;
    return decode_base64(text.substr(start + begin.size(), stop - start - begin.size()));
}

} // namespace alert40
