// SPDX-License-Identifier: GPL-2.0-or-later
// The one harmless request that follows a handshake, to hear what the server says to the client behind it: an alert
// (TLS 1.3 refuses client certificates only then), an HTTP status, its clock, its software.
#pragma once

#include "certs/bytes.h"
#include "scenarios/loader/scenario.h" // Starttls

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace alert40 {

/// What is said in the protocol that was agreed on: "h2", another ALPN name, or none; behind STARTTLS in that protocol.
/// Empty where nothing harmless is known.
Bytes compose_request(std::string_view alpn, Starttls protocol, std::string_view host);

struct Reply {
    bool complete = false;                                     // nothing more is needed of it
    std::optional<unsigned> status;                            // of HTTP
    std::string server;                                        // the Server field, at most 100 octets
    std::optional<std::chrono::system_clock::time_point> date; // the Date field
    std::string text;                                          // of the body, as far as it came and at most 2000 octets
};

/// Reads what has come so far; whatever it is, it never throws.
Reply read_reply(std::string_view alpn, Starttls protocol, ByteView bytes);

} // namespace alert40
