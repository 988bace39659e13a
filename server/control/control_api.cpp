// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/control_api.h"

#include "scenarios/loader/cause.h"
#include "server/control/catalogue_told.h"
#include "server/control/listener_calls.h"
#include "server/control/metrics.h"
#include "server/control/told.h"

#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace alert40 {
namespace {

constexpr std::size_t kMostConnectionsTold = 1000; // in one answer

HttpResponse as_json(JsonText json)
{
    return {200, "application/json", json.take()};
}

/// Throws Problem 400.
std::uint64_t number(const std::string& what, const std::string& text)
{
    std::uint64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc() || stop != end)
        throw Problem(400, "This is no number", fmt::format("{} is '{}' and is to be a whole number", what, text));
    return value;
}

std::uint64_t number_or(const HttpRequest& request, const std::string& name, std::uint64_t otherwise)
{
    return request.query.contains(name) ? number(name, request.asked(name)) : otherwise;
}

HttpResponse healthy(const HttpRequest&)
{
    return json_response(nlohmann::json{{"status", "ok"}});
}

/// "attachment": a browser is not to show a file that holds secrets.
HttpResponse file(std::string type, std::string body, const std::string& name)
{
    return {200,
            std::move(type),
            std::move(body),
            {{"Content-Disposition", fmt::format("attachment; filename=\"{}\"", name)}}};
}

} // namespace

KeptConnection require_connection(const ConnectionLog& log, const std::string& id, const Caller& caller)
{
    auto kept = log.find(number("the connection's id", id));
    if (!kept)
        throw Problem(404, "There is no such connection",
                      fmt::format("connection {} never was, or has made room for newer ones", id));
    if (!may_see(kept->summary.origin, caller.is_trainer()))
        throw Problem(403, "This is hidden", "the connection belongs to an exercise; ask there for evidence");
    return std::move(*kept);
}

struct ControlApi::Inside {
    Inside(HttpServer& of, Serving& serves, ConnectionLog& logged, EventBus& told, Callers& known)
        : http(of),
          serving(serves),
          log(logged),
          events(told),
          callers(known),
          metrics(logged),
          listeners(serves),
          causes(load_causes(serves.options().data))
    {
        add_documents();
        add_catalogue();
        add_connections();
        listeners.add_to(http);
        http.route("POST", "/api/learners", Needs::nothing,
                   [this](const HttpRequest& request) { return join(request); });
    }

    void add_documents();
    void add_catalogue();
    void add_connections();
    HttpResponse scenarios(const HttpRequest& request) const;
    HttpResponse scenario(const HttpRequest& request) const;
    HttpResponse cause(const HttpRequest& request) const;
    HttpResponse connections(const HttpRequest& request) const;
    HttpResponse octets(const HttpRequest& request) const;
    HttpResponse join(const HttpRequest& request);
    void watch(const HttpRequest& request, std::shared_ptr<Watcher> watcher);

    HttpServer& http;
    Serving& serving;
    ConnectionLog& log;
    EventBus& events;
    Callers& callers;
    Metrics metrics;
    ListenerCalls listeners;
    CauseCatalogue causes;
};

void ControlApi::Inside::add_documents()
{
    http.route("GET", "/healthz", Needs::nothing, healthy);
    http.route("GET", "/metrics", Needs::nothing, [this](const HttpRequest&) {
        return HttpResponse{200, Metrics::kType, metrics.text(serving, events, http)};
    });
    http.route("GET", "/root.pem", Needs::nothing, [this](const HttpRequest&) {
        std::ifstream pem(serving.root_file(), std::ios::binary);
        return file("application/x-pem-file", {std::istreambuf_iterator<char>(pem), {}}, "root.pem");
    });
    http.route("GET", "/api/openapi.json", Needs::nothing,
               [](const HttpRequest&) { return json_response(openapi_description()); });
}

void ControlApi::Inside::add_catalogue()
{
    http.route("GET", "/api/scenarios", Needs::nothing,
               [this](const HttpRequest& request) { return scenarios(request); });
    http.route("GET", "/api/scenarios/{family}/{name}", Needs::nothing,
               [this](const HttpRequest& request) { return scenario(request); });
    http.route("GET", "/api/causes", Needs::nothing, [this](const HttpRequest&) {
        auto list = nlohmann::ordered_json::array();
        for (const auto& [id, each] : causes) list.push_back(cause_json(each));
        return json_response(nlohmann::ordered_json{{"causes", list}});
    });
    http.route("GET", "/api/causes/{id}", Needs::nothing,
               [this](const HttpRequest& request) { return cause(request); });
}

