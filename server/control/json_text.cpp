// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/json_text.h"

#include <algorithm>

namespace alert40 {
namespace {

/// The length of the UTF-8 sequence at the front of `text` (RFC 3629, section 4); 0: there is none.
std::size_t sequence_length(std::string_view text)
{
    const auto octet = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    const unsigned first = octet(0);
    const std::size_t length = first < 0x80   ? 1
                               : first < 0xc2 ? 0
                               : first < 0xe0 ? 2
                               : first < 0xf0 ? 3
                               : first < 0xf5 ? 4
                                              : 0;
    if (length > text.size()) return 0;
    for (std::size_t index = 1; index < length; ++index)
        if ((octet(index) & 0xc0U) != 0x80) return 0;
    if (length == 3 && ((first == 0xe0 && octet(1) < 0xa0) || (first == 0xed && octet(1) > 0x9f))) return 0;
    if (length == 4 && ((first == 0xf0 && octet(1) < 0x90) || (first == 0xf4 && octet(1) > 0x8f))) return 0;
    return length;
}

} // namespace

void JsonText::quote(std::string_view text)
{
    const auto is_plain = [](char each) {
        return static_cast<unsigned char>(each) >= 0x20 && static_cast<unsigned char>(each) < 0x80 && each != '"' &&
               each != '\\';
    };
    text_ += '"';
    while (!text.empty()) {
        const auto end = std::find_if_not(text.begin(), text.end(), is_plain);
        const auto plain = static_cast<std::size_t>(end - text.begin());
        text_ += text.substr(0, plain);
        text.remove_prefix(plain);
        if (!text.empty()) text.remove_prefix(escape(text));
    }
    text_ += '"';
}

/// Writes the first character of `text`; returns how many octets that was.
std::size_t JsonText::escape(std::string_view text)
{
    const char first = text.front();
    const std::size_t length = sequence_length(text);
    if (length == 0)
        text_ += "\xef\xbf\xbd"; // U+FFFD
    else if (first == '"' || first == '\\')
        (text_ += '\\') += first;
    else if (static_cast<unsigned char>(first) < 0x20)
        text_ += fmt::format("\\u{:04x}", static_cast<unsigned>(first));
    else
        text_ += text.substr(0, length);
    return std::max<std::size_t>(length, 1);
}

} // namespace alert40
