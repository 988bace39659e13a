// SPDX-License-Identifier: GPL-2.0-or-later
// Connections that end without a failure, though no answer came back: a client that has what it wanted, or that opened
// one connection more than it needed (browsers do, research: chromium in 9 of 60 successes), closes without a word.
#pragma once

#include "server/wire/transcript.h"

#include <span>

namespace alert40 {

/// The server took up a session: no certificate is shown then (RFC 8446 section 2.2, RFC 5246 section 7.3).
bool is_resumed(const Transcript& wire);

/// Data went both ways, as far as that can be seen.
bool completed(const Transcript& wire);

/// It was the client that closed or reset, no alert shows, and it had no reason to complain: it had sent a request; or
/// it did not look at a certificate here, or kept a session of this server; or another connection in `beside`, with the
/// same offer and as far as it came the same answer, succeeded. `beside`: of the same client to the same name.
bool client_just_left(const Transcript& wire, std::span<const Transcript* const> beside);

} // namespace alert40
