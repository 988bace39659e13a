// SPDX-License-Identifier: GPL-2.0-or-later
// How the plain values of a client's file are read.
#pragma once

#include "client-checks/clients/definition.h"
#include "scenarios/loader/fields.h"

namespace alert40 {

template <> struct Codec<StringMap> {
    static StringMap read(const TomlValue& value)
    {
        StringMap map;
        for (const auto& [key, text] : value.as_table().entries) map.emplace_back(key, text.as_string());
        return map;
    }
    static nlohmann::json schema() { return {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}}; }
};

template <> struct Codec<std::optional<std::regex>> {
    static std::optional<std::regex> read(const TomlValue& value)
    {
        try {
            return std::regex(value.as_string(), std::regex::ECMAScript);
        } catch (const std::regex_error& error) {
            throw InputError(value.where, fmt::format("not a regular expression: {}", error.what()));
        }
    }
    static nlohmann::json schema() { return {{"type", "string"}}; }
};

template <> struct Codec<Option> {
    static const Fields<Option>& fields()
    {
        static const Fields<Option> table = {
            field("arguments", &Option::arguments, "Words that are added at {wishes}"),
            field("fragment", &Option::fragment, "Text that is added at {fragments}"),
            field("environment", &Option::environment, "Environment variables"),
            field("files", &Option::files, "Files to be written; {file:<name>} is their path"),
            field("settings", &Option::settings, "Lines of the client's settings file"),
        };
        return table;
    }
    /// A list of words, or a table.
    static Option read(const TomlValue& value)
    {
        if (std::holds_alternative<TomlArray>(value.content))
            return {Codec<std::vector<std::string>>::read(value), {}, {}, {}, {}};
        return read_table(value.as_table(), fields());
    }
    static nlohmann::json schema() { return schema_of(fields()); }
};

/// A table of options by name.
template <> struct Codec<std::vector<std::pair<std::string, Option>>> {
    static std::vector<std::pair<std::string, Option>> read(const TomlValue& value)
    {
        std::vector<std::pair<std::string, Option>> options;
        for (const auto& [key, option] : value.as_table().entries)
            options.emplace_back(key, Codec<Option>::read(option));
        return options;
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

template <> struct Codec<SettingsFile> {
    static SettingsFile read(const TomlValue& value)
    {
        static const Fields<SettingsFile> fields = {
            field("file", &SettingsFile::file, "Its name in the run directory").require(),
            field("environment", &SettingsFile::environment, "The variable that names its path").require(),
            field("text", &SettingsFile::text, "Its text; {settings} is where the lines go").require(),
        };
        return read_table(value.as_table(), fields);
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

template <> struct Codec<ResumeWish> {
    static ResumeWish read(const TomlValue& value)
    {
        static const Fields<ResumeWish> fields = {
            field("first", &ResumeWish::first, "For the run that gets a session"),
            field("second", &ResumeWish::second, "For the run that resumes it"),
            field("within", &ResumeWish::within, "For one run that connects twice by itself"),
        };
        return read_table(value.as_table(), fields);
    }
    static nlohmann::json schema() { return {{"type", "object"}}; }
};

template <> struct Codec<ClientKind> {
    static ClientKind read(const TomlValue& value)
    {
        const auto find = [](std::string_view text) -> std::optional<ClientKind> {
            if (text == "command") return ClientKind::command;
            if (text == "trytls") return ClientKind::trytls;
            if (text == "trigger") return ClientKind::trigger;
            if (text == "manual") return ClientKind::manual;
            return std::nullopt;
        };
        return read_name(value, "kind of client", find, {"command", "trytls", "trigger", "manual"});
    }
    static nlohmann::json schema() { return {{"type", "string"}}; }
};

template <> struct Codec<InputPolicy> {
    static InputPolicy read(const TomlValue& value)
    {
        const std::string& text = value.as_string();
        if (text == "when-written") return InputPolicy(InputPolicy::Close::when_written);
        if (text == "at-first-output") return InputPolicy(InputPolicy::Close::at_first_output);
        if (text == "never") return InputPolicy(InputPolicy::Close::never);
        if (text.starts_with("at-text:")) return InputPolicy(InputPolicy::Close::at_text, text.substr(8));
        throw InputError(value.where, fmt::format("unknown way to close the input '{}'", text),
                         "when-written, at-first-output, at-text:<text>, never");
    }
    static nlohmann::json schema() { return {{"type", "string"}}; }
};

} // namespace alert40
