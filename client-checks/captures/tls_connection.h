// SPDX-License-Identifier: GPL-2.0-or-later
// One connection of a capture that is TLS, asked for TLS, or was to be TLS: how it ended, in a line, and what of it is
// evidence.
#pragma once

#include "client-checks/captures/tcp_connections.h"

namespace alert40 {

struct TlsConnection {
    enum class State {
        established, // the handshake succeeded, and data went over it
        no_data,     // the handshake succeeded, and it was closed without any data
        failed,      // there is a wire to be diagnosed
        refused,     // TLS, or the way to the server, was asked for in clear and refused
        unopened,    // TCP did not connect
        unclear,     // what would tell is not in the capture
    };

    std::size_t number = 0; // of all TCP connections of the capture, from 1
    Endpoint client;
    Endpoint server;
    Conversation::Time began;
    std::string name;   // asked for with SNI, else of a proxy; empty: none
    std::string before; // "SMTP STARTTLS"; empty: TLS at once
    State state{};
    bool tcp_refused = false;       // of `unopened`: by RST; else nothing came
    std::string ended;              // "server sent fatal handshake_failure (40), before-server-hello"
    std::vector<std::string> notes; // what else the capture shows of it; each a sentence without full stop
    bool parts_missing = false;     // of the handshake
    std::optional<Transcript> wire; // of those whose handshake was seen
};

std::string_view name(TlsConnection::State state);

/// nullopt where it has nothing to do with TLS. What did not open is one if the port is usual for TLS.
std::optional<TlsConnection> tls_connection(SeenConnection seen);

/// Both sides have finished the handshake, as far as a capture shows that: up to TLS 1.2 both sent a message under the
/// new keys (RFC 5246 section 7.3), in TLS 1.3 both Finished were read, or the client's has the length of one.
bool handshake_completed(const Transcript& wire);

} // namespace alert40
