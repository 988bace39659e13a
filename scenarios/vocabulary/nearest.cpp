// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/vocabulary/nearest.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>
#include <vector>

namespace alert40 {
namespace {

char lower(char letter)
{
    return static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
}

/// Levenshtein's distance, one row at a time.
std::size_t edit_distance(std::string_view from, std::string_view to)
{
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < to.size(); ++j) {
            const std::size_t replaced = diagonal + (lower(from[i]) == lower(to[j]) ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
        }
    }
    return row.back();
}

} // namespace

std::optional<std::string> nearest(std::string_view wrong, std::span<const std::string> allowed)
{
    const std::string* best = nullptr;
    std::size_t least = 0;
    for (const auto& candidate : allowed) {
        const std::size_t distance = edit_distance(wrong, candidate);
        if (best != nullptr && distance >= least) continue;
        best = &candidate;
        least = distance;
    }
    if (best == nullptr || least > std::max<std::size_t>(1, std::max(wrong.size(), best->size()) / 3))
        return std::nullopt;
    return *best;
}

} // namespace alert40
