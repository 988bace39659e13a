// SPDX-License-Identifier: GPL-2.0-or-later
// The strict reader: what a table of a file may say is written down once, as a list of fields, and that list both reads
// the file and becomes its JSON Schema. An unknown key, a wrong type or an unknown name throws InputError at its
// position.
//
//   const Fields<HostSettings> kHostFields = {field("name", &HostSettings::name, "A server name that is
//   known").require()}; HostSettings host = read_table(value.as_table(), kHostFields);
//
// How a type is read, and its schema, is Codec<T>; codecs.h has those of the vocabulary.
#pragma once

#include "scenarios/loader/input_error.h"
#include "scenarios/loader/toml_value.h"

#include <fmt/format.h>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

namespace alert40 {

/// Codec<T>::read(value) -> T, throwing InputError; Codec<T>::schema() -> JSON Schema of such a value.
template <class T> struct Codec;

template <class Target> struct Field {
    std::string key;
    std::string summary;
    std::function<void(const TomlValue&, Target&)> read;
    std::function<nlohmann::json()> schema;
    bool required = false;
    nlohmann::json otherwise = nullptr; // what holds where the key is absent; null: nothing to be said in a value

    Field require() &&
    {
        required = true;
        return std::move(*this);
    }
    /// For the schema and the reference; the value itself is the member's initialiser.
    Field or_else(nlohmann::json value) &&
    {
        otherwise = std::move(value);
        return std::move(*this);
    }
};

template <class Target> using Fields = std::vector<Field<Target>>;

template <class Target, class Member> Field<Target> field(std::string key, Member Target::*member, std::string summary)
{
    return {std::move(key), std::move(summary),
            [member](const TomlValue& value, Target& target) { target.*member = Codec<Member>::read(value); },
            [] { return Codec<Member>::schema(); }};
}

/// Reads `table` into a default-constructed Target.
template <class Target> Target read_table(const TomlTable& table, const Fields<Target>& fields)
{
    Target target{};
    for (const auto& [key, value] : table.entries) {
        auto known =
            std::find_if(fields.begin(), fields.end(), [&key = key](const auto& each) { return each.key == key; });
        if (known == fields.end()) {
            std::vector<std::string> keys;
            for (const auto& each : fields) keys.push_back(each.key);
            throw InputError(value.where, fmt::format("unknown key '{}'", key), hint_for(key, keys));
        }
        known->read(value, target);
    }
    for (const auto& each : fields)
        if (each.required && table.find(each.key) == nullptr)
            throw InputError(table.where, fmt::format("the key '{}' is missing", each.key), each.summary);
    return target;
}

template <class Target> nlohmann::json schema_of(const Fields<Target>& fields)
{
    nlohmann::json properties = nlohmann::json::object();
    nlohmann::json required = nlohmann::json::array();
    for (const auto& each : fields) {
        properties[each.key] = each.schema();
        properties[each.key]["description"] = each.summary;
        if (!each.otherwise.is_null()) properties[each.key]["default"] = each.otherwise;
        if (each.required) required.push_back(each.key);
    }
    nlohmann::json schema = {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
    if (!required.empty()) schema["required"] = required;
    return schema;
}

/// Reads a name of a closed list: `find` maps it to the value, `names` lists what is allowed.
template <class Find>
auto read_name(const TomlValue& value, std::string_view what, Find find, const std::vector<std::string>& names)
{
    const auto found = find(value.as_string());
    if (!found)
        throw InputError(value.where, fmt::format("unknown {} '{}'", what, value.as_string()),
                         hint_for(value.as_string(), names));
    return *found;
}

/// A whole number within [least, most]. Throws InputError naming the range.
inline std::int64_t read_integer(const TomlValue& value, std::int64_t least, std::int64_t most)
{
    const auto number = value.as_integer();
    if (number < least || number > most)
        throw InputError(value.where, fmt::format("{} is out of range", number),
                         fmt::format("from {} to {}", least, most));
    return number;
}

template <> struct Codec<std::string> {
    static std::string read(const TomlValue& value) { return value.as_string(); }
    static nlohmann::json schema() { return {{"type", "string"}}; }
};

template <> struct Codec<bool> {
    static bool read(const TomlValue& value) { return value.as_boolean(); }
    static nlohmann::json schema() { return {{"type", "boolean"}}; }
};

template <> struct Codec<TomlTable> {
    static TomlTable read(const TomlValue& value) { return value.as_table(); }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

template <class T> struct Codec<std::vector<T>> {
    static std::vector<T> read(const TomlValue& value)
    {
        std::vector<T> items;
        for (const auto& item : value.as_array()) items.push_back(Codec<T>::read(item));
        return items;
    }
    static nlohmann::json schema() { return {{"type", "array"}, {"items", Codec<T>::schema()}}; }
};

template <class T> struct Codec<std::optional<T>> {
    static std::optional<T> read(const TomlValue& value) { return Codec<T>::read(value); }
    static nlohmann::json schema() { return Codec<T>::schema(); }
};

template <class T> struct Codec<Located<T>> {
    static Located<T> read(const TomlValue& value) { return {Codec<T>::read(value), value.where}; }
    static nlohmann::json schema() { return Codec<T>::schema(); }
};

} // namespace alert40
