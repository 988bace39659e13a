// SPDX-License-Identifier: GPL-2.0-or-later
// Who made a TCP connection to this machine from this machine: a process that we have started, or another one.
#pragma once

#include "server/wire/packets.h"

#include <optional>

namespace alert40 {

/// Whether the client's end of an open connection, `client` to `server`, belongs to a descendant of this process:
/// /proc/net/tcp names the socket, /proc/PID/fd who holds it. False: no descendant has it. nullopt where that cannot be
/// told: the client has closed it already, or this kernel does not list children (CONFIG_PROC_CHILDREN). Takes well
/// below a millisecond with some thousand sockets on the machine.
std::optional<bool> is_from_descendant(const TcpEnd& client, const TcpEnd& server);

} // namespace alert40
