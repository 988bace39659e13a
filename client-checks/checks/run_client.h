// SPDX-License-Identifier: GPL-2.0-or-later
// One client against one server of its own: an ephemeral listener, the child, the transcripts of its connections.
#pragma once

#include "client-checks/checks/observation.h"
#include "client-checks/process/warm_worker.h"
#include "server/engine/listener.h"

namespace alert40 {

class ManualDesk;

/// What every run of a matrix shares. All of it outlives the run.
struct RunContext {
    asio::io_context& io;
    const BindContext& bind;
    const RunDirectory& files; // for the trust anchor and client certificates
    std::filesystem::path ca;
    std::filesystem::path self;
    std::chrono::milliseconds timeout{10'000}; // of a client that the scenario gives no other
    CaptureDirectory* captures = nullptr;      // nullptr: nothing is captured
    WarmPool* warm = nullptr;                  // nullptr: each run is a process of its own
    ManualDesk* desk = nullptr;                // of manual clients; nullptr: nobody is there
    const Knowledge* prove = nullptr;          // where given, a server that failed a client is diagnosed live as well
};

/// Runs the client as often as client.connections says, one run after the other: an observation for each.
/// Throws InputError where the scenario cannot be bound, std::system_error where the client cannot be started.
/// Empty with `skip` filled where the client cannot be asked for it.
asio::awaitable<std::vector<Observation>> run_client(const RunContext& context, const Scenario& scenario, bool fixed,
                                                     const RosterEntry& client, Skip& skip);

} // namespace alert40
