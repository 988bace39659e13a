// SPDX-License-Identifier: GPL-2.0-or-later
// What is done next to a connection, as values: the connection carries them out in order, faults put others in their
// place.
#pragma once

#include "certs/bytes.h"

#include <chrono>
#include <variant>
#include <vector>

namespace alert40 {

/// To the client, in one write: one segment where it fits.
struct Send {
    Bytes bytes;
};

/// What came from the client goes on to whoever answers it: the session, or the upstream server.
struct HandOn {
    Bytes bytes;
};

/// Sent behind the next record of the flight, or at the flight's end where none follows.
struct SendAfterNext {
    Bytes bytes;
};

/// How the sendings between this step and the end of the flight leave, if nothing else is between them.
enum class GatherAs {
    segment,    // in one write
    one_record, // as well, and neighbouring handshake records in clear are merged (RFC 5246 section 6.2.1)
    twice,      // in one write each, two times
};
struct GatherFlight {
    GatherAs as{};
};

/// Nothing is sent for this long, and what comes waits. It ends early where the client goes.
struct Pause {
    std::chrono::milliseconds length;
};

/// Sending is shut down (FIN), what still comes is drained until the peer's FIN or 500 ms, then the socket is closed:
/// closing over unread bytes would reset the connection and can eat an alert that is still on its way.
struct CloseConnection {};

/// Sending is shut down (FIN), and the socket stays open until the client goes or the connection's deadline passes.
struct HalfClose {};

/// RST: SO_LINGER with a time of 0.
struct ResetConnection {};

/// Reads and answers nothing until the peer goes or the connection's deadline passes.
struct Stall {};

using WireStep =
    std::variant<Send, HandOn, SendAfterNext, GatherFlight, Pause, CloseConnection, HalfClose, ResetConnection, Stall>;
using WireSteps = std::vector<WireStep>;

/// Nothing happens on the connection after such a step.
inline bool ends_connection(const WireStep& step)
{
    return std::holds_alternative<CloseConnection>(step) || std::holds_alternative<HalfClose>(step) ||
           std::holds_alternative<ResetConnection>(step) || std::holds_alternative<Stall>(step);
}

} // namespace alert40
