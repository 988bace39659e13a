// SPDX-License-Identifier: GPL-2.0-or-later
// The command with which one client is run against one server: the files it is given are written, the options put
// together. command_for() makes it, run_command() runs it.
#pragma once

#include "client-checks/checks/observation.h"
#include "client-checks/checks/run_context.h"

namespace alert40 {

/// What a client is told of the server that it is run against. What is referred to outlives it.
struct ServerFacts {
    const Scenario& scenario; // as it is served: with the fix applied where that is what is served
    bool fixed = false;
    unsigned port = 0;
    std::string address;               // where it is met; empty: as the scenario says
    const std::optional<Chain>& chain; // of its first server
    const std::string& recipe;         // of that chain
    std::string tag;                   // of this server among others, in the names of the files
};

/// Of `bound` on `port`.
ServerFacts facts_of(const BoundScenario& bound, unsigned port);

struct ClientCommand {
    ClientSettings wishes;
    Target target;
    Invocation invocation;
    std::chrono::milliseconds usual{};    // what the client gets where nothing is silent
    std::chrono::milliseconds deadline{}; // what it gets here
};

/// Writes the files into the run's folder. Skip: why this client cannot be asked for it. Throws std::system_error or
/// std::runtime_error where a file cannot be written, InputError where a certificate cannot be made.
std::variant<ClientCommand, Skip> command_for(const RunContext& context, const ServerFacts& server,
                                              const RosterEntry& client);

/// Runs it, of a client that is a process of ours: everything of the observation but its connections and symptoms.
/// `warm` as in RunContext. Throws as spawn().
asio::awaitable<Observation> run_command(Invocation invocation, const ClientDefinition& client, WarmPool* warm,
                                         std::chrono::milliseconds deadline);

} // namespace alert40
