// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/served_room.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::chrono::seconds kLongestRun{90}; // its own deadline comes first; this is for a lab that ends
constexpr std::chrono::seconds kLongestEnd{3};  // of its connections, once the client has ended
constexpr std::chrono::milliseconds kLook{50};  // again: whoever wakes us does not wait for our lock

} // namespace

ServedRoom::ServedRoom(Serving& serving, ClientWorker& worker, LabClients& clients, const ClientRuns& runs,
                       ConnectionLog& log)
    : serving_(serving),
      worker_(worker),
      clients_(clients),
      runs_(runs),
      log_(log)
{
    log.subscribe([this](const ConnectionNews& news) {
        if (news.kind == ConnectionNews::Kind::ended) changed_.notify_all();
    });
}

RoomListener ServedRoom::open(const std::string& scenario, const std::string& name, const std::string& alias,
                              const std::string& owner)
{
    NewListener wanted;
    wanted.scenario = scenario;
    wanted.name = name;
    wanted.owner = owner;
    wanted.hidden = true;
    wanted.alias = alias;
    const auto view = serving_.create(wanted);
    return {view.name, view.addresses, view.port, view.server_name, view.url()};
}

void ServedRoom::close(const std::string& listener)
{
    try {
        serving_.remove(listener);
    } catch (const Problem& problem) {
        if (problem.status() != 404) throw; // a reset has taken it
    }
}

std::vector<RoomClient> ServedRoom::clients()
{
    std::vector<RoomClient> here;
    for (auto& client : worker_.clients())
        if (client.why_not.empty()) here.push_back({client.name, client.title, client.version, client.library});
    return here;
}

RoomRun ServedRoom::run(const std::string& client, const std::string& listener, const std::string& owner)
{
    const Caller caller{owner.empty() ? Caller::Kind::trainer : Caller::Kind::learner, owner};
    const auto id = clients_.start({{"client", client}, {"listener", listener}}, caller)["id"].get<std::uint64_t>();
    std::optional<ClientRun> made;
    wait_for(kLongestRun, [&] {
        made = runs_.find(id);
        return !made || made->ended;
    });
    if (!made || !made->ended) throw Problem(503, "The client did not come back", "The lab is busy; try again");
    RoomRun run;
    const auto all = clients();
    const auto found = std::ranges::find(all, client, &RoomClient::name);
    if (found != all.end()) run.client = *found;
    run.why_not = made->result.why_not;
    if (!run.why_not.empty()) return run;
    run.command = made->result.shell;
    run.output = made->result.child.output + made->result.child.errors;
    run.symptoms = made->result.symptoms;
    run.says = made->result.says;
    // The server's side of a connection ends a little later than the client.
    wait_for(kLongestEnd, [&] {
        return std::ranges::none_of(runs_.connections_of(*made), [](const auto& each) { return each.open; });
    });
    run.connections = connections_of(*made);
    return run;
}

template <class Done> void ServedRoom::wait_for(std::chrono::milliseconds limit, Done done)
{
    const auto until = std::chrono::steady_clock::now() + limit;
    std::unique_lock lock(mutex_);
    while (!done() && std::chrono::steady_clock::now() < until) changed_.wait_for(lock, kLook);
}

std::vector<RoomConnection> ServedRoom::connections_of(const ClientRun& run) const
{
    std::vector<RoomConnection> connections;
    for (const auto& each : runs_.connections_of(run)) {
        const auto kept = log_.find(each.id);
        if (kept && kept->transcript) connections.push_back({each.id, kept->transcript});
    }
    return connections;
}

Bytes ServedRoom::capture(std::uint64_t connection)
{
    const auto kept = log_.find(connection);
    if (!kept || !kept->transcript) return {};
    Transcript without_keys = *kept->transcript;
    without_keys.key_log.clear();
    return compose_capture(kept->recording, without_keys, {kept->summary.client, kept->summary.server, "alert40-check", ""});
}

void ServedRoom::told(const ClientRun& run)
{
    if (run.ended) changed_.notify_all();
}

} // namespace alert40
