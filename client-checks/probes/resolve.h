// SPDX-License-Identifier: GPL-2.0-or-later
// A target's addresses, as this machine's resolver gives them: all of them, IPv4 and IPv6.
#pragma once

#include "client-checks/probes/target.h"

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

namespace alert40 {

struct Resolved {
    /// Each once, in the order in which they came (RFC 6724 decides it). With a proxy: the proxy's.
    std::vector<asio::ip::tcp::endpoint> endpoints;
    std::string why; // where there are none: the resolver's words
};

/// Never throws for a name that does not resolve. `limit`: how long the resolver may take.
asio::awaitable<Resolved> resolve(const LiveTarget& target, std::chrono::milliseconds limit = std::chrono::seconds(5));

/// "192.0.2.1:443", "[::1]:443".
std::string display_name(const asio::ip::tcp::endpoint& endpoint);

/// Addresses of this machine: 127.0.0.0/8 and ::1.
bool is_loopback(const asio::ip::tcp::endpoint& endpoint);

} // namespace alert40
