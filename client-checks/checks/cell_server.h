// SPDX-License-Identifier: GPL-2.0-or-later
// One bound scenario on a free port, for one cell, and what its connections did.
#pragma once

#include "client-checks/checks/run_client.h"

namespace alert40 {

class CellServer {
public:
    /// Throws InputError where the scenario cannot be bound, NotServable also where the machine lacks its address.
    /// `address` is where it listens, unless the scenario says so itself.
    CellServer(const RunContext& context, const Scenario& scenario, bool fixed, const std::string& client,
               const std::string& address = "127.0.0.1");

    unsigned port() const { return port_; }
    BoundScenario& bound() { return bound_; }

    bool listens() const { return held_.empty(); }
    /// One was accepted since the last settle().
    bool has_connection() const { return engine_.connections > 0 || !transcripts_.empty(); }

    /// Waits until a connection that sent a ClientHello has ended and none is open, `limit` at most; false where that
    /// did not come. At once where nobody can connect.
    asio::awaitable<bool> await_connection(std::chrono::milliseconds limit);

    /// Ends the connections that are still open, and takes no more: of a client that cannot be ended itself.
    asio::awaitable<void> cut();

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
