// SPDX-License-Identifier: GPL-2.0-or-later
// What is done next to a connection, as values: the connection carries them out in order, faults put others in their
// place.
#pragma once

#include "certs/bytes.h"

#include <chrono>
#include <variant>
#include <vector>

namespace alert40 {

struct Send {
    Bytes bytes;
};

/// Nothing is sent or read for this long.
struct Pause {
    std::chrono::milliseconds length;
};

/// Sending is shut down (FIN), what still comes is drained until the peer's FIN or 500 ms, then the socket is closed:
/// closing over unread bytes would reset the connection and can eat an alert that is still on its way.
struct CloseConnection {};

/// RST: SO_LINGER with a time of 0.
struct ResetConnection {};

/// Reads and answers nothing until the peer goes or the connection's deadline passes.
struct Stall {};

using WireStep = std::variant<Send, Pause, CloseConnection, ResetConnection, Stall>;
using WireSteps = std::vector<WireStep>;

} // namespace alert40
