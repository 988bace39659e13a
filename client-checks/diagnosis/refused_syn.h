// SPDX-License-Identifier: GPL-2.0-or-later
// A connection that nobody accepted.
#pragma once

#include "server/wire/transcript.h"

namespace alert40 {

/// All that came was a RST, at the connection's very start: the answer to the SYN where no socket listens (RFC 9293
/// section 3.10.7.1).
inline bool is_refused_syn(const Transcript& wire)
{
    const auto* only = wire.events.size() == 1 ? std::get_if<SocketEvent>(&wire.events.front()) : nullptr;
    return only != nullptr && only->kind == SocketEventKind::server_reset && only->at.count() == 0;
}

} // namespace alert40
