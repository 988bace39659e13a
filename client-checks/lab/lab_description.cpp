// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/lab_description.h"

#include "server/control/control_api.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

using nlohmann::json;

/// What one of the lab's own routes is for.
struct Told {
    std::string_view method;
    std::string_view path;
    std::string_view summary;
    std::string_view query = {}; // its parameters, with ' ' between
    std::string_view body = {};  // the members of the object it takes, with ' ' between
    std::string_view status = "200";
    std::string_view type = "application/json";
};

constexpr Told kTold[] = {
    {"GET", "/api/clients", "The clients: their versions, and why one cannot be run here"},
    {"GET", "/api/scenarios/{family}/{name}/commands", "How each client is run against it, to be pasted", "listener"},
    {"GET", "/api/listeners/{name}/commands", "The same for what a listener serves", "scenario"},
    {"GET", "/api/scenarios/{family}/{name}/answers", "What every client said to it in a stored run"},
    {"GET", "/api/runs", "The newest runs of clients"},
    {"POST", "/api/runs", "Runs a client on this machine, chosen by id; behind the common port with the scenario", "",
     "client listener scenario", "202"},
    {"GET", "/api/runs/{id}", "One run: how far it has come, what the client says, which connections it made"},
    {"GET", "/api/connections/{id}/diagnosis", "The diagnosis, as `alert40-check diagnose --json` tells one"},
    {"GET", "/api/connections/{id}/offer", "The client's offer beside the server's demand, list by list"},
    {"GET", "/api/curricula", "The curricula"},
    {"GET", "/api/curricula/{id}", "One curriculum, step by step"},
    {"GET", "/api/curricula/{id}/notes", "The trainer's notes on it"},
    {"GET", "/api/curricula/{id}/handout.md", "A curriculum to be printed", "for", "", "200", "text/markdown"},
    {"GET", "/api/exercises", "The caller's exercises; the trainer's: all"},
    {"POST", "/api/exercises", "A new exercise: a failure whose cause is hidden", "",
     "family level cause curriculum step learner", "201"},
    {"GET", "/api/exercises/{id}", "One exercise, as far as its learner knows it"},
    {"POST", "/api/exercises/{id}/evidence", "Asks for evidence, which is noted and has its cost", "", "kind"},
    {"POST", "/api/exercises/{id}/answer", "Names the cause and the fix", "", "cause fix"},
    {"POST", "/api/exercises/{id}/give-up", "Ends it, and tells the cause"},
    {"POST", "/api/exercises/{id}/fix", "Once it has ended: applies the fix, and lets the same client come again"},
    {"GET", "/api/exercises/{id}/capture.pcapng", "The capture that a customer would send, without secrets", "", "",
     "200", "application/x-pcapng"},
    {"GET", "/api/results", "Who solved what with how much; a learner's: his own"},
    {"GET", "/api/results.csv", "The same as CSV", "", "", "200", "text/csv"},
};

/// The words between blanks.
std::vector<std::string> words_of(std::string_view text)
{
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

json parameter(const char* in, const std::string& name)
{
    return {{"name", name}, {"in", in}, {"required", std::string_view(in) == "path"}, {"schema", {{"type", "string"}}}};
}

json parameters_of(const Told& told)
{
    json parameters = json::array();
    for (auto rest = told.path; rest.find('{') != std::string_view::npos;) {
        rest.remove_prefix(rest.find('{') + 1);
        parameters.push_back(parameter("path", std::string(rest.substr(0, rest.find('}')))));
    }
    for (const auto& name : words_of(told.query)) parameters.push_back(parameter("query", name));
    return parameters;
}

json operation_of(const Told& told, Needs needs)
{
    const json problem = {{"$ref", "#/components/responses/Problem"}};
    const char* schema = told.type == "application/json" ? "object" : "string";
    json operation = {{"summary", told.summary}, {"parameters", parameters_of(told)}};
    operation["responses"][std::string(told.status)] = {
        {"description", "done"}, {"content", {{std::string(told.type), {{"schema", {{"type", schema}}}}}}}};
    operation["responses"]["default"] = problem;
    if (needs != Needs::nothing) {
        operation["security"] = json::array({{{"token", json::array()}}});
        for (const auto* status : {"401", "403"}) operation["responses"][status] = problem;
    }
    json members = json::object();
    for (const auto& name : words_of(told.body)) members[name] = json::object();
    if (!members.empty())
        operation["requestBody"] = {
            {"required", true},
            {"content", {{"application/json", {{"schema", {{"type", "object"}, {"properties", members}}}}}}}};
    return operation;
}

} // namespace

json describe_lab(const std::vector<HttpServer::Route>& routes)
{
    json description = openapi_description();
    description["info"]["title"] = "alert40 lab";
    json& paths = description["paths"];
    for (const auto& route : routes) {
        std::string method = route.method;
        std::transform(method.begin(), method.end(), method.begin(),
                       [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
        if (!route.pattern.starts_with("/api/") ||
            (paths.contains(route.pattern) && paths[route.pattern].contains(method)))
            continue;
        const auto told = std::find_if(std::begin(kTold), std::end(kTold), [&](const Told& each) {
            return each.method == route.method && each.path == route.pattern;
        });
        if (told == std::end(kTold))
            throw std::logic_error(fmt::format("{} {} is told nowhere", route.method, route.pattern));
        paths[route.pattern][method] = operation_of(*told, route.needs);
    }
    return description;
}

} // namespace alert40
