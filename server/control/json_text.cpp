// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/json_text.h"

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
    text_ += '"';
    while (!text.empty()) {
        const char each = text.front();
        const std::size_t length = sequence_length(text);
        if (length == 0)
            text_ += "\xef\xbf\xbd"; // U+FFFD
        else if (each == '"' || each == '\\')
            (text_ += '\\') += each;
        else if (static_cast<unsigned char>(each) < 0x20)
            text_ += fmt::format("\\u{:04x}", static_cast<unsigned>(each));
        else
            text_ += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    text_ += '"';
}

} // namespace alert40
