// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/listener_calls.h"

#include "server/control/control_api.h"
#include "server/control/told.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

HttpResponse told(const ListenerView& listener, const Caller& caller, int status = 200)
{
    JsonText json;
    write_listener(json, listener, caller.is_trainer());
    return {status, "application/json", json.take()};
}

HttpResponse told(const std::vector<ListenerView>& listeners, const Caller& caller)
{
    JsonText json;
    json.object().key("listeners").array();
    for (const auto& each : listeners) write_listener(json, each, caller.is_trainer());
    json.end().end();
    return {200, "application/json", json.take()};
}

/// A misspelt member would be ignored, and the caller would look for the reason elsewhere.
void check_members(const nlohmann::json& object, std::initializer_list<std::string_view> known)
{
    for (const auto& [name, value] : object.items())
        if (std::find(known.begin(), known.end(), name) == known.end())
            throw Problem(400, "A member is not known", fmt::format("\"{}\": one of {}", name, fmt::join(known, ", ")));
}

NewListener listener_of(const nlohmann::json& json)
{
    check_members(json, {"scenario", "name", "port", "fixed", "persona"});
    NewListener wanted;
    wanted.scenario = member<std::string>(json, "scenario");
    wanted.name = optional_member<std::string>(json, "name").value_or("");
    wanted.port = optional_member<unsigned>(json, "port").value_or(0);
    wanted.fixed = optional_member<bool>(json, "fixed").value_or(false);
    wanted.persona = optional_member<std::string>(json, "persona").value_or("");
    return wanted;
}

bool is_same(const ListenerView& left, const ListenerView& right)
{
    return left.scenario == right.scenario && left.fixed == right.fixed && left.persona == right.persona &&
           left.port == right.port;
}

} // namespace

ListenerView require_change(const Serving& serving, const std::string& listener, const Caller& caller)
{
    const auto found = serving.find(listener);
    if (!found)
        throw Problem(404, "There is no such listener", fmt::format("'{}': GET /api/listeners lists them", listener));
    if (!caller.may_change(found->owner))
        throw Problem(403, "This listener is not yours",
                      fmt::format("'{}' belongs to {}; make one of your own", listener,
                                  found->owner.empty() ? "the trainer" : "'" + found->owner + "'"));
    if (found->hidden && !caller.is_trainer())
        throw Problem(403, "This is hidden", "the listener belongs to an exercise, which alone changes it");
    return *found;
}

void ListenerCalls::add_to(HttpServer& http)
{
    const auto call = [this](HttpResponse (ListenerCalls::*method)(const HttpRequest&)) {
        return [this, method](const HttpRequest& request) { return (this->*method)(request); };
    };
    http.route("GET", "/api/listeners", Needs::nothing, [this](const HttpRequest& request) { return list(request); });
    http.route("GET", "/api/listeners/{name}", Needs::nothing,
               [this](const HttpRequest& request) { return one(request); });
    http.route("POST", "/api/listeners", Needs::learner, call(&ListenerCalls::create));
    http.route("PATCH", "/api/listeners/{name}", Needs::learner, call(&ListenerCalls::change));
    http.route("DELETE", "/api/listeners/{name}", Needs::learner, call(&ListenerCalls::remove));
    http.route("POST", "/api/populate", Needs::trainer, call(&ListenerCalls::populate));
    http.route("POST", "/api/reset", Needs::trainer, call(&ListenerCalls::reset));
}

void ListenerCalls::remember()
{
    remembered_ = serving_.listeners();
}

HttpResponse ListenerCalls::list(const HttpRequest& request) const
{
    return told(serving_.listeners(), request.caller);
}

HttpResponse ListenerCalls::one(const HttpRequest& request) const
{
    const auto& name = request.parameters.at("name");
    const auto found = serving_.find(name);
    if (!found)
        throw Problem(404, "There is no such listener", fmt::format("'{}': GET /api/listeners lists them", name));
    return told(*found, request.caller);
}

