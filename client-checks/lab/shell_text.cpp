// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/shell_text.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

bool is_safe(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("@%+=:,./_-").find(c) != std::string_view::npos;
}

/// The argument of printf '%b': line breaks stay on the line, octets that no terminal takes are escaped.
std::string escaped(std::string_view input)
{
    std::string text;
    for (const char c : input) {
        if (c == '\n')
            text += "\\n";
        else if (c == '\r')
            text += "\\r";
        else if (c == '\\')
            text += "\\\\";
        else if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F)
            text += fmt::format("\\0{:03o}", static_cast<unsigned char>(c));
        else
            text += c;
    }
    return text;
}

} // namespace

std::string shell_word(std::string_view word)
{
    if (!word.empty() && std::all_of(word.begin(), word.end(), is_safe)) return std::string(word);
    std::string quoted = "'";
    for (const char c : word) {
        if (c == '\'')
            quoted += "'\\''";
        else
            quoted += c;
    }
    return quoted + "'";
}

std::string shell_text(const Command& command)
{
    std::string text;
    if (!command.input.empty()) text += "printf '%b' " + shell_word(escaped(command.input)) + " | ";
    for (const auto& [variable, value] : command.environment) text += variable + "=" + shell_word(value) + " ";
    for (const auto& word : command.argv) text += shell_word(word) + " ";
    if (!text.empty()) text.pop_back();
    return text;
}

} // namespace alert40
