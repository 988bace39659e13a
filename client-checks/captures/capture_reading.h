// SPDX-License-Identifier: GPL-2.0-or-later
// A whole capture, read once from its beginning to its end: the TLS connections in it, those that failed alike put
// together, and what the capture is short of. What is held stays bounded: beyond the limits below is counted, not kept.
#pragma once

#include "client-checks/captures/byte_source.h"
#include "client-checks/captures/tls_connection.h"

namespace alert40 {

/// Connections that failed in the same way against the same server, with the same ClientHello.
struct AlikeFailures {
    std::size_t count = 0;
    std::vector<std::size_t> numbers; // of the first kMostNumbers
    std::vector<TlsConnection> kept;  // the first of them; kept.front() stands for all
    static constexpr std::size_t kMostNumbers = 50;
    static constexpr std::size_t kMostKept = 4;
};

struct CaptureReading {
    static constexpr std::size_t kMostListed = 20'000;           // lines
    static constexpr std::size_t kMostFailures = 2'000;          // of different kinds
    static constexpr std::size_t kMostSuccesses = 2'000;         // kept beside the failures
    static constexpr std::size_t kMostOctets = 24 * 1024 * 1024; // of all that is kept

    /// A connection in a line.
    struct Line {
        std::size_t number = 0;
        Endpoint client;
        Endpoint server;
        Conversation::Time began;
        std::string name;
        std::string before;
        TlsConnection::State state{};
        std::string ended;
    };

    std::vector<Line> lines; // in the order of the connections' first packets
    std::map<TlsConnection::State, std::size_t> by_state;
    std::size_t tls_connections = 0;
    std::vector<AlikeFailures> failures;  // those whose handshake failed, or never came; in that order
    std::vector<TlsConnection> successes; // some of each client and server
    std::size_t failures_left_out = 0;    // of kinds beyond these bounds

    PacketCounts packets;
    std::uint64_t fragmented_and_lost = 0;
    ConnectionCounts connections;
    std::string damage;                    // of the file; empty: none
    std::size_t sessions_without_room = 0; // of the key log
};

/// Reads what `source` holds; `name` is for errors. `secrets` gets those that are in the capture beside what it has.
/// Throws InputError for what is no capture, and for one of whose link type nothing can be read.
CaptureReading read_capture(ByteSource& source, std::string_view name, KeyLog& secrets);

/// The other connections that tell something of `connection`: of the same client, to the same port of the same server
/// or name. At most `most`.
std::vector<const Transcript*> beside(const CaptureReading& reading, const TlsConnection& connection,
                                      std::size_t most = 16);

} // namespace alert40
