// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/der.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace alert40::der {

namespace {

/// Base 128, most significant group first, the top bit set in all but the last (X.690, section 8.19.2).
void append_arc(Bytes& to, std::uint64_t arc)
{
    Bytes groups{static_cast<std::uint8_t>(arc & 0x7f)};
    for (arc >>= 7; arc != 0; arc >>= 7) groups.push_back(static_cast<std::uint8_t>(0x80 | (arc & 0x7f)));
    to.insert(to.end(), groups.rbegin(), groups.rend());
}

std::vector<std::uint64_t> split_arcs(std::string_view dotted)
{
    std::vector<std::uint64_t> arcs(1);
    for (char c : dotted) {
        if (c == '.')
            arcs.push_back(0);
        else
            arcs.back() = arcs.back() * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return arcs;
}

/// "20260131235959Z".
std::string digits(std::chrono::system_clock::time_point when)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(when);
    const auto day = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(seconds - day);
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), "%04d%02u%02u%02d%02d%02dZ", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                   static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                                   static_cast<int>(clock.seconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

} // namespace

Bytes tlv(std::uint8_t tag, ByteView content)
{
    Bytes element{tag};
    if (content.size() < 0x80) {
        element.push_back(static_cast<std::uint8_t>(content.size()));
    } else {
        Bytes length;
        for (std::size_t rest = content.size(); rest != 0; rest >>= 8)
            length.push_back(static_cast<std::uint8_t>(rest & 0xff));
        element.push_back(static_cast<std::uint8_t>(0x80 | length.size()));
        element.insert(element.end(), length.rbegin(), length.rend());
    }
    append(element, content);
    return element;
}

Bytes sequence(std::initializer_list<Bytes> parts)
{
    Bytes content;
    for (const Bytes& part : parts) append(content, part);
    return tlv(0x30, content);
}

Bytes sequence(ByteView content)
{
    return tlv(0x30, content);
}

Bytes set(ByteView content)
{
    return tlv(0x31, content);
}

Bytes context(int number, ByteView content, bool constructed)
{
    return tlv(static_cast<std::uint8_t>(0x80 | (constructed ? 0x20 : 0) | number), content);
}

Bytes integer(ByteView magnitude)
{
    const auto first = std::find_if(magnitude.begin(), magnitude.end(), [](std::uint8_t octet) { return octet != 0; });
    Bytes content(first, magnitude.end());
    if (content.empty() || (content.front() & 0x80) != 0) content.insert(content.begin(), 0);
    return tlv(0x02, content);
}

Bytes integer(std::uint64_t value)
{
    Bytes magnitude;
    for (int shift = 56; shift >= 0; shift -= 8) magnitude.push_back(static_cast<std::uint8_t>(value >> shift & 0xff));
    return integer(magnitude);
}

Bytes boolean(bool value)
{
    return tlv(0x01, Bytes{static_cast<std::uint8_t>(value ? 0xff : 0)});
}

Bytes null()
{
    return tlv(0x05, {});
}

Bytes octet_string(ByteView content)
{
    return tlv(0x04, content);
}

Bytes bit_string(ByteView content, int unused_bits)
{
    Bytes with_count{static_cast<std::uint8_t>(unused_bits)};
    append(with_count, content);
    return tlv(0x03, with_count);
}

Bytes utf8_string(std::string_view text)
{
    return tlv(0x0c, to_bytes(text));
}

Bytes object_identifier(std::string_view dotted)
{
    const std::vector<std::uint64_t> arcs = split_arcs(dotted);
    Bytes content;
    append_arc(content, arcs[0] * 40 + (arcs.size() > 1 ? arcs[1] : 0));
    for (std::size_t i = 2; i < arcs.size(); ++i) append_arc(content, arcs[i]);
    return tlv(0x06, content);
}

Bytes time(std::chrono::system_clock::time_point when)
{
    // RFC 5280, section 4.1.2.5: dates through the year 2049 are UTCTime; UTCTime knows no year before 1950.
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(when));
    const int year = static_cast<int>(date.year());
    const bool utc_time = year >= 1950 && year <= 2049;
    return utc_time ? tlv(0x17, to_bytes(digits(when).substr(2))) : generalized_time(when);
}

Bytes generalized_time(std::chrono::system_clock::time_point when)
{
    return tlv(0x18, to_bytes(digits(when)));
}

} // namespace alert40::der
