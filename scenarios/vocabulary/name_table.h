// SPDX-License-Identifier: GPL-2.0-or-later
// What the tables of this folder share: a row is a value of the wire and its name; a lookup walks the rows.
// Every enum of this folder is open: a value from the wire may have no enumerator, and then its name is its number.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

template <class Value> struct NameRow {
    Value value;
    std::string_view name;
};

/// The name of `value`, or an empty view.
template <class Rows, class Value> std::string_view name_in(const Rows& rows, Value value)
{
    auto row = std::find_if(std::begin(rows), std::end(rows), [&](const auto& each) { return each.value == value; });
    return row == std::end(rows) ? std::string_view() : row->name;
}

/// The value of the first row called `name`, exactly as it is spelt there.
template <class Rows>
auto value_in(const Rows& rows, std::string_view name) -> std::optional<decltype(std::begin(rows)->value)>
{
    auto row = std::find_if(std::begin(rows), std::end(rows), [&](const auto& each) { return each.name == name; });
    if (row == std::end(rows)) return std::nullopt;
    return row->value;
}

template <class Rows> std::vector<std::string> names_in(const Rows& rows)
{
    std::vector<std::string> names;
    for (const auto& row : rows) names.emplace_back(row.name);
    return names;
}

/// "0x" and four upper-case digits, as IANA's registries write 16-bit values.
std::string hexadecimal(std::uint16_t value);

/// "unknown (200)": how a value without a name is written where the RFC counts in decimal.
std::string unknown(unsigned value);

} // namespace alert40
