// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/json_text.h"

#include "certs/utf8.h"

#include <algorithm>

namespace alert40 {

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
    const std::size_t length = utf8_length(to_bytes(text.substr(0, 4)));
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
