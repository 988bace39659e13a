// SPDX-License-Identifier: GPL-2.0-or-later
// The command of one run, put together from options: placeholders filled, files written. The first thing that cannot be
// expressed is the skip.
#pragma once

#include "client-checks/clients/expand.h"

namespace alert40 {

/// What an option's own placeholders stand for.
struct OptionValues {
    std::string list;
    std::string least, most; // of versions
};

class Expansion {
public:
    Expansion(const ClientDefinition& client, const ClientSettings& wishes, const Target& target);

    /// Adds the option, or skips: "<client> cannot be asked for <what>".
    void add(const std::optional<Option>& option, std::string_view what, const OptionValues& values = {});
    void skip(std::string why);
    void speak(const Dialogue& dialogue);

    /// Writes the settings file, where an option had lines for it. Call it once, last.
    std::variant<Command, Skip> command();
    /// Whether a wish asks for an environment variable.
    bool has_environment() const { return !environment_.empty(); }

private:
    std::string fill(std::string_view text, const OptionValues& values = {}) const;
    std::string value_of(std::string_view placeholder, const OptionValues& values, bool& known) const;
    std::filesystem::path file_path(std::string_view name) const;
    std::filesystem::path hosts_file() const;
    void write(std::string_view name, const std::string& content) const;
    void write_settings();

    const ClientDefinition& client_;
    const ClientSettings& wishes_;
    const Target& target_;
    std::vector<std::string> arguments_;
    std::string fragments_;
    StringMap environment_;
    std::string settings_;
    std::string scheme_ = "https";
    std::optional<std::string> input_;
    std::optional<Skip> skip_;
};

} // namespace alert40