HttpResponse ControlApi::Inside::scenarios(const HttpRequest& request) const
{
    const auto family = request.asked("family");
    const auto wanted_cause = request.asked("cause");
    auto list = nlohmann::ordered_json::array();
    for (const auto& each : serving.scenarios()) {
        const bool fits = (family.empty() || each.family() == family) &&
                          (wanted_cause.empty() || each.cause.value == wanted_cause) &&
                          is_about(each, request.asked("q"));
        if (fits) list.push_back(scenario_summary(each));
    }
    return json_response(nlohmann::ordered_json{{"scenarios", std::move(list)}});
}

HttpResponse ControlApi::Inside::scenario(const HttpRequest& request) const
{
    const auto id = request.parameters.at("family") + "/" + request.parameters.at("name");
    const auto* found = serving.find_scenario(id);
    if (found == nullptr)
        throw Problem(404, "There is no such scenario", fmt::format("'{}': GET /api/scenarios lists them", id));
    return json_response(scenario_detail(*found));
}

HttpResponse ControlApi::Inside::cause(const HttpRequest& request) const
{
    const auto found = causes.find(request.parameters.at("id"));
    if (found == causes.end())
        throw Problem(404, "There is no such cause",
                      fmt::format("'{}': GET /api/causes lists them", request.parameters.at("id")));
    return json_response(cause_json(found->second));
}

void ControlApi::Inside::add_connections()
{
    http.route("GET", "/api/connections", Needs::nothing,
               [this](const HttpRequest& request) { return connections(request); });
    http.route("GET", "/api/connections/{id}", Needs::nothing, [this](const HttpRequest& request) {
        JsonText json;
        write_kept(json, require_connection(log, request.parameters.at("id"), request.caller));
        return as_json(std::move(json));
    });
    http.route("GET", "/api/connections/{id}/steps/{n}/bytes", Needs::nothing,
               [this](const HttpRequest& request) { return octets(request); });
    http.route("GET", "/api/connections/{id}/capture.pcapng", Needs::nothing, [this](const HttpRequest& request) {
        const auto kept = require_connection(log, request.parameters.at("id"), request.caller);
        const Bytes capture = kept.capture(serving.options().program);
        return file("application/x-pcapng", {capture.begin(), capture.end()},
                    fmt::format("connection-{}.pcapng", kept.summary.id));
    });
    http.route("GET", "/api/connections/{id}/keys.log", Needs::nothing, [this](const HttpRequest& request) {
        const auto kept = require_connection(log, request.parameters.at("id"), request.caller);
        return file("text/plain; charset=utf-8", kept.key_log_text(),
                    fmt::format("connection-{}.keys.log", kept.summary.id));
    });
    http.stream("/api/events", Needs::nothing, [this](const HttpRequest& request, std::shared_ptr<Watcher> watcher) {
        watch(request, std::move(watcher));
    });
}

HttpResponse ControlApi::Inside::connections(const HttpRequest& request) const
{
    ConnectionLog::Wanted wanted;
    wanted.listener = request.asked("listener");
    wanted.scenario = request.asked("scenario");
    wanted.after = number_or(request, "after", 0);
    wanted.limit = std::min<std::size_t>(number_or(request, "limit", kMostConnectionsTold), kMostConnectionsTold);
    JsonText json;
    json.object().key("connections").array();
    for (const auto& each : log.list(wanted)) {
        if (!may_see(each.origin, request.caller.is_trainer())) continue;
        json.object();
        write_connection(json, each);
        json.end();
    }
    json.end().member("dropped", log.dropped()).end();
    return as_json(std::move(json));
}

HttpResponse ControlApi::Inside::octets(const HttpRequest& request) const
{
    const auto kept = require_connection(log, request.parameters.at("id"), request.caller);
    const auto bytes = kept.octets_of(number("the step's number", request.parameters.at("n")));
    if (!bytes)
        throw Problem(404, "There are no bytes",
                      "the connection has no such step, or it is no bytes: a FIN, a deadline");
    std::string hex;
    for (const auto octet : *bytes) hex += fmt::format("{:02x}", octet);
    return json_response(nlohmann::json{{"hex", hex}});
}

HttpResponse ControlApi::Inside::join(const HttpRequest& request)
{
    const auto name = member<std::string>(request.json(), "name");
    return json_response(nlohmann::ordered_json{{"name", name}, {"token", callers.add_learner(name)}}, 201);
}

void ControlApi::Inside::watch(const HttpRequest& request, std::shared_ptr<Watcher> watcher)
{
    EventBus::Wanted wanted;
    wanted.listener = request.asked("listener");
    wanted.connection = number_or(request, "connection", 0);
    wanted.trainer = request.caller.is_trainer();
    wanted.after = request.last_event_id;
    events.add(wanted, std::move(watcher));
}

ControlApi::ControlApi(HttpServer& http, Serving& serving, ConnectionLog& log, EventBus& events, Callers& callers)
    : inside_(std::make_unique<Inside>(http, serving, log, events, callers))
{
}

ControlApi::~ControlApi() = default;

void ControlApi::remember()
{
    inside_->listeners.remember();
}

} // namespace alert40
