// SPDX-License-Identifier: GPL-2.0-or-later
// Hints for misspelt names.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace alert40 {

/// The allowed name at the smallest edit distance from `wrong`, case ignored; the first of equals. Nothing when even
/// that is more than a third of the name away: a hint that is not meant is worse than none.
std::optional<std::string> nearest(std::string_view wrong, std::span<const std::string> allowed);

} // namespace alert40
