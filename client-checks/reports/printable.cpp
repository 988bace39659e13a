// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/printable.h"

namespace alert40 {

std::string printable(std::string text)
{
    for (std::size_t index = 0; index < text.size(); ++index) {
        const auto octet = static_cast<unsigned char>(text[index]);
        const auto next = index + 1 < text.size() ? static_cast<unsigned char>(text[index + 1]) : 0U;
        if ((octet < 0x20 && octet != '\n') || octet == 0x7F) text[index] = ' ';
        if (octet == 0xC2 && next >= 0x80 && next < 0xA0) text[index] = text[index + 1] = ' ';
    }
    return text;
}

std::string quoted(std::string text)
{
    text = printable(std::move(text));
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', end + 1))
        text.insert(end + 1, "            | ");
    return text;
}

} // namespace alert40
