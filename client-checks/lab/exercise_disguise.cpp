// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/exercise_disguise.h"

#include <algorithm>
#include <array>

namespace alert40 {
namespace {

constexpr std::string_view kBeforePath = " \t\r\n'\"=:,;()<>[]|&";

/// What a file of the run is called by a customer.
std::string neutral_name(std::string_view stem, std::string_view ending)
{
    if (stem.starts_with("crls")) return "crls.pem";
    const bool of_client = !stem.starts_with("anchors") && !stem.starts_with("other-root");
    return of_client ? "client" + std::string(ending) : "ca.pem";
}

/// Replaces each word that ends with `end` by `name(the part of its last component before `end`)`.
template <class Name> std::string replace_paths(std::string_view text, std::string_view end, Name name)
{
    std::string result;
    std::size_t copied = 0;
    for (std::size_t at = text.find(end); at != std::string_view::npos; at = text.find(end, copied)) {
        const auto before = at == 0 ? std::string_view::npos : text.find_last_of(kBeforePath, at - 1);
        std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
        if (begin < copied) begin = copied;
        const auto word = text.substr(begin, at - begin);
        const auto slash = word.rfind('/');
        result += text.substr(copied, begin - copied);
        result += name(slash == std::string_view::npos ? word : word.substr(slash + 1));
        copied = at + end.size();
    }
    return result.append(text.substr(copied));
}

/// Up to the next space that no single quotes hold.
std::string_view first_word(std::string_view text)
{
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\'') quoted = !quoted;
        if (text[at] == ' ' && !quoted) return text.substr(0, at);
    }
    return text;
}

bool is_clock_option(std::string_view word)
{
    return word == "--clock" || word == "--faketime"; // of the clients' programs; the value follows
}

bool sets_clock(std::string_view word)
{
    return word.starts_with("FAKETIME") || word.starts_with("NO_FAKE_STAT") || word.starts_with("DONT_FAKE") ||
           word.starts_with("--clock=") || word.starts_with("--faketime=");
}

/// LD_PRELOAD=... without libfaketime; empty where nothing is left.
std::string without_faketime(std::string_view word)
{
    constexpr std::string_view kVariable = "LD_PRELOAD=";
    std::string rest;
    for (word.remove_prefix(kVariable.size()); !word.empty();) {
        const auto end = std::min(word.find_first_of(" :'"), word.size());
        const auto library = word.substr(0, end);
        word.remove_prefix(std::min(end + 1, word.size()));
        if (library.empty() || library.find("faketime") != std::string_view::npos) continue;
        rest.append(rest.empty() ? "" : ":").append(library);
    }
    return rest.empty() ? rest : std::string(kVariable) + rest;
}

} // namespace

std::string without_file_names(std::string_view text, std::string_view tag)
{
    std::string result(text);
    for (const std::string_view ending : std::array<std::string_view, 2>{".pem", ".key"}) {
        const auto end = "-" + std::string(tag) + std::string(ending);
        result = replace_paths(result, end, [&](std::string_view stem) { return neutral_name(stem, ending); });
    }
    return replace_paths(result, "/root.pem", [](std::string_view) { return std::string("ca.pem"); });
}

std::string customer_command(std::string_view shell, std::string_view tag)
{
    const auto text = without_file_names(shell, tag);
    std::string result;
    bool is_value = false; // of an option that goes
    for (std::string_view rest = text; !rest.empty();) {
        const auto word = first_word(rest);
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        const bool goes = is_value || sets_clock(word) || is_clock_option(word);
        is_value = !is_value && is_clock_option(word);
        const std::string shown = word.starts_with("LD_PRELOAD=") ? without_faketime(word) : std::string(word);
        if (!goes && !shown.empty()) result.append(result.empty() ? "" : " ").append(shown);
    }
    return result;
}

} // namespace alert40
