// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lexicons/line_search.h"

#include <algorithm>
#include <utility>

namespace alert40 {
namespace {

std::optional<LineMatch> search_line(std::string_view line, const std::regex& pattern)
{
    for (std::size_t begin = 0;; begin += kLongestPiece - kOverlap) {
        const auto piece = line.substr(begin, kLongestPiece);
        const bool last = begin + piece.size() == line.size();
        auto flags = std::regex_constants::match_default;
        if (begin != 0) flags |= std::regex_constants::match_not_bol;
        if (!last) flags |= std::regex_constants::match_not_eol;
        std::match_results<std::string_view::const_iterator> groups;
        if (std::regex_search(piece.begin(), piece.end(), groups, pattern, flags))
            return LineMatch{std::string(piece), groups.size() > 1 ? groups[1].str() : std::string()};
        if (last) return std::nullopt;
    }
}

} // namespace

std::optional<LineMatch> search_lines(std::string_view text, const std::regex& pattern)
{
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (auto found = search_line(line, pattern)) return found;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::nullopt;
}

namespace {

/// The longest run of plain characters outside groups and classes.
class LiteralRun {
public:
    void add(char character) { run_ += character; }
    void end()
    {
        if (run_.size() > longest_.size()) longest_ = run_;
        run_.clear();
    }
    /// The last character may be missing.
    void make_optional()
    {
        if (!run_.empty()) run_.pop_back();
        end();
    }
    std::string take()
    {
        end();
        return std::exchange(longest_, {});
    }

private:
    std::string run_;
    std::string longest_;
};

/// Behind the bracket that closes the one at `at`.
std::size_t skip_bracketed(std::string_view pattern, std::size_t at)
{
    std::size_t depth = 0;
    bool in_class = false;
    for (; at < pattern.size(); ++at) {
        const char c = pattern[at];
        if (c == '\\')
            ++at;
        else if (in_class)
            in_class = c != ']';
        else if (c == '[')
            in_class = true;
        else if (c == '(')
            ++depth;
        else if (c == ')')
            --depth;
        if (depth == 0 && !in_class) return at + 1;
    }
    return pattern.size();
}

bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

} // namespace

std::vector<std::string> needed_literals(std::string_view pattern)
{
    constexpr std::size_t kShortest = 3;
    std::vector<std::string> literals;
    LiteralRun run;
    for (std::size_t at = 0; at < pattern.size();) {
        const char c = pattern[at];
        if (c == '|') {
            literals.push_back(run.take());
            ++at;
        } else if (c == '(' || c == '[') {
            run.end();
            at = skip_bracketed(pattern, at);
        } else if (c == '\\' && at + 1 < pattern.size()) {
            const char escaped = pattern[at + 1];
            if (escaped == 'x' || escaped == 'u' || escaped == 'c') return {}; // not worth reading
            if (is_letter_or_digit(escaped))
                run.end();
            else
                run.add(escaped);
            at += 2;
        } else if (c == '*' || c == '?' || c == '{') {
            run.make_optional();
            at = c == '{' ? std::min(pattern.find('}', at), pattern.size() - 1) + 1 : at + 1;
        } else if (c == '.' || c == '^' || c == '$' || c == '+') {
            run.end();
            ++at;
        } else {
            run.add(c);
            ++at;
        }
    }
    literals.push_back(run.take());
    if (std::ranges::any_of(literals, [](const auto& each) { return each.size() < kShortest; })) return {};
    return literals;
}

bool may_match(std::string_view text, const std::vector<std::string>& literals)
{
    return literals.empty() ||
           std::ranges::any_of(literals, [&](const auto& each) { return text.find(each) != std::string_view::npos; });
}

} // namespace alert40
