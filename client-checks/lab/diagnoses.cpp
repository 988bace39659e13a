// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/diagnoses.h"

#include "client-checks/clients/hello_likeness.h"
#include "client-checks/lab/offer_against_demand.h"
#include "client-checks/reports/diagnosis_report.h"
#include "scenarios/loader/recipe_file.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr std::size_t kMostBeside = 8;
constexpr std::chrono::seconds kNearby{30};

/// The same client on the same errand, as far as somebody beside the server can tell.
bool is_beside(const ConnectionSummary& left, const ConnectionSummary& right)
{
    const auto apart = left.started - right.started;
    return left.id != right.id && !right.open && left.client.address == right.client.address &&
           left.server_name == right.server_name && left.scenario == right.scenario && left.fixed == right.fixed &&
           apart < kNearby && apart > -kNearby;
}

std::string host_of(const TcpEnd& end)
{
    const auto text = peer_text(end);
    return text.substr(0, text.rfind(':'));
}

Subject subject_of(const ConnectionSummary& connection, const Serving& serving)
{
    Subject subject;
    subject.text = fmt::format("connection {} of {}", connection.id, peer_text(connection.client));
    subject.values["host"] = host_of(connection.server);
    subject.values["port"] = std::to_string(connection.server.port);
    if (!connection.server_name.empty()) subject.values["server_name"] = connection.server_name;
    subject.values["ca"] = serving.root_file().string();
    return subject;
}

} // namespace

struct Diagnoses::Inside {
    std::filesystem::path data;
    Serving& serving;
    const ConnectionLog& log;
    const ClientRuns& runs;

    std::once_flag read;
    Knowledge knowledge;
    std::vector<HelloProfile> profiles;

    void read_once()
    {
        std::call_once(read, [this] {
            knowledge = load_knowledge(data);
            profiles = load_hello_profiles(data);
        });
    }
    std::unique_ptr<BoundScenario> bind_anew(const ConnectionSummary& connection);
    KeptConnection ended_connection(std::uint64_t id, const Caller& caller) const;
    std::vector<std::shared_ptr<const Transcript>> beside(const ConnectionSummary& connection,
                                                          const std::optional<ClientRun>& run) const;
};

/// One that may be explained to this caller.
KeptConnection Diagnoses::Inside::ended_connection(std::uint64_t id, const Caller& caller) const
{
    auto kept = log.find(id);
    if (!kept)
        throw Problem(
            404, "No such connection",
            fmt::format("connection {} never was, or is not kept any more ({} were dropped)", id, log.dropped()));
    if (kept->summary.origin.hidden && !caller.is_trainer())
        throw Problem(403, "This is hidden in an exercise", "ask the exercise for evidence, or the trainer");
    if (!kept->transcript) throw Problem(409, "The connection is still open", "ask again when it has ended");
    return std::move(*kept);
}

std::vector<std::shared_ptr<const Transcript>> Diagnoses::Inside::beside(const ConnectionSummary& connection,
                                                                         const std::optional<ClientRun>& run) const
{
    std::vector<ConnectionSummary> others;
    if (run) {
        others = runs.connections_of(*run);
        std::erase_if(others, [&](const auto& other) { return other.id == connection.id; });
    } else {
        ConnectionLog::Wanted wanted;
        wanted.listener = connection.origin.listener;
        others = log.list(wanted);
        std::erase_if(others, [&](const auto& other) { return !is_beside(connection, other); });
    }
    std::vector<std::shared_ptr<const Transcript>> found;
    for (auto other = others.rbegin(); other != others.rend() && found.size() < kMostBeside; ++other) {
        const auto kept = log.find(other->id);
        if (kept && kept->transcript) found.push_back(kept->transcript);
    }
    std::ranges::reverse(found);
    return found;
}

