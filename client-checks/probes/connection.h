// SPDX-License-Identifier: GPL-2.0-or-later
// One TCP connection of a live diagnosis, from the client's side: every byte both ways passes a tap, so that what came
// of it is a Transcript like that of a capture. TLS itself is the caller's: a composed ClientHello, or a whole client.
//
//   Opened opened = co_await open_connection(gate, target, endpoint);
//   if (!opened.connection) ...                       opened.end says why
//   co_await opened.connection->send(bytes);
//   auto received = co_await opened.connection->receive(deadline);
//   Transcript transcript = opened.connection->take_transcript();
#pragma once

#include "client-checks/probes/gate.h"
#include "server/wire/tap.h"

#include <asio/ip/tcp.hpp>

#include <memory>

namespace alert40 {

/// How a TCP connect ended.
enum class ConnectEnd {
    connected,
    refused,     // RST to the SYN: nothing listens
    unreachable, // no route, network or host unreachable, administratively prohibited
    silent,      // no answer within the deadline
    failed,      // this machine: no such address family, no free port
    before_tls,  // connected, and the proxy or the dialogue before TLS did not lead to TLS
    not_made,    // the budget is spent
};

/// "refused".
std::string_view name(ConnectEnd end);

/// What a reading gave.
enum class Received { bytes, closed, reset, silent };

class ProbeConnection {
public:
    ProbeConnection(asio::ip::tcp::socket socket, ConnectionGate::Pass pass, std::chrono::microseconds round_trip);
    ProbeConnection(const ProbeConnection&) = delete;
    ProbeConnection& operator=(const ProbeConnection&) = delete;
    /// Closes: FIN, or RST where something was left unread.
    ~ProbeConnection();

    /// One write; false where the peer has gone. What it had said before that can still be received.
    asio::awaitable<bool> send(ByteView bytes);

    /// What comes next, within `deadline` from now. `bytes`: received() has them until the next call. The end of the
    /// connection and a passed deadline are in the transcript, each once.
    asio::awaitable<Received> receive(std::chrono::milliseconds deadline);
    ByteView received() const { return ByteView(buffer_).first(received_); }

    /// What is sent and received is no TLS before this was called, where `clear` was set: a proxy's or a protocol's
    /// words. Connections start with TLS.
    void set_clear(bool clear) { clear_ = clear; }

    /// Of the TCP handshake; with a proxy, of that to the proxy.
    std::chrono::microseconds round_trip() const { return round_trip_; }
    std::chrono::milliseconds answer_deadline(const ProbeLimits& limits) const
    {
        return alert40::answer_deadline(limits, round_trip_);
    }

    Tap& tap() { return tap_; }
    Transcript take_transcript() { return tap_.take(); }
    asio::ip::tcp::socket& socket() { return socket_; }

    /// Says good-bye: FIN. Reading goes on.
    void shut_down();

private:
    void note(ByteView bytes, Direction direction);
    void note(SocketEventKind kind);

    asio::ip::tcp::socket socket_;
    ConnectionGate::Pass pass_;
    std::chrono::microseconds round_trip_;
    Tap tap_;
    Bytes buffer_;
    std::size_t received_ = 0;
    bool clear_ = false;
    bool ended_ = false;
};

struct Opened {
    ConnectEnd end = ConnectEnd::not_made;
    std::string why; // the system's words, or the proxy's; empty where it is connected
    std::unique_ptr<ProbeConnection> connection;
    /// Of a connection that ended before TLS: what was said.
    Transcript transcript;
};

/// Connects to `endpoint`, one of the target's (resolve.h), or the proxy's, and goes through what comes before TLS.
asio::awaitable<Opened> open_connection(ConnectionGate& gate, const LiveTarget& target,
                                        asio::ip::tcp::endpoint endpoint,
                                        ConnectionGate::Company company = ConnectionGate::Company::among_others);

} // namespace alert40
