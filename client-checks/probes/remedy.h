// SPDX-License-Identifier: GPL-2.0-or-later
// Which of several remedies tells the cause, and how small it can be made.
#pragma once

#include "client-checks/probes/experiment.h"

namespace alert40 {

/// The lower, the sooner it tells the cause where several help. What widens the offer comes before what narrows it, and
/// among those what leaves the rest of the handshake as it was: a new version brings new suites, groups and schemes
/// with it, so that it helps against their mismatch too, and a suite without ECDHE helps against that of a group;
/// not the other way round.
int precedence(const Remedy& remedy);

/// Makes each change of `remedy` offer one thing more, where one is enough. Its answers are those of the last form.
asio::awaitable<void> make_small(ProbePlace place, ProbeHello sent, Remedy& remedy);

} // namespace alert40
