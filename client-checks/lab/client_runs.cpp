// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/client_runs.h"

#include "server/control/serving.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

bool is_local(const ConnectionSummary& connection)
{
    return connection.client.address == connection.server.address;
}

std::string shown(const std::string& output)
{
    if (output.size() <= ClientRuns::kMostShown) return output;
    return output.substr(0, ClientRuns::kMostShown) +
           fmt::format("\n(... {} octets more)\n", output.size() - ClientRuns::kMostShown);
}

} // namespace

std::uint64_t ClientRuns::open(ClientRun run)
{
    const std::lock_guard lock(mutex_);
    const auto unended = std::count_if(runs_.begin(), runs_.end(), [](const auto& each) { return !each.ended; });
    if (static_cast<std::size_t>(unended) >= kMostUnended)
        throw Problem(503, "Too many clients are running", fmt::format("{} runs wait; ask again later", unended));
    const auto own = std::count_if(runs_.begin(), runs_.end(),
                                   [&](const auto& each) { return !each.ended && each.quota == run.quota; });
    if (!run.quota.empty() && static_cast<std::size_t>(own) >= kMostUnendedOfOne)
        throw Problem(429, "Your clients are still running",
                      fmt::format("{} of your runs go on; wait for one of them to end", own));
    while (runs_.size() >= kMostKept && runs_.front().ended) runs_.pop_front();
    run.id = ++last_;
    run.asked = std::chrono::system_clock::now();
    runs_.push_back(std::move(run));
    return last_;
}

/// Under the mutex.
bool ClientRuns::belongs(const ClientRun& run, const ConnectionSummary& connection) const
{
    const bool in_time = connection.id > run.after && (!run.ended || connection.id <= run.upto);
    const bool same_scenario = run.listener != Serving::kCommon || connection.scenario == run.scenario;
    return run.begun && in_time && same_scenario && connection.origin.listener == run.listener &&
           is_local(connection) && !foreign_.contains(connection.id);
}

/// Under the mutex. The oldest are dropped by the log as well.
void ClientRuns::remember(std::set<std::uint64_t>& connections, std::uint64_t id) const
{
    connections.insert(id);
    if (connections.size() > kMostRemembered) connections.erase(connections.begin());
}

void ClientRuns::came(const ConnectionSummary& connection)
{
    if (!is_local(connection)) return;
    {
        const std::lock_guard lock(mutex_);
        const bool is_of_interest = std::ranges::any_of(runs_, [&](const ClientRun& run) {
            return run.begun && !run.ended && run.listener == connection.origin.listener;
        });
        if (!is_of_interest) return;
    }
    const auto ours = ask_(connection.client, connection.server);
    const std::lock_guard lock(mutex_);
    if (!ours)
        remember(of_somebody_, connection.id);
    else if (!*ours)
        remember(foreign_, connection.id);
}

bool ClientRuns::is_told_by_time(const std::vector<ConnectionSummary>& connections) const
{
    const std::lock_guard lock(mutex_);
    return std::ranges::any_of(connections, [&](const auto& each) { return of_somebody_.contains(each.id); });
}

ClientRun* ClientRuns::at(std::uint64_t id)
{
    const auto found = std::ranges::lower_bound(runs_, id, {}, &ClientRun::id);
    return found == runs_.end() || found->id != id ? nullptr : &*found;
}

void ClientRuns::begin(std::uint64_t id)
{
    const auto so_far = log_.opened();
    const std::lock_guard lock(mutex_);
    if (auto* run = at(id)) {
        run->begun = true;
        run->after = so_far;
    }
}

void ClientRuns::end(std::uint64_t id, ClientRunResult result)
{
    const auto so_far = log_.opened();
    const std::lock_guard lock(mutex_);
    if (auto* run = at(id)) {
        run->ended = true;
        run->upto = so_far;
        run->result = std::move(result);
    }
}

std::optional<ClientRun> ClientRuns::find(std::uint64_t id) const
{
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::lower_bound(runs_, id, {}, &ClientRun::id);
    return found == runs_.end() || found->id != id ? std::nullopt : std::optional(*found);
}

std::vector<ClientRun> ClientRuns::recent() const
{
    const std::lock_guard lock(mutex_);
    const auto count = std::min(runs_.size(), kMostListed);
    return {runs_.rbegin(), runs_.rbegin() + static_cast<std::ptrdiff_t>(count)};
}

std::optional<ClientRun> ClientRuns::run_of(const ConnectionSummary& connection) const
{
    const std::lock_guard lock(mutex_);
    const auto found =
        std::find_if(runs_.rbegin(), runs_.rend(), [&](const auto& run) { return belongs(run, connection); });
    return found == runs_.rend() ? std::nullopt : std::optional(*found);
}

std::vector<ConnectionSummary> ClientRuns::connections_of(const ClientRun& run) const
{
    if (!run.begun) return {};
    ConnectionLog::Wanted wanted;
    wanted.listener = run.listener;
    wanted.after = run.after;
    auto connections = log_.list(wanted);
    const std::lock_guard lock(mutex_);
    std::erase_if(connections, [&](const auto& each) { return !belongs(run, each); });
    return connections;
}

nlohmann::ordered_json ClientRuns::summary_json(const ClientRun& run) const
{
    nlohmann::ordered_json json = {
        {"id", run.id},
        {"client", run.client},
        {"listener", run.listener},
        {"scenario", run.scenario},
        {"fixed", run.fixed},
        {"owner", run.owner.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(run.owner)},
        {"state", run.ended ? "ended" : "running"},
        {"waits", !run.begun && !run.ended}};
    auto ids = nlohmann::ordered_json::array();
    const auto connections = connections_of(run);
    for (const auto& connection : connections) ids.push_back(connection.id);
    json["connections"] = std::move(ids);
    json["by_time"] = is_told_by_time(connections); // another client of the same moment would be counted in
    if (run.ended && run.result.why_not.empty())
        json["symptom"] = run.result.symptoms.empty() ? "unspecified" : describe(run.result.symptoms);
    return json;
}

nlohmann::ordered_json ClientRuns::to_json(const ClientRun& run, const Caller& caller) const
{
    auto json = summary_json(run);
    if (run.hidden && !caller.is_trainer()) json["scenario"] = nullptr;
    if (!run.ended) return json;
    const ClientRunResult& result = run.result;
    json["command"] = result.shell;
    json["needs"] = result.needs;
    json["why_not"] = result.why_not;
    if (!result.why_not.empty()) return json;
    json["exit_code"] = result.child.exit_code;
    json["signal"] = result.child.signal;
    json["timed_out"] = result.child.timed_out;
    json["ms"] = result.child.wall.count() / 1000;
    json["stdout"] = shown(result.child.output);
    json["stderr"] = shown(result.child.errors);
    json["truncated"] = result.child.truncated;
    auto symptoms = nlohmann::ordered_json::array();
    for (const auto& symptom : result.symptoms) symptoms.push_back(symptom.text());
    json["symptoms"] = std::move(symptoms);
    json["says"] = result.says;
    return json;
}

} // namespace alert40
