// SPDX-License-Identifier: GPL-2.0-or-later
// A connection made ready for a ClientHello: through an HTTP proxy (CONNECT), through STARTTLS, or both, in that order.
#pragma once

#include "client-checks/probes/connection.h"

namespace alert40 {

/// Leads the dialogues that `target` wants on a fresh connection, each answer within `deadline`; what is said is plain
/// text in the transcript. Empty where the next octet is the ClientHello's, at once where nothing is wanted; otherwise
/// why not: "starttls refused: 502 no", "proxy refused: HTTP/1.1 403 Forbidden", "no answer before TLS", "the
/// connection was reset before TLS".
asio::awaitable<std::string> prepare(ProbeConnection& connection, const LiveTarget& target,
                                     std::chrono::milliseconds deadline);

} // namespace alert40
