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

} // namespace alert40
