// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/run_client.h"

#include "client-checks/checks/cell_server.h"
#include "client-checks/checks/client_command.h"
#include "client-checks/checks/manual_client.h"
#include "client-checks/checks/prove.h"
#include "client-checks/checks/stub_verdict.h"
#include "client-checks/checks/trigger_client.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

/// Then what it offers by itself has to hold one of the versions that it was not asked for.
std::optional<std::string> offers_no_version(const Observation& seen, const Scenario& served)
{
    const auto& wished = served.client.versions;
    for (const auto& connection : seen.connections) {
        if (!connection.client_hello || wished.empty()) continue;
        const auto offers = [&](ProtocolVersion version) { return connection.client_hello->offers(version); };
        if (std::none_of(wished.begin(), wished.end(), offers))
            return fmt::format("it does not offer {}, and cannot be asked to", display_name(wished.front()));
    }
    return std::nullopt;
}

/// What a client that only tells success from failure says beside that.
void read_kind(Observation& seen, const ClientDefinition& client)
{
    seen.tells_no_cause = client.kind != ClientKind::command || client.library == kUnknownLibrary;
    if (client.kind == ClientKind::trytls) {
        const auto verdict = read_stub_verdict(seen.child.output);
        if (verdict.kind == StubVerdict::Kind::unsupported)
            seen.not_applicable = fmt::format("the stub says UNSUPPORTED: {}", verdict.text);
    }
    if (client.kind == ClientKind::manual && seen.child.exit_code == kManualSkip)
        seen.not_applicable = "skipped by hand";
}

/// A client that is no process of ours: its connections are ended here, because it cannot be.
asio::awaitable<ChildResult> run_elsewhere(const RunContext& context, CellServer& server,
                                           const ClientDefinition& client, const ClientCommand& command)
{
    const Scenario& served = server.bound().scenario();
    const std::string open = command.invocation.command.argv.front();
    const Target& target = command.target;
    ManualDesk::Errand errand{client.name, served.id, server.bound().fixed(), open, target.host,
                              target.name, target.ca};
    ChildResult result;
    if (client.kind == ClientKind::trigger)
        result = co_await run_trigger(open, server, command.deadline);
    else
        result = co_await context.desk->run(std::move(errand), server, command.deadline);
    co_await server.cut();
    co_return result;
}

/// Its deadline ended the client before it was where the scenario falls silent: it was slow to start, and shows
/// nothing.
bool too_early(const Observation& observation, const Scenario& served)
{
    if (!observation.child.timed_out || served.expect.ends != Ending::timeout) return false;
    const Phase silent_from = served.expect.phase.value_or(Phase::before_server_hello);
    return std::none_of(observation.connections.begin(), observation.connections.end(),
                        [&](const auto& wire) { return wire.phase >= silent_from; });
}

/// The first ClientHello that the client sent; nullptr where it sent none.
const ClientHello* first_hello(const std::vector<Observation>& observations)
{
    for (const auto& observation : observations)
        for (const auto& wire : observation.connections)
            if (wire.client_hello) return &*wire.client_hello;
    return nullptr;
}

asio::awaitable<std::vector<Observation>> run_against(CellServer& server, const RunContext& context,
                                                      const RosterEntry& entry, Skip& skip)
{
    const ClientDefinition& client = entry.definition;
    const Scenario& served = server.bound().scenario();
    std::vector<Observation> observations;
    auto made = command_for(context, facts_of(server.bound(), server.port()), entry);
    if (auto* cannot = std::get_if<Skip>(&made)) {
        skip = std::move(*cannot);
        co_return observations;
    }
    ClientCommand& command = std::get<ClientCommand>(made);
    const Invocation& invocation = command.invocation;
    for (unsigned number = 1; number <= served.client.connections; ++number) {
        Observation observation;
        if (client.kind == ClientKind::command || client.kind == ClientKind::trytls) {
            observation = co_await run_command(invocation, client, context.warm, command.deadline);
            observation.connections = co_await server.settle();
            // More time, little by little: what a client gets beyond its start it spends in the silence, and one that
            // has 30 s for a handshake (Chromium, ssl_connect_job.cc) would see a server that is only slow connect.
            for (auto limit = command.deadline; limit < command.usual && too_early(observation, served);) {
                limit = std::min(limit * 3 / 2, command.usual);
                observation = co_await run_command(invocation, client, context.warm, limit);
                observation.connections = co_await server.settle();
            }
        } else {
            observation.argv = invocation.command.argv;
            observation.child = co_await run_elsewhere(context, server, client, command);
            observation.connections = co_await server.settle();
        }
        read_kind(observation, client);
        observation.port = server.port();
        observation.resumes = served.client.resume != Resume::none;
        if (const auto* reason = server.bound().not_applicable()) observation.not_applicable = *reason;
        if (command.wishes.versions != served.client.versions && !observation.not_applicable)
            observation.not_applicable = offers_no_version(observation, served);
        observations.push_back(std::move(observation));
    }
    const ClientHello* hello = first_hello(observations);
    if (context.prove != nullptr && !observations.empty() && !server.bound().fixed()) {
        ProofOf of{std::move(command.target), served.server.starttls, client.library,
                   hello != nullptr ? std::optional(*hello) : std::nullopt};
        observations.front().proved = co_await prove(std::move(of), *context.prove);
        co_await server.settle();
    }
    co_return observations;
}

} // namespace

asio::awaitable<std::vector<Observation>> run_client(const RunContext& context, const Scenario& scenario, bool fixed,
                                                     const RosterEntry& client, Skip& skip)
{
    const auto& address = client.definition.listen;
    CellServer server(context, scenario, fixed, client.definition.name, address.empty() ? "127.0.0.1" : address);
    std::vector<Observation> observations;
    std::exception_ptr failure;
    try {
        observations = co_await run_against(server, context, client, skip);
    } catch (...) { // the listener must not outlive the server, so it is ended before anything is thrown on
        failure = std::current_exception();
    }
    co_await server.finish();
    if (failure) std::rethrow_exception(failure);
    co_return observations;
}

} // namespace alert40
