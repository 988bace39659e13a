// SPDX-License-Identifier: GPL-2.0-or-later
// What came back for a probe, read without keys: up to TLS 1.2 the server's flight is in clear, in TLS 1.3 its
// ServerHello is, and how much followed.
#pragma once

#include "client-checks/probes/connection.h"

namespace alert40 {

enum class AnswerEnd {
    flight,  // ServerHello and what follows it, up to the client's turn
    alert,   // a fatal alert
    closed,  // FIN
    reset,   // RST
    silent,  // nothing within the deadline
    retry,   // a HelloRetryRequest that cannot be followed
    not_tls, // octets that are no TLS record
    no_connection,
};

struct Answer {
    AnswerEnd end = AnswerEnd::no_connection;
    ConnectEnd connect = ConnectEnd::not_made;
    std::string connect_why;
    Transcript transcript;
    std::optional<Alert> alert; // the fatal one, else a warning that came before the end
    ProtocolVersion alert_record_version{};
    Bytes other_bytes; // the first of what is no TLS
    Bytes text;        // of speak_plainly(): what came, some 4 KiB at most
    std::chrono::microseconds round_trip{};

    bool has_server_hello() const
    {
        return transcript.server_hello && !transcript.server_hello->is_hello_retry_request();
    }
    /// Ended behind its ServerHello, before its flight was whole.
    bool refused_late() const { return has_server_hello() && end != AnswerEnd::flight; }
};

/// The server's flight is whole, as far as that can be seen.
bool flight_is_whole(const Transcript& transcript);

/// What the server chose and the client had not offered: "TLS 1.0, which was not offered"; empty where all was.
std::string unoffered_choice(const Transcript& transcript);

/// ServerHello and its flight, and nothing in it that was not offered: "negotiation succeeds".
bool negotiates(const Answer& answer);

/// Fills `end`, `alert` and `other_bytes` from the transcript, and from how the last reading ended.
void read_end(Answer& answer, Received last);

/// "ServerHello (TLS 1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, x25519)", "handshake_failure (40)", "a reset",
/// "silence", "a close", "connection refused".
std::string describe(const Answer& answer);

/// Ends alike: what describe() says, and up to TLS 1.2 the same chain. Two servers behind one address differ in it.
std::string fingerprint(const Answer& answer);

} // namespace alert40
