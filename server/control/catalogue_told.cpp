// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/catalogue_told.h"

#include "server/control/scenario_text.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace alert40 {
namespace {

std::string lower(std::string text)
{
    for (auto& each : text)
        if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
    return text;
}

nlohmann::ordered_json text_or_null(std::string_view text)
{
    return text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text);
}

std::string file_text(const SourcePos& where)
{
    if (!where.file) return {};
    std::ifstream file(*where.file, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

nlohmann::ordered_json scenario_summary(const Scenario& scenario)
{
    nlohmann::ordered_json json;
    json["id"] = scenario.id;
    json["title"] = scenario.title;
    json["cause"] = scenario.cause.value;
    json["family"] = scenario.family();
    json["story"] = scenario.story;
    json["lesson"] = scenario.lesson;
    json["ends"] = name(scenario.expect.ends);
    json["alert"] =
        scenario.expect.alert ? nlohmann::ordered_json(name(*scenario.expect.alert)) : nlohmann::ordered_json();
    json["phase"] =
        scenario.expect.phase ? nlohmann::ordered_json(name(*scenario.expect.phase)) : nlohmann::ordered_json();
    json["fix"] = scenario.fix ? nlohmann::ordered_json(scenario.fix->summary) : nlohmann::ordered_json();
    json["server_name"] = text_or_null(scenario.asked_name());
    return json;
}

nlohmann::ordered_json scenario_detail(const Scenario& scenario)
{
    auto json = scenario_summary(scenario);
    const auto whole = to_json(scenario);
    json["toml"] = file_text(scenario.where);
    json["server"] = whole.at("server");
    json["client"] = whole.at("client");
    json["expect"] = whole.at("expect");
    return json;
}

nlohmann::ordered_json cause_json(const Cause& cause)
{
    nlohmann::ordered_json json;
    json["id"] = cause.id;
    json["title"] = cause.title;
    json["family"] = cause.family;
    json["alerts"] = nlohmann::ordered_json::array();
    for (const auto alert : cause.alerts) json["alerts"].push_back(name(alert));
    json["alert_by"] = cause.alert_by;
    json["what"] = cause.what;
    json["why"] = cause.why;
    json["not_this"] = cause.not_this;
    json["scenario"] = text_or_null(cause.scenario);
    json["confirm"] = nlohmann::ordered_json::array();
    for (const auto& step : cause.confirm)
        json["confirm"].push_back(
            {{"command", step.command}, {"shows", step.shows}, {"scenario", text_or_null(step.scenario)}});
    json["fix"] = nlohmann::ordered_json::array();
    for (const auto& [software, what] : cause.fix) json["fix"].push_back({{"software", software}, {"set", what}});
    json["myths"] = nlohmann::ordered_json::array();
    for (const auto& myth : cause.myths) json["myths"].push_back({{"claim", myth.claim}, {"truth", myth.truth}});
    return json;
}

bool is_about(const Scenario& scenario, const std::string& words)
{
    const auto wanted = lower(words);
    const auto in = [&](const std::string& text) { return lower(text).find(wanted) != std::string::npos; };
    return in(scenario.id) || in(scenario.title) || in(scenario.cause.value) || in(scenario.story);
}

} // namespace alert40
