// SPDX-License-Identifier: GPL-2.0-or-later
// How a connection ended, read off its transcript. "Sent" and "we" are the server's side.
#pragma once

#include "server/wire/transcript.h"

namespace alert40 {

struct Completed {}; // at least one byte of application data went each way
struct AlertSent {
    Alert alert;
};
struct AlertReceived {
    Alert alert;
};
struct PeerClosed {};
struct PeerReset {};
struct WeClosed {};
struct WeReset {};
struct Expired {};

using HowEnded = std::variant<Completed, AlertSent, AlertReceived, PeerClosed, PeerReset, WeClosed, WeReset, Expired>;

struct Outcome {
    HowEnded how;
    Phase phase{}; // when it was decided
    std::optional<ProtocolVersion> version;
    std::optional<CipherSuite> cipher_suite;
    std::optional<NamedGroup> group;
};

Outcome outcome_of(const Transcript& transcript);

/// "server sent fatal handshake_failure (40), before-server-hello": one line for logs.
std::string describe(const Outcome& outcome);

} // namespace alert40
