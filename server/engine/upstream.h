// SPDX-License-Identifier: GPL-2.0-or-later
// The server behind a middlebox: another scenario of alert40, served inside this process, or a real server on a
// loopback port. The connection passes its bytes on, or ends TLS itself and asks the server behind in a session of its
// own; what became of that server is an outcome with a name.
#pragma once

#include "server/stack/tls_session.h"

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

#include <chrono>
#include <map>

namespace alert40 {

class BoundScenario;
struct BindContext;
struct BoundIdentity;
struct UpstreamSettings;

/// What the server behind did, as the box sees it.
enum class UpstreamEnd {
    answered,
    down,     // nothing listens there
    slow,     // nothing came until the deadline
    closed,   // it ended the connection before it said anything
    not_tls,  // what it said first is no TLS record
    rejected, // TLS with it failed: an alert, or its certificate was not understood
};

std::string_view name(UpstreamEnd end); // "not-tls"

/// Where the connections of a box go on. It belongs to one thread.
class BoundUpstream {
public:
    /// `names`: what clients ask the box for; the scenario behind answers for the same ones. Throws InputError for a
    /// scenario that does not exist or is a box itself, and for an address that is no loopback HOST:PORT.
    BoundUpstream(const UpstreamSettings& settings, const std::vector<std::string>& names, const BindContext& context);
    ~BoundUpstream();

    bool inspects() const { return inspects_; }
    /// The scenario behind; nullptr: a real server at `endpoint`.
    BoundScenario* scenario() const { return scenario_.get(); }
    const asio::ip::tcp::endpoint& endpoint() const { return endpoint_; }

    /// Settings of the box's own session with the server behind, which does not verify it: what comes back is what such
    /// a box shows to its clients.
    std::shared_ptr<TlsContext> client_context(const std::string& server_name) const;

    /// The box's own certificate for `name`, and the session settings of `usual` with it; made at the first asking.
    BoundIdentity& identity_for(const std::string& name, const BoundIdentity& usual);

    void forge_anew(const BindContext& context);

private:
    bool inspects_;
    asio::ip::tcp::endpoint endpoint_;
    std::unique_ptr<BoundScenario> scenario_;
    std::chrono::system_clock::time_point now_;
    std::map<std::string, BoundIdentity> identities_; // by name
};

/// Two ends of one TCP connection on loopback. Throws std::system_error.
std::pair<asio::ip::tcp::socket, asio::ip::tcp::socket> connected_pair(const asio::any_io_executor& executor);

/// `answered` where the connection stands, `down` or `slow` where not.
asio::awaitable<UpstreamEnd> connect_to(asio::ip::tcp::socket& socket, const asio::ip::tcp::endpoint& endpoint,
                                        std::chrono::milliseconds limit);

struct UpstreamAnswer {
    UpstreamEnd end = UpstreamEnd::slow;
    Bytes bytes; // at most 1 MiB
};

/// Speaks TLS on `socket`, sends `request`, and reads one HTTP response: to its Content-Length, else to the end.
/// Without a deadline of its own.
asio::awaitable<UpstreamAnswer> ask_in_tls(asio::ip::tcp::socket& socket, std::shared_ptr<TlsContext> context,
                                           Bytes request);

/// The first octets are those of a TLS record.
bool begins_like_tls(ByteView bytes);

} // namespace alert40