HttpResponse ListenerCalls::create(const HttpRequest& request)
{
    NewListener wanted = listener_of(request.json());
    if (!request.caller.is_trainer()) {
        wanted.owner = request.caller.name;
        const auto all = serving_.listeners();
        const auto own = std::ranges::count(all, wanted.owner, &ListenerView::owner);
        if (static_cast<std::size_t>(own) >= kMostOfOneLearner)
            throw Problem(409, "You have too many listeners",
                          fmt::format("{} are the cap; DELETE some", kMostOfOneLearner));
    }
    auto response = told(serving_.create(wanted), request.caller, 201);
    response.headers.emplace_back("Location", "/api/listeners/" +
                                                  nlohmann::json::parse(response.body).at("name").get<std::string>());
    return response;
}

HttpResponse ListenerCalls::change(const HttpRequest& request)
{
    const auto& name = request.parameters.at("name");
    const auto json = request.json();
    check_members(json, {"scenario", "fixed", "persona"});
    ListenerChange change;
    change.scenario = optional_member<std::string>(json, "scenario");
    change.fixed = optional_member<bool>(json, "fixed");
    change.persona = optional_member<std::string>(json, "persona");
    require_change(serving_, name, request.caller);
    return told(serving_.change(name, change), request.caller);
}

HttpResponse ListenerCalls::remove(const HttpRequest& request)
{
    const auto& name = request.parameters.at("name");
    require_change(serving_, name, request.caller);
    serving_.remove(name);
    return {204, "application/json"};
}

/// The listener as it is wanted: found, changed, or made.
ListenerView ListenerCalls::ensure(const nlohmann::json& json)
{
    if (!json.is_object()) throw Problem(400, "This is no listener", "an entry is to be {\"scenario\": ...}");
    NewListener wanted = listener_of(json);
    if (wanted.name.empty()) wanted.name = listener_name(wanted.scenario);
    const auto found = serving_.find(wanted.name);
    if (!found) return serving_.create(wanted);
    if (wanted.port != 0 && wanted.port != found->port)
        throw Problem(409, "The listener has another port",
                      fmt::format("'{}' is on port {}; DELETE it first, or name no port", wanted.name, found->port));
    const bool same =
        found->scenario == wanted.scenario && found->fixed == wanted.fixed && found->persona == wanted.persona;
    return same ? *found : serving_.change(wanted.name, {wanted.scenario, wanted.fixed, wanted.persona});
}

HttpResponse ListenerCalls::populate(const HttpRequest& request)
{
    const auto json = request.json();
    check_members(json, {"listeners"});
    const auto list = json.find("listeners");
    if (list == json.end() || !list->is_array())
        throw Problem(400, "A member is missing", "\"listeners\" is to be a list of {\"scenario\": ...}");
    const std::lock_guard lock(mutex_);
    std::vector<ListenerView> made;
    for (const auto& each : *list) {
        try {
            made.push_back(ensure(each));
        } catch (const Problem& problem) {
            throw Problem(problem.status(), problem.title(),
                          fmt::format("listeners[{}]: {}", made.size(), problem.detail()));
        }
    }
    return told(made, request.caller);
}

HttpResponse ListenerCalls::reset(const HttpRequest& request)
{
    const std::lock_guard lock(mutex_);
    for (const auto& each : serving_.listeners()) {
        const auto kept = std::ranges::find(remembered_, each.name, &ListenerView::name);
        const bool was_there = kept != remembered_.end() && kept->port == each.port;
        if (!was_there)
            serving_.remove(each.name);
        else if (!is_same(*kept, each))
            serving_.change(each.name, {kept->scenario, kept->fixed, kept->persona});
    }
    for (const auto& each : remembered_)
        if (!serving_.find(each.name)) put_back(each);
    return told(serving_.listeners(), request.caller);
}

void ListenerCalls::put_back(const ListenerView& as_it_was)
{
    if (as_it_was.name == Serving::kCommon) {
        serving_.listen_on_common_port(as_it_was.port);
        return;
    }
    NewListener again;
    again.scenario = as_it_was.scenario;
    again.name = as_it_was.name;
    again.port = as_it_was.port;
    again.fixed = as_it_was.fixed;
    again.persona = as_it_was.persona;
    serving_.create(again);
}

} // namespace alert40
