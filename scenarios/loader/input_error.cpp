// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/input_error.h"

#include "scenarios/vocabulary/nearest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace alert40 {
namespace {

std::string compose(const SourcePos& where, std::string_view message, std::string_view hint)
{
    std::string text = where.text();
    if (!text.empty()) text += ": ";
    text += message;
    if (!hint.empty()) text += fmt::format("\n  hint: {}", hint);
    return text;
}

} // namespace

std::string SourcePos::text() const
{
    if (!file) return {};
    if (line == 0) return *file;
    return fmt::format("{}:{}:{}", *file, line, column);
}

InputError::InputError(const SourcePos& where, std::string_view message, std::string_view hint)
    : std::runtime_error(compose(where, message, hint))
{
}

InputError::InputError(std::string_view message, std::string_view hint) : InputError(SourcePos{}, message, hint) {}

std::string hint_for(std::string_view wrong, std::span<const std::string> allowed)
{
    constexpr std::size_t kMostListed = 40; // a list of 300 cipher suites helps nobody
    const auto close = nearest(wrong, allowed);
    std::string hint = close ? fmt::format("did you mean '{}'? ", *close) : std::string{};
    if (allowed.size() <= kMostListed) hint += fmt::format("one of: {}", fmt::join(allowed, ", "));
    return hint;
}

} // namespace alert40
