// SPDX-License-Identifier: GPL-2.0-or-later
// What a live diagnosis connects to, and how much of it is allowed. resolve.h finds its addresses, gate.h keeps the
// limits, connection.h opens one connection.
#pragma once

#include "scenarios/loader/scenario.h" // Starttls

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

/// A name or an address without brackets, and a port.
struct HostPort {
    std::string host;
    std::uint16_t port = 0;

    bool operator==(const HostPort&) const = default;
};

/// "example.com:8443", "[::1]:443", "192.0.2.1"; without a port `default_port`. Throws InputError saying what is wrong:
/// an empty host, a port that is none, an IPv6 address without brackets before a port.
HostPort parse_host_port(std::string_view text, std::uint16_t default_port = 443);

/// "example.com:8443", "[::1]:443".
std::string display_name(const HostPort& where);

/// True where `host` is an IPv4 or IPv6 address: RFC 6066 section 3 allows none in SNI.
bool is_address(std::string_view host);

/// How much a live diagnosis may do to one server. The whole of it, the handshakes too, is in one count.
struct ProbeLimits {
    std::size_t max_connections = 100;
    std::size_t at_a_time = 8;
    /// Between the starts of two connections; 0 where the server is on this machine.
    std::chrono::milliseconds least_gap{10};
    /// How long a TCP connect may take.
    std::chrono::milliseconds connect{3000};
    /// How long an answer is waited for at most: see answer_deadline().
    std::chrono::milliseconds answer{5000};
};

struct LiveTarget {
    /// Several hosts, separated by commas on the command line, are one server's addresses.
    std::vector<std::string> hosts;
    std::uint16_t port = 0;
    /// Sent as SNI, and looked for in the certificate; nullopt: no name is known.
    std::optional<std::string> server_name;
    /// What the certificate must be for: server_name, or the address asked for.
    std::string reference_name;
    Starttls starttls = Starttls::none;
    std::optional<HostPort> proxy; // an HTTP proxy that is asked to CONNECT to hosts.front()
    ProbeLimits limits;
};

/// `where` is HOST:PORT, or HOST,HOST:PORT for several addresses behind one name; `server_name` empty: HOST where it is
/// a name. Throws InputError.
LiveTarget make_target(std::string_view where, const std::string& server_name);

/// How long to wait for an answer on a connection whose TCP handshake took `round_trip`: 20 of them and 400 ms, at most
/// `limits.answer`. A cold JSSE took 0.5 s for its first flight: a silence is repeated with more
/// patience before it counts.
std::chrono::milliseconds answer_deadline(const ProbeLimits& limits, std::chrono::microseconds round_trip);

} // namespace alert40
