// SPDX-License-Identifier: GPL-2.0-or-later
// One whole handshake with a live server: a ClientHello played through Finished (composed_client.h), a request, and
// what the server says to it; with the transcript decrypted, as a capture with a key log would show it.
//
//   HandshakePlan plan{{hello}, "example.com"};
//   Handshake handshake = co_await play_handshake(*opened.connection, std::move(plan));
#pragma once

#include "client-checks/probes/client_state.h"
#include "client-checks/probes/connection.h"
#include "client-checks/probes/request.h"

namespace alert40 {

struct HandshakePlan {
    ClientOffer offer;
    std::string host;                         // for the request's Host
    Starttls protocol = Starttls::none;       // that TLS started in, and goes on inside it
    bool sends_request = true;                // false: good-bye at once
    std::chrono::milliseconds deadline{5000}; // for the handshake, all in all
    /// How long is waited for an answer after it, where the server need not give any.
    std::chrono::milliseconds patience{300};
};

enum class HandshakeEnd {
    answered,   // established, and the server spoke
    quiet,      // established, and nothing came within the patience
    alert,      // a fatal alert of the server's, also after it was established
    closed,     // by the server, without an alert; also after it was established, before a word
    reset,      // by the server, likewise
    silent,     // no answer within the deadline
    failed,     // what the server sent cannot be gone on with: `failure`
    unplayable, // what the server chose is not played here: `failure`; its certificate may be there all the same
};

/// "answered".
std::string_view name(HandshakeEnd end);

struct Handshake {
    HandshakeEnd end = HandshakeEnd::silent;
    bool established = false; // both Finished were exchanged
    bool good_bye = false;    // the server's close_notify came
    Transcript transcript;
    ServerFacts server;
    std::optional<Alert> alert;        // that ended it, the server's
    std::optional<Alert> sent_alert;   // ours
    bool sent_certificate = false;     // one of the client's, not an empty list
    std::string failure;               // in words, for `failed` and `unplayable`
    std::vector<std::string> left_out; // of the ClientHello that was asked for (fresh_hello.h)
    Reply reply;
    std::chrono::microseconds took{}; // to the end of the handshake, without the request

    /// It came to the end that a client wants: established, and no refusal afterwards.
    bool succeeded() const { return end == HandshakeEnd::answered || end == HandshakeEnd::quiet; }
};

/// Plays `plan` on a connection that is ready for it (preparation.h). The connection's tap is replaced by the decrypted
/// one, so that connection.take_transcript() gives what Handshake::transcript has. What the server does is in the
/// result; throws only where the machine fails.
asio::awaitable<Handshake> play_handshake(ProbeConnection& connection, HandshakePlan plan);

} // namespace alert40
