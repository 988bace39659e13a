// SPDX-License-Identifier: GPL-2.0-or-later
// A value of a record with the place where it stands, so that every complaint names line and field:
// "runs.jsonl:17: wire[3].alert.desc: a number from 0 to 255 was expected".
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

class JsonValue {
public:
    /// `value` outlives the value. `line` is "file:line", `path` the field below it, empty for the whole.
    JsonValue(const nlohmann::json& value, std::string line, std::string path = {});

    bool has(const char* key) const; // of an object; a null is none
    /// Throws InputError where it is not there.
    JsonValue member(const char* key) const;
    std::optional<JsonValue> maybe(const char* key) const;
    std::vector<JsonValue> items() const; // of an array

    const std::string& text() const;
    std::uint64_t number(std::uint64_t most) const; // 0 to `most`
    std::int64_t whole_number() const;              // of 32 bits
    bool yes() const;
    double milliseconds() const; // 0 to a day
    /// Hexadecimal digits of at most 16 bits: "0303".
    std::uint16_t hex() const;
    /// The same, separated by blanks: "c02c 00ff"; nothing for an empty text.
    std::vector<std::uint16_t> hex_list() const;
    /// Decimal numbers of at most 16 bits, separated by blanks: "0 11 10".
    std::vector<std::uint16_t> number_list() const;

    [[noreturn]] void fail(std::string_view what, std::string_view hint = {}) const;

private:
    std::vector<std::uint16_t> list(int base) const;

    const nlohmann::json* json_;
    std::string line_;
    std::string path_;
};

} // namespace alert40