/// What answered then: the listener has another scenario by now, or is gone.
std::unique_ptr<BoundScenario> Diagnoses::Inside::bind_anew(const ConnectionSummary& connection)
{
    const Scenario* scenario = serving.find_scenario(connection.scenario);
    if (scenario == nullptr) throw Problem(404, "Nobody answered", "no scenario was chosen for this connection");
    const auto now = std::chrono::system_clock::now();
    StateDirectory state(serving.root_file().parent_path(), now);
    const auto recipes = load_recipes(data / "certs" / "recipes");
    const auto personas = load_personas(data / "server" / "personas");
    const BindContext context{state, recipes, personas, now, data};
    return std::make_unique<BoundScenario>(*scenario, connection.fixed, context);
}

Diagnoses::Diagnoses(std::filesystem::path data, Serving& serving, const ConnectionLog& log, const ClientRuns& runs)
    : inside_(new Inside{std::move(data), serving, log, runs, {}, {}, {}})
{
}

Diagnoses::~Diagnoses() = default;

nlohmann::ordered_json Diagnoses::diagnosis(std::uint64_t id, const Caller& caller)
{
    const auto kept = inside_->ended_connection(id, caller);
    inside_->read_once();
    const auto run = inside_->runs.run_of(kept.summary);
    const bool has_words = run && run->ended && run->result.why_not.empty();
    const auto others = inside_->beside(kept.summary, run);
    Evidence evidence =
        has_words ? gather_evidence(kept.transcript.get(), run->result.symptoms, run->result.library, run->result.says)
                  : gather_evidence(kept.transcript.get(), {}, "", "");
    for (const auto& other : others) evidence.beside.push_back(other.get());
    const auto made = conclude(evidence, subject_of(kept.summary, inside_->serving), inside_->knowledge);
    auto json = nlohmann::ordered_json::parse(diagnosis_line(made));
    json["run"] = has_words ? nlohmann::ordered_json(run->id) : nlohmann::ordered_json();
    json["client"] = nullptr;
    if (const auto& hello = kept.transcript->client_hello)
        json["client"] = describe(nearest_profile(inside_->profiles, *hello));
    return json;
}

nlohmann::ordered_json Diagnoses::offer(std::uint64_t id, const Caller& caller)
{
    const auto kept = inside_->ended_connection(id, caller);
    const Transcript& wire = *kept.transcript;
    if (!wire.client_hello)
        throw Problem(404, "No ClientHello came", "the connection ended before the client offered anything");
    const auto& connection = kept.summary;
    nlohmann::ordered_json json;
    const auto compare = [&](BoundScenario& bound) {
        auto& server = bound.back_end_for(1, host_of(connection.server)).server_for(*wire.client_hello);
        const auto& identity = server.identity_for(*wire.client_hello);
        json = to_json(
            compare_offer(wire, {identity.policy, server.settings().client_certificate, server.settings().faults}));
    };
    const auto view = inside_->serving.find(connection.origin.listener);
    const bool same = view && (view->scenario.empty() || view->scenario == connection.scenario);
    const auto compare_if_same = [&](BoundScenario& bound) {
        if (bound.fixed() == connection.fixed) compare(bound);
    };
    if (same) inside_->serving.with_bound(connection.origin.listener, connection.scenario, compare_if_same);
    if (!json.empty()) return json;
    const auto anew = inside_->bind_anew(connection);
    auto& server = anew->back_end_for(1, host_of(connection.server)).server_for(*wire.client_hello);
    server.meet(*wire.client_hello);
    compare(*anew);
    return json;
}

void Diagnoses::mount(HttpServer& http)
{
    http.route("GET", "/api/connections/{id}/diagnosis", Needs::nothing, [this](const HttpRequest& request) {
        return json_response(diagnosis(number_of(request.parameters.at("id"), "connection"), request.caller));
    });
    http.route("GET", "/api/connections/{id}/offer", Needs::nothing, [this](const HttpRequest& request) {
        return json_response(offer(number_of(request.parameters.at("id"), "connection"), request.caller));
    });
}

std::uint64_t number_of(const std::string& text, std::string_view what)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        throw Problem(404, fmt::format("No such {}", what), fmt::format("'{}' is no number", text));
    return number;
}

} // namespace alert40
