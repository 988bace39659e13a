// SPDX-License-Identifier: GPL-2.0-or-later
// A TOML document as plain values that know where they stood. parse_toml() is the only user of toml++; everything that
// reads a file of ours works on these values, through the strict field tables of fields.h.
#pragma once

#include "scenarios/loader/source_pos.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace alert40 {

struct TomlValue;
using TomlArray = std::vector<TomlValue>;

struct TomlTable {
    // Defined where TomlValue is complete: clang 14 instantiates them at once otherwise.
    TomlTable();
    TomlTable(SourcePos position, std::vector<std::pair<std::string, TomlValue>> values);
    TomlTable(const TomlTable&);
    TomlTable(TomlTable&&) noexcept;
    TomlTable& operator=(const TomlTable&);
    TomlTable& operator=(TomlTable&&) noexcept;
    ~TomlTable();

    SourcePos where;
    std::vector<std::pair<std::string, TomlValue>> entries; // in the order of the file

    const TomlValue* find(std::string_view key) const;
    TomlValue* find(std::string_view key);
};

struct TomlValue {
    SourcePos where;
    std::variant<std::string, std::int64_t, double, bool, TomlArray, TomlTable> content;

    /// "a string", "a number", "true or false", "a list", "a table": for error messages.
    std::string_view kind() const;

    // Each throws InputError ("expected a string, found a table") where the value is of another kind.
    const std::string& as_string() const;
    std::int64_t as_integer() const;
    bool as_boolean() const;
    const TomlArray& as_array() const;
    const TomlTable& as_table() const;
};

/// Parses `text`; `name` is the file's name in positions. Throws InputError where the text is not TOML, or holds a date
/// (no file of ours has one: dates are offsets).
TomlTable parse_toml(std::string_view text, std::string_view name);

/// Reads and parses a file of at most 1 MiB. Throws InputError where it cannot be read.
TomlTable parse_toml_file(const std::filesystem::path& path);

/// `base` with the values of `overlay` put over it: tables are merged, every other value and array replaced whole.
TomlTable overlay_toml(TomlTable base, const TomlTable& overlay);

} // namespace alert40
