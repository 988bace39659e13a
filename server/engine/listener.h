// SPDX-License-Identifier: GPL-2.0-or-later
// Listening sockets and the connections they accept, on one thread.
#pragma once

#include "server/engine/capture.h"
#include "server/engine/connection.h"
#include "server/engine/nursery.h"
#include "server/engine/observer.h"

#include <asio/io_context.hpp>

namespace alert40 {

/// What is known when a connection has ended.
struct ConnectionReport {
    const BoundScenario* scenario; // nullptr: none was chosen; it holds for the call
    Transcript transcript;
    std::optional<UpstreamEnd> upstream_end = {}; // of a middlebox: what the server behind did
};

/// One line on standard error.
void report_failure(std::exception_ptr failure);

struct ListenerOptions {
    ConnectionLimits limits;
    std::size_t max_connections = 1000; // over all listeners of one thread; further ones are closed at once
    /// An observer's ended() comes after it: what is taken away here is missing there.
    std::function<void(ConnectionReport&)> on_end = [](ConnectionReport&) {};
    CaptureOptions capture;
    std::function<void()> on_refused = [] {}; // a connection over the cap
    /// What ended a connection by throwing: the machine failing us. The others go on.
    std::function<void(std::exception_ptr)> on_failure = report_failure;
};

/// What the listeners of one thread share: connections, deadlines, options. Destroy it after the io_context has run
/// dry.
class Engine {
public:
    Engine(asio::io_context& io, ListenerOptions options);

    asio::io_context& io() { return io_; }
    DeadlineQueue& deadlines() { return deadlines_; }
    Nursery& nursery() { return nursery_; }
    const ListenerOptions& options() const { return options_; }
    CaptureOptions& capture() { return options_.capture; }

    /// Ends every listener and connection; the io_context runs dry afterwards.
    void stop();

    std::size_t connections = 0;

private:
    asio::io_context& io_;
    ListenerOptions options_;
    DeadlineQueue deadlines_;
    Nursery nursery_;
};

/// Opens, binds and listens. Port 0 takes a free one. Throws std::system_error naming the address: also where the port
/// is in use by another process that shares ports (SO_REUSEPORT), since the first socket is bound without it.
asio::ip::tcp::acceptor listen_on(asio::io_context& io, const asio::ip::tcp::endpoint& endpoint);

/// Another acceptor on the port of `first`, for another thread's io_context.
asio::ip::tcp::acceptor listen_beside(asio::io_context& io, asio::ip::tcp::acceptor& first);

/// One acceptor for each address, all on one port; port 0 takes one that is free on all of them. Throws
/// std::system_error naming the address.
std::vector<asio::ip::tcp::acceptor> listen_on_all(asio::io_context& io, const std::vector<std::string>& addresses,
                                                   asio::ip::port_type port);

/// The same addresses and port, bound and never listening: the port belongs to nobody else, and every connection to it
/// is refused.
std::vector<asio::ip::tcp::acceptor> hold_all(asio::io_context& io, const std::vector<std::string>& addresses,
                                              asio::ip::port_type port);

/// Why this machine cannot listen on one of `addresses` at all, "::1: Cannot assign requested address" where it has no
/// IPv6; nullopt: it can on each.
std::optional<std::string> absent_address(asio::io_context& io, const std::vector<std::string>& addresses);

/// Who answers on a port, and who is told of it.
struct Answering {
    /// The scenario that answers whatever comes; it may have to be bound first. nullptr: it cannot be, and the
    /// connection is closed. Empty: `choose` is asked by name.
    std::function<asio::awaitable<std::shared_ptr<BoundScenario>>()> only;
    ChooseScenario choose;
    /// The observer of a new connection; empty, or nullptr: there is none.
    std::function<std::unique_ptr<ConnectionObserver>(const TcpEnd& client, const TcpEnd& server)> observe;
};

/// A port that accepts. Used on its engine's thread.
class OpenPort {
public:
    virtual ~OpenPort() = default;
    /// From the next connection on. Those that run keep what they began with.
    virtual void answer_with(Answering answering) = 0;
    /// Accepts no more; connections run to their end.
    virtual void close() = 0;
};

/// Accepts on `acceptor` until the port is closed or the engine stops.
std::shared_ptr<OpenPort> start_listening(Engine& engine, asio::ip::tcp::acceptor acceptor, Answering answering);

/// The same with one scenario, which outlives the engine's connections.
void start_listening(Engine& engine, asio::ip::tcp::acceptor acceptor, BoundScenario* only);

} // namespace alert40
