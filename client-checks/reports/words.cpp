// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/words.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <functional>

namespace alert40 {
namespace {

bool is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}
bool is_hex(char letter)
{
    return std::isxdigit(static_cast<unsigned char>(letter)) != 0;
}
bool is_word(char letter)
{
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

void replace_all(std::string& text, std::string_view what, std::string_view with)
{
    if (what.empty()) return;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

/// The number on its own: not within a longer one.
void replace_number(std::string& text, const std::string& number, std::string_view with)
{
    for (auto at = text.find(number); at != std::string::npos; at = text.find(number, at + 1)) {
        const auto end = at + number.size();
        if ((at > 0 && is_word(text[at - 1])) || (end < text.size() && is_word(text[end]))) continue;
        text.replace(at, number.size(), with);
    }
}

/// <state>/runs/<random>, wherever a path of the command tells it.
std::string run_folder(const ResultCommand& command)
{
    constexpr std::string_view kRuns = "/runs/";
    const auto look = [&](const std::string& word) -> std::string {
        const auto runs = word.find(kRuns);
        if (runs == std::string::npos) return {};
        const auto begin = std::min(word.find('/'), runs);
        const auto end = word.find('/', runs + kRuns.size());
        return word.substr(begin, end == std::string::npos ? end : end - begin);
    };
    for (const auto& word : command.argv)
        if (auto folder = look(word); !folder.empty()) return folder;
    for (const auto& [name, value] : command.environment)
        if (auto folder = look(value); !folder.empty()) return folder;
    return {};
}

std::size_t count_while(std::string_view text, bool (*fits)(char))
{
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), fits) - text.begin());
}

/// "12:34:56", "12:34:56.789", "2026-11-21", "20261121": its length, or 0.
std::size_t date_or_time(std::string_view text)
{
    const auto shape = [&](std::string_view pattern) {
        if (text.size() < pattern.size()) return false;
        for (std::size_t index = 0; index < pattern.size(); ++index)
            if (pattern[index] == '0' ? !is_digit(text[index]) : text[index] != pattern[index]) return false;
        return true;
    };
    if (shape("0000-00-00") || shape("0000/00/00")) return 10;
    if (!shape("00:00:00")) return 0;
    std::size_t length = 8;
    if (text.size() > length && (text[length] == '.' || text[length] == ','))
        length += 1 + count_while(text.substr(length + 1), is_digit);
    return length;
}

/// "12 ms", "0.5s", "3 seconds", "1712 milliseconds": its length, or 0.
std::size_t duration(std::string_view text)
{
    std::size_t length = count_while(text, is_digit);
    if (length == 0) return 0;
    if (length < text.size() && text[length] == '.') length += 1 + count_while(text.substr(length + 1), is_digit);
    auto rest = text.substr(length);
    const std::size_t space = !rest.empty() && rest.front() == ' ' ? 1 : 0;
    rest.remove_prefix(space);
    for (const std::string_view unit : {"milliseconds", "seconds", "ms", "us", "ns", "s"})
        if (rest.starts_with(unit) && (rest.size() == unit.size() || !is_word(rest[unit.size()])))
            return length + space + unit.size();
    return 0;
}

/// An address of memory ("0x7f3a90", Java's "@1b2c3d4"): its length behind the mark, or 0.
std::size_t address(std::string_view text)
{
    const std::string_view mark = text.starts_with("0x") ? "0x" : text.starts_with("@") ? "@" : "";
    if (mark.empty()) return 0;
    const std::size_t digits = count_while(text.substr(mark.size()), is_hex);
    const bool ends = mark.size() + digits == text.size() || !is_word(text[mark.size() + digits]);
    return digits >= 5 && ends ? mark.size() + digits : 0;
}

/// OpenSSL's thread in front of an error ("C0FE7A1D:error:0A000410"), a browser's "[123:456:1121/104732.1:ERROR".
std::size_t origin(std::string_view text)
{
    if (const auto digits = count_while(text, is_hex); digits >= 8 && text.substr(digits).starts_with(":error:"))
        return digits;
    if (!text.starts_with("[")) return 0;
    const auto inside = text.substr(1);
    const auto numbers = count_while(
        inside, [](char letter) { return is_digit(letter) || letter == ':' || letter == '/' || letter == '.'; });
    const bool several = std::count(inside.begin(), inside.begin() + static_cast<std::ptrdiff_t>(numbers), ':') >= 2;
    return several ? 1 + numbers : 0;
}

} // namespace

std::string steady_words(const SeenRun& seen)
{
    std::string text = seen.says;
    replace_all(text, run_folder(seen.command), "{folder}");
    if (seen.command.port != 0) replace_number(text, fmt::format("{}", seen.command.port), "{port}");
    std::string steady;
    for (std::size_t at = 0; at < text.size();) {
        const auto rest = std::string_view(text).substr(at);
        const bool begins = at == 0 || !is_word(text[at - 1]);
        std::size_t length = begins ? origin(rest) : 0;
        if (length == 0 && begins) length = date_or_time(rest);
        if (length == 0 && begins && (at == 0 || text[at - 1] != '.')) length = duration(rest);
        if (length == 0 && (begins || rest.front() == '@')) length = address(rest);
        if (length == 0) {
            steady += text[at++];
            continue;
        }
        steady += "...";
        at += length;
    }
    return steady;
}

} // namespace alert40
