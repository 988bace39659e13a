// SPDX-License-Identifier: GPL-2.0-or-later
// Searching what a client printed. libstdc++'s std::regex takes stack for every character that a repetition matches:
// `.*` over a line of 100 KiB ends the process. So a text is searched line by line, and a long line in overlapping
// pieces.
#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

/// A line longer than this is searched in pieces of this length, each with the end of the one before it: a match of up
/// to kOverlap octets is found wherever it stands.
constexpr std::size_t kLongestPiece = 1024;
constexpr std::size_t kOverlap = 256;

struct LineMatch {
    std::string line;  // around the match, without its end; a piece of it where it is long
    std::string group; // the first one, empty where the pattern has none
    std::string words; // what the pattern matched
};

/// The first line of `text` in which `pattern` is found. `^` and `$` are the ends of a line. `at_begin`: it is looked
/// for at a line's begin alone; libstdc++ tries a pattern with `^` at every octet.
std::optional<LineMatch> search_lines(std::string_view text, const std::regex& pattern, bool at_begin = false);

/// Whether a text may match a pattern that needs `literals`.
bool may_match(std::string_view text, const std::vector<std::string>& literals);

} // namespace alert40
