// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/served_room.h"

#include "server/control/problem.h"

#include <algorithm>
#include <fmt/format.h>
#include <future>

namespace alert40 {
namespace {

// After the client's exit its connections end by themselves; one that something else holds open is left out.
constexpr std::chrono::seconds kConnectionsEnd{1};

RoomClient room_client(const ClientView& client)
{
    return {client.name, client.title, client.version, client.library};
}

} // namespace

ServedRoom::ServedRoom(Serving& serving, ConnectionLog& log, ClientWorker& worker, ClientRuns& runs)
    : serving_(serving),
      log_(log),
      worker_(worker),
      runs_(runs)
{
    log_.subscribe([this](const ConnectionNews& news) {
        if (news.kind != ConnectionNews::Kind::ended) return;
        {
            const std::lock_guard lock(mutex_);
            ++ended_;
        }
        one_ended_.notify_all();
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
    const auto made = serving_.create(wanted);
    return {made.name, made.addresses, made.port, made.server_name, made.url()};
}

void ServedRoom::reveal(const std::string& listener)
{
    if (!serving_.find(listener)) return;
    try {
        serving_.reveal(listener);
    } catch (const Problem&) { // it went meanwhile, or the server is ending
    }
}

void ServedRoom::fix(const std::string& listener)
{
    ListenerChange change;
    change.fixed = true;
    serving_.change(listener, change);
}

void ServedRoom::close(const std::string& listener)
{
    if (!serving_.find(listener)) return;
    try {
        serving_.remove(listener);
    } catch (const Problem&) { // somebody else was faster, or the server is ending
    }
}

std::vector<RoomClient> ServedRoom::clients()
{
    std::vector<RoomClient> here;
    for (const auto& client : worker_.clients())
        if (client.why_not.empty()) here.push_back(room_client(client));
    return here;
}

RoomRun ServedRoom::run(const std::string& client, const std::string& listener, const std::string& owner)
{
    const auto where = serving_.find(listener);
    std::optional<ServedCopy> server;
    const auto take = [&](const BoundScenario& bound) { server = copy_of(bound, *where); };
    if (!where || !serving_.with_bound(listener, {}, take) || !server)
        throw Problem(404, "The exercise's server is gone", "begin another exercise");
    ClientRun asked;
    asked.client = client;
    asked.listener = listener;
    asked.scenario = where->scenario;
    asked.fixed = where->fixed;
    asked.hidden = true;
    asked.quota = owner;
    const auto id = runs_.open(std::move(asked));
    std::promise<ClientRunResult> done;
    ClientJob job;
    job.client = client;
    job.server = std::move(*server);
    job.started = [this, id] { runs_.begin(id); };
    job.ended = [this, id, &done](ClientRunResult result) {
        runs_.end(id, result);
        done.set_value(std::move(result));
    };
    worker_.run(std::move(job));
    auto result = done.get_future().get();
    RoomRun run;
    run.client.name = client;
    for (const auto& each : worker_.clients())
        if (each.name == client) run.client = room_client(each);
    run.why_not = std::move(result.why_not);
    if (!run.why_not.empty()) return run;
    run.command = std::move(result.shell);
    run.output = std::move(result.child.output) + result.child.errors;
    run.symptoms = std::move(result.symptoms);
    run.says = std::move(result.says);
    if (const auto told = runs_.find(id)) run.connections = ended_connections(*told);
    return run;
}

std::vector<RoomConnection> ServedRoom::ended_connections(const ClientRun& run)
{
    const auto is_open = [](const ConnectionSummary& connection) { return connection.open; };
    const auto end = std::chrono::steady_clock::now() + kConnectionsEnd;
    std::vector<ConnectionSummary> made;
    for (;;) {
        std::unique_lock lock(mutex_);
        const auto before = ended_;
        lock.unlock();
        made = runs_.connections_of(run);
        if (std::ranges::none_of(made, is_open)) break;
        lock.lock();
        if (!one_ended_.wait_until(lock, end, [&] { return ended_ != before; })) break;
    }
    std::vector<RoomConnection> ended;
    for (const auto& connection : made) {
        const auto kept = log_.find(connection.id);
        if (kept && kept->transcript) ended.push_back({connection.id, kept->transcript});
    }
    return ended;
}

Bytes ServedRoom::capture(std::uint64_t connection)
{
    const auto kept = log_.find(connection);
    if (!kept || !kept->transcript) return {};
    Transcript without_secrets = *kept->transcript;
    without_secrets.key_log.clear();
    return compose_capture(kept->recording, without_secrets,
                           {kept->summary.client, kept->summary.server, "alert40-check", ""});
}

} // namespace alert40
