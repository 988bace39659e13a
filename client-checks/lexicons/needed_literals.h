// SPDX-License-Identifier: GPL-2.0-or-later
// What a text must hold to match a pattern. Thousands of patterns are tried on each line of a log: most of them are
// ruled out by one search for literals, without std::regex.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

/// Literals of which a text must hold at least one to match the ECMAScript `pattern`; the longest such set that is
/// found. Empty where there is none of three octets or more each: then any text may match.
std::vector<std::string> needed_literals(std::string_view pattern);

/// Sets of literals: a text holds one of each, or it does not match in this way.
using NeededSets = std::vector<std::vector<std::string>>;

/// The same in full, one for each alternative at the top of `pattern`; an alternative without a set matches any text.
std::vector<NeededSets> needed_ways(std::string_view pattern);

} // namespace alert40
