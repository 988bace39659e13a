// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/scenario_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

template <class T> std::vector<std::string> names_of(const std::vector<T>& values)
{
    std::vector<std::string> names;
    for (const auto& value : values) names.push_back(name(value));
    return names;
}

template <class T> nlohmann::json selection_json(const Selection<T>& selection)
{
    if (selection.none_offered) return "none-offered";
    return names_of(selection.values);
}

std::string certificate_text(const CertificateSetting& setting)
{
    return setting.inline_recipe ? "an inline recipe" : setting.recipe;
}

nlohmann::json server_json(const ServerSettings& server)
{
    nlohmann::json json = {{"versions", names_of(server.versions)},
                           {"certificate", certificate_text(server.certificate)}};
    if (server.ciphers) json["ciphers"] = selection_json(*server.ciphers);
    if (server.groups) json["groups"] = selection_json(*server.groups);
    if (server.client_certificate != ClientCertificate::none)
        json["client_certificate"] = server.client_certificate == ClientCertificate::required ? "required" : "optional";
    for (const auto& host : server.hosts) json["hosts"].push_back(host.name.value);
    if (server.unknown_name) json["unknown_name"] = name(*server.unknown_name);
    if (server.missing_name) json["missing_name"] = name(*server.missing_name);
    if (server.dh_bits) json["dh_bits"] = server.dh_bits->value;
    for (const auto& fault : server.faults)
        json["faults"].push_back({{"at", fault.trigger.value}, {"do", fault.kind.value}});
    for (const auto& message : server.flight)
        for (const auto& extension : message.without_extensions)
            json["flight"].push_back({{"message", name(message.message.value)}, {"without", extension.value}});
    return json;
}

nlohmann::json client_json(const ClientSettings& client)
{
    nlohmann::json json = nlohmann::json::object();
    if (!client.versions.empty()) json["versions"] = names_of(client.versions);
    if (!client.ciphers.empty()) json["ciphers"] = names_of(client.ciphers);
    if (!client.groups.empty()) json["groups"] = names_of(client.groups);
    if (!client.signature_schemes.empty()) json["signature_schemes"] = names_of(client.signature_schemes);
    if (!client.server_name.empty()) json["server_name"] = client.server_name;
    if (!client.certificate.none()) json["certificate"] = certificate_text(client.certificate);
    if (client.timeout) json["timeout_ms"] = client.timeout->count();
    return json;
}

nlohmann::json expectation_json(const Expectation& expect)
{
    nlohmann::json json = {{"ends", name(expect.ends)}};
    if (expect.alert) json["alert"] = name(*expect.alert);
    if (expect.alert) json["alert_code"] = static_cast<int>(*expect.alert);
    if (expect.alert_level) json["alert_level"] = *expect.alert_level == AlertLevel::warning ? "warning" : "fatal";
    if (expect.phase) json["phase"] = name(*expect.phase);
    if (expect.symptom) json["symptom"] = expect.symptom->value;
    for (const auto& each : expect.library)
        json["library"].push_back({{"name", each.name.value}, {"because", each.because}});
    for (const auto& each : expect.client)
        json["client"].push_back({{"name", each.name.value}, {"because", each.because}});
    return json;
}

std::string settings_text(const nlohmann::json& settings)
{
    std::string text;
    for (const auto& [key, value] : settings.items()) text += fmt::format("  {} = {}\n", key, value.dump());
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
                           {"server", server_json(scenario.server)},
                           {"client", client_json(scenario.client)},
                           {"expect", expectation_json(scenario.expect)}};
    if (scenario.fix)
        json["fix"] = {{"summary", scenario.fix->summary},
                       {"server", server_json(scenario.fix->server)},
                       {"client", client_json(scenario.fix->client)}};
    return json;
}

std::string to_text(const Scenario& scenario)
{
    std::string text =
        fmt::format("{}\n{}\n\ncause: {}\n\nstory:\n{}\n\nlesson:\n{}\n\nserver:\n{}client:\n{}", scenario.id,
                    scenario.title, scenario.cause.value, scenario.story, scenario.lesson,
                    settings_text(server_json(scenario.server)), settings_text(client_json(scenario.client)));
    text += fmt::format("expect:\n{}", settings_text(expectation_json(scenario.expect)));
    if (scenario.fix) text += fmt::format("fix: {}\n", scenario.fix->summary);
    return text;
}

} // namespace alert40
