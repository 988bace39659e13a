// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/utf8.h"

namespace alert40 {

std::size_t utf8_length(ByteView text)
{
    const std::uint8_t first = text[0];
    const std::size_t length = first < 0x80   ? 1
                               : first < 0xc2 ? 0
                               : first < 0xe0 ? 2
                               : first < 0xf0 ? 3
                               : first < 0xf5 ? 4
                                              : 0;
    if (length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((text[i] & 0xc0) != 0x80) return 0;
    const bool overlong = (first == 0xe0 && text[1] < 0xa0) || (first == 0xf0 && text[1] < 0x90);
    const bool surrogate = first == 0xed && text[1] > 0x9f;
    const bool too_large = first == 0xf4 && text[1] > 0x8f;
    return overlong || surrogate || too_large ? 0 : length;
}

std::string clean_utf8(ByteView octets)
{
    std::string text;
    const auto escaped = [](std::uint8_t octet) {
        return std::string("\\").append(to_hex(ByteView(&octet, 1))); // + with a literal: false -Wrestrict, GCC 105651
    };
    while (!octets.empty()) {
        const std::size_t length = utf8_length(octets);
        // U+0080 to U+009F are control characters too: C2 80 to C2 9F.
        const bool control = octets[0] < 0x20 || octets[0] == 0x7f || octets[0] == '\\' ||
                             (octets[0] == 0xc2 && length == 2 && octets[1] < 0xa0);
        const std::size_t taken = length == 0 ? 1 : length;
        for (std::uint8_t octet : octets.first(taken))
            text += length == 0 || control ? escaped(octet) : std::string(1, static_cast<char>(octet));
        octets = octets.subspan(taken);
    }
    return text;
}

} // namespace alert40
