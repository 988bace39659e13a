// SPDX-License-Identifier: GPL-2.0-or-later
// A TCP connection made ready for a ClientHello: through an HTTP proxy (CONNECT), through STARTTLS, or both, in that
// order.
#pragma once

#include "certs/bytes.h"

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>
#include <chrono>
#include <string>

namespace alert40 {

struct Preparation {
    std::string proxied_to; // "host:port" that the proxy is asked for; empty: the socket leads to the server itself
    std::string starttls;   // smtp, imap, pop3, ftp, postgres, mysql, ldap, xmpp; empty: TLS at once
    std::string name;       // of the server, for XMPP
};

struct Prepared {
    bool ready = false;  // the next octet is the ClientHello's
    std::string refusal; // otherwise why: "starttls refused: 502 no", "proxy refused: HTTP/1.1 403 Forbidden",
                         // "no answer before TLS", "connection reset before TLS"
};

/// Leads the dialogues on a connected socket, at most `limit` in all. A preparation that asks for nothing is ready at
/// once. Throws InputError for a protocol that is not known; what the peer does is in the result.
asio::awaitable<Prepared> prepare(asio::ip::tcp::socket& socket, const Preparation& preparation,
                                  std::chrono::milliseconds limit);

} // namespace alert40
