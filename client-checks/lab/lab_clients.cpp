// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/lab_clients.h"

#include "client-checks/lab/diagnoses.h"
#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

using nlohmann::ordered_json;

/// The options of a client tell what its scenario asks of it: a client certificate, another clock.
void refuse_hidden(const ListenerView& listener, const Caller& caller)
{
    if (listener.hidden && !caller.is_trainer())
        throw Problem(403, "This is hidden in an exercise", "ask the exercise for what its client was given and said");
}

std::string id_of(const HttpRequest& request)
{
    return request.parameters.at("family") + "/" + request.parameters.at("name");
}

/// The member, or an empty text where it is missing.
std::string text_of(const nlohmann::json& object, const std::string& name)
{
    return optional_member<std::string>(object, name).value_or("");
}

} // namespace

LabClients::LabClients(ClientWorker& worker, ClientRuns& runs, StoredAnswers& answers, Serving& serving,
                       std::function<void(const ClientRun&)> told)
    : worker_(worker),
      runs_(runs),
      answers_(answers),
      serving_(serving),
      told_(std::move(told))
{
}

ordered_json LabClients::clients()
{
    auto list = ordered_json::array();
    for (const auto& client : worker_.clients())
        list.push_back({{"name", client.name},
                        {"title", client.title},
                        {"version", client.version},
                        {"library", client.library},
                        {"here", client.why_not.empty()},
                        {"why_not", client.why_not}});
    return {{"clients", std::move(list)}};
}

ListenerView LabClients::listener(const std::string& name) const
{
    auto found = serving_.find(name);
    if (!found) throw Problem(404, "No such listener", fmt::format("'{}' is none; GET /api/listeners has them", name));
    return std::move(*found);
}

ServedCopy LabClients::served(const ListenerView& listener, const std::string& scenario) const
{
    const bool common = listener.scenario.empty();
    if (common && scenario.empty())
        throw Problem(400, "A member is missing", "\"scenario\" is to be one behind the common port");
    if (common && serving_.find_scenario(scenario) == nullptr)
        throw Problem(404, "No such scenario", fmt::format("'{}' is none; GET /api/scenarios has them", scenario));
    std::optional<ServedCopy> copy;
    const auto take = [&](const BoundScenario& bound) { copy = copy_of(bound, listener); };
    if (!serving_.with_bound(listener.name, scenario, take) || !copy)
        throw Problem(409, "The common port does not serve it",
                      fmt::format("'{}' needs a listener of its own: POST /api/listeners", scenario));
    return std::move(*copy);
}

ordered_json LabClients::commands(const std::string& name, const std::string& scenario, const Caller& caller)
{
    const auto where = listener(name);
    refuse_hidden(where, caller);
    if (!where.scenario.empty() && !scenario.empty() && where.scenario != scenario)
        throw Problem(409, "The listener serves another scenario",
                      fmt::format("'{}' does not serve {}", name, scenario));
    auto list = ordered_json::array();
    for (const auto& command : worker_.commands(served(where, scenario)))
        list.push_back({{"client", command.client},
                        {"argv", command.argv},
                        {"shell", command.shell},
                        {"elsewhere", command.elsewhere},
                        {"needs", command.needs},
                        {"why_not", command.why_not}});
    return {{"commands", std::move(list)}};
}

void LabClients::check_client(const std::string& name)
{
    const auto all = worker_.clients();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& client) { return client.name == name; });
    if (found == all.end()) {
        std::vector<std::string> names;
        for (const auto& client : all) names.push_back(client.name);
        throw Problem(404, "No such client", fmt::format("'{}' is none; {}", name, hint_for(name, names)));
    }
    if (!found->why_not.empty())
        throw Problem(409, "The client cannot be run here", fmt::format("{}: {}", name, found->why_not));
}

ordered_json LabClients::start(const nlohmann::json& wanted, const Caller& caller)
{
    const auto client = member<std::string>(wanted, "client");
    const auto where = listener(member<std::string>(wanted, "listener"));
    if (!caller.may_change(where.owner))
        throw Problem(403, "This listener is not yours", "a learner runs clients against listeners of his own");
    refuse_hidden(where, caller);
    check_client(client);
    auto server = served(where, where.scenario.empty() ? text_of(wanted, "scenario") : std::string());
    ClientRun run;
    run.client = client;
    run.listener = where.name;
    run.scenario = where.scenario.empty() ? server.scenario.id : where.scenario;
    run.fixed = server.fixed;
    run.hidden = where.hidden;
    run.owner = run.quota = caller.name;
    const auto id = runs_.open(std::move(run));
    ClientJob job;
    job.client = client;
    job.server = std::move(server);
    job.started = [this, id] {
        runs_.begin(id);
        tell(id);
    };
    job.ended = [this, id](ClientRunResult result) {
        runs_.end(id, std::move(result));
        tell(id);
    };
    tell(id);
    worker_.run(std::move(job));
    return {{"id", id}};
}

void LabClients::tell(std::uint64_t id) const
{
    if (const auto run = runs_.find(id)) told_(*run);
}

ordered_json LabClients::run(std::uint64_t id, const Caller& caller)
{
    const auto found = runs_.find(id);
    if (!found || !found->may_see(caller))
        throw Problem(404, "No such run", fmt::format("run {} never was, is not kept any more, or is not yours", id));
    return runs_.to_json(*found, caller);
}

ordered_json LabClients::recent(const Caller& caller)
{
    auto list = ordered_json::array();
    for (const auto& run : runs_.recent())
        if (run.may_see(caller)) list.push_back(runs_.to_json(run, caller));
    return {{"runs", std::move(list)}};
}

void LabClients::mount(HttpServer& http)
{
    http.route("GET", "/api/clients", Needs::nothing, [this](const HttpRequest&) { return json_response(clients()); });
    http.route("GET", "/api/scenarios/{family}/{name}/commands", Needs::nothing, [this](const HttpRequest& request) {
        const auto asked = request.asked("listener");
        return json_response(commands(asked.empty() ? Serving::kCommon : asked, id_of(request), request.caller));
    });
    http.route("GET", "/api/listeners/{name}/commands", Needs::nothing, [this](const HttpRequest& request) {
        return json_response(commands(request.parameters.at("name"), request.asked("scenario"), request.caller));
    });
    http.route("GET", "/api/scenarios/{family}/{name}/answers", Needs::nothing,
               [this](const HttpRequest& request) { return json_response(answers_.of_scenario(id_of(request))); });
    http.route("POST", "/api/runs", Needs::learner, [this](const HttpRequest& request) {
        return json_response(start(request.json(), request.caller), 202);
    });
    http.route("GET", "/api/runs", Needs::nothing,
               [this](const HttpRequest& request) { return json_response(recent(request.caller)); });
    http.route("GET", "/api/runs/{id}", Needs::nothing, [this](const HttpRequest& request) {
        return json_response(run(number_of(request.parameters.at("id"), "run"), request.caller));
    });
}

} // namespace alert40
