// SPDX-License-Identifier: GPL-2.0-or-later
// One client against one server of its own: an ephemeral listener, the child, the transcripts of its connections.
#pragma once

#include "client-checks/checks/observation.h"
#include "client-checks/checks/run_context.h"
#include "server/engine/listener.h"

namespace alert40 {

/// Runs the client as often as client.connections says, one run after the other: an observation for each.
/// Throws InputError where the scenario cannot be bound, std::system_error where the client cannot be started.
/// Empty with `skip` filled where the client cannot be asked for it.
asio::awaitable<std::vector<Observation>> run_client(const RunContext& context, const Scenario& scenario, bool fixed,
                                                     const RosterEntry& client, Skip& skip);

} // namespace alert40
