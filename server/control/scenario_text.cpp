// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/scenario_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

/// Everything that a section says, whatever keys there will be: the file's own words.
nlohmann::json as_json(const TomlTable& table);

nlohmann::json as_json(const TomlValue& value)
{
    struct ToJson {
        nlohmann::json operator()(const TomlTable& table) const { return as_json(table); }
        nlohmann::json operator()(const TomlArray& array) const
        {
            auto json = nlohmann::json::array();
            for (const auto& item : array) json.push_back(as_json(item));
            return json;
        }
        nlohmann::json operator()(const std::string& text) const { return text; }
        nlohmann::json operator()(std::int64_t number) const { return number; }
        nlohmann::json operator()(double number) const { return number; }
        nlohmann::json operator()(bool truth) const { return truth; }
    };
    return std::visit(ToJson{}, value.content);
}

nlohmann::json as_json(const TomlTable& table)
{
    auto json = nlohmann::json::object();
    for (const auto& [key, value] : table.entries) json[key] = as_json(value);
    return json;
}

template <class T> std::vector<std::string> names_of(const std::vector<T>& values)
{
    std::vector<std::string> names;
    for (const auto& value : values) names.push_back(name(value));
    return names;
}

/// With the two settings that every server has, said or not, and suites by the names of the registry.
nlohmann::json server_json(const ServerSettings& server, const TomlTable& table)
{
    auto json = as_json(table);
    if (!server.versions_none_offered) json["versions"] = names_of(server.versions);
    if (!server.certificate.inline_recipe) json["certificate"] = server.certificate.recipe;
    if (server.ciphers && !server.ciphers->none_offered) json["ciphers"] = names_of(server.ciphers->values);
    return json;
}

nlohmann::json client_json(const ClientSettings& client, const TomlTable& table)
{
    auto json = as_json(table);
    if (!client.ciphers.empty()) json["ciphers"] = names_of(client.ciphers);
    return json;
}

/// With the alert's number beside its name.
nlohmann::json expectation_json(const Expectation& expect, const TomlTable& table)
{
    auto json = as_json(table);
    if (expect.alert) json["alert_code"] = static_cast<int>(*expect.alert);
    return json;
}

std::string settings_text(const nlohmann::json& settings)
{
    std::string text;
    for (const auto& [key, value] : settings.items()) {
        // A list of tables reads better with a line for each: hosts, back ends, faults, exceptions.
        if (!value.is_array() || value.empty() || !value.front().is_object()) {
            text += fmt::format("  {} = {}\n", key, value.dump());
            continue;
        }
        text += fmt::format("  {} =\n", key);
        for (const auto& item : value) text += fmt::format("    {}\n", item.dump());
    }
    return text.empty() ? "  (defaults)\n" : text;
}

} // namespace

nlohmann::json to_json(const Scenario& scenario)
{
    nlohmann::json json = {{"name", scenario.id},
                           {"title", scenario.title},
                           {"cause", scenario.cause.value},
                           {"story", scenario.story},
                           {"lesson", scenario.lesson},
                           {"file", *scenario.where.file},
                           {"server_name", scenario.asked_name()},
                           {"server", server_json(scenario.server, scenario.server_table)},
                           {"client", client_json(scenario.client, scenario.client_table)},
                           {"expect", expectation_json(scenario.expect, scenario.expect_table)}};
    if (scenario.fix)
        json["fix"] = {{"summary", scenario.fix->summary},
                       {"server", server_json(scenario.fix->server, scenario.fix->server_table)},
                       {"client", client_json(scenario.fix->client, scenario.fix->client_table)}};
    return json;
}

std::string to_text(const Scenario& scenario)
{
    const auto json = to_json(scenario);
    std::string text =
        fmt::format("{}\n{}\n\ncause: {}\n\nstory:\n{}\n\nlesson:\n{}\n\nserver:\n{}client:\n{}expect:\n{}",
                    scenario.id, scenario.title, scenario.cause.value, scenario.story, scenario.lesson,
                    settings_text(json["server"]), settings_text(json["client"]), settings_text(json["expect"]));
    if (scenario.fix) text += fmt::format("fix: {}\n", scenario.fix->summary);
    return text;
}

} // namespace alert40
