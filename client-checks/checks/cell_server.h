// SPDX-License-Identifier: GPL-2.0-or-later
// One bound scenario on a free port, for one cell, and what its connections did.
#pragma once

#include "client-checks/checks/run_client.h"

namespace alert40 {

class CellServer {
public:
    /// Throws InputError where the scenario cannot be bound, NotServable also where the machine lacks its address.
    CellServer(const RunContext& context, const Scenario& scenario, bool fixed, const std::string& client);

    unsigned port() const { return port_; }
    BoundScenario& bound() { return bound_; }

    /// Waits for the connections that are open: those that have ended since the last call.
    asio::awaitable<std::vector<Transcript>> settle();

    /// Stops listening. Await it before the server is destroyed.
    asio::awaitable<void> finish();

private:
    ListenerOptions options(const RunContext& context, const std::string& client);

    BoundScenario bound_;
    std::vector<Transcript> transcripts_;
    asio::steady_timer quiet_;
    Engine engine_;
    std::vector<asio::ip::tcp::acceptor> held_; // of a server that does not listen
    unsigned port_ = 0;
};

} // namespace alert40
