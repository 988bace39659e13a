// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/hex.h"

namespace alert40 {
namespace {

std::optional<unsigned> digit_value(char digit)
{
    if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
    if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a' + 10);
    if (digit >= 'A' && digit <= 'F') return static_cast<unsigned>(digit - 'A' + 10);
    return std::nullopt;
}

} // namespace

std::optional<Bytes> parse_hex(std::string_view digits)
{
    Bytes bytes;
    std::optional<unsigned> high;
    for (const char each : digits) {
        const bool between = each == ' ' || each == '\t' || each == '\n' || each == '\r' || each == ':';
        if (between && !high) continue;
        const auto value = digit_value(each);
        if (!value) return std::nullopt;
        if (high) bytes.push_back(static_cast<std::uint8_t>(*high << 4 | *value));
        high = high ? std::nullopt : value;
    }
    if (high) return std::nullopt;
    return bytes;
}

} // namespace alert40
