// SPDX-License-Identifier: GPL-2.0-or-later
// Whole handshakes for the load generator: the client is the stack's own, what is measured is the server.
#pragma once

#include "server/stack/tls_context.h"

#include <netinet/in.h>

namespace alert40::bench {

struct HandshakeCounts {
    std::size_t answered = 0; // handshake done, request sent, an answer read
    std::size_t failed = 0;
    std::string first_failure; // in words
};

/// Connects `connections` times, `concurrency` at a time: a handshake with `client`'s settings, one HTTP request, the
/// answer up to the close. `rate`: so many begin in a second, evenly; 0: as many as go. Throws std::system_error, and
/// std::runtime_error where the stack refuses the settings.
HandshakeCounts run_handshakes(const sockaddr_in& target, const TlsClientConfig& client, std::size_t connections,
                               std::size_t concurrency, std::size_t rate = 0);

} // namespace alert40::bench
