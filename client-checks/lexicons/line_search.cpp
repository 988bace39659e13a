// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lexicons/line_search.h"

#include <algorithm>

namespace alert40 {
namespace {

std::optional<LineMatch> search_line(std::string_view line, const std::regex& pattern, bool at_begin)
{
    for (std::size_t begin = 0;; begin += kLongestPiece - kOverlap) {
        const auto piece = line.substr(begin, kLongestPiece);
        const bool last = begin + piece.size() == line.size();
        auto flags = std::regex_constants::match_default;
        if (begin != 0) flags |= std::regex_constants::match_not_bol;
        if (!last) flags |= std::regex_constants::match_not_eol;
        if (at_begin) flags |= std::regex_constants::match_continuous;
        std::match_results<std::string_view::const_iterator> groups;
        if (std::regex_search(piece.begin(), piece.end(), groups, pattern, flags))
            return LineMatch{std::string(piece), groups.size() > 1 ? groups[1].str() : std::string(), groups[0].str()};
        if (last || at_begin) return std::nullopt;
    }
}

} // namespace

std::optional<LineMatch> search_lines(std::string_view text, const std::regex& pattern, bool at_begin)
{
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (auto found = search_line(line, pattern, at_begin)) return found;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::nullopt;
}

bool may_match(std::string_view text, const std::vector<std::string>& literals)
{
    return literals.empty() ||
           std::ranges::any_of(literals, [&](const auto& each) { return text.find(each) != std::string_view::npos; });
}

} // namespace alert40
