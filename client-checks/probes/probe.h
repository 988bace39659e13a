// SPDX-License-Identifier: GPL-2.0-or-later
// One question to a server and what came of it.
#pragma once

#include "client-checks/probes/answer.h"
#include "client-checks/probes/hello_maker.h"

namespace alert40 {

/// Between the first segment and the rest, where a ClientHello goes in two: as long as an acknowledgement is delayed
/// at most on loopback (40 ms, Linux's TCP_DELACK_MIN), so that nobody reads both at once.
constexpr std::chrono::milliseconds kBetweenSegments{40};

/// What a probe has of its surroundings.
struct ProbePlace {
    ConnectionGate& gate;
    const LiveTarget& target;
    asio::ip::tcp::endpoint endpoint;
};

struct ProbeManner {
    ConnectionGate::Company company = ConnectionGate::Company::among_others;
    double patience = 1; // times answer_deadline()
};

/// Sends a fresh copy of `what` and reads the answer; follows one HelloRetryRequest. The connection is closed before
/// any key would be used.
asio::awaitable<Answer> probe(const ProbePlace& place, ProbeHello what, ProbeManner manner = {});

/// The same on a connection that is there: `deadline` for the first octets. `connect` of the answer is `connected`.
asio::awaitable<Answer> probe_on(ProbeConnection& connection, ProbeHello what, std::chrono::milliseconds deadline);

/// Sends `words` (nothing: listens) instead of TLS and reads what comes, for at most `limit`.
asio::awaitable<Answer> speak_plainly(const ProbePlace& place, Bytes words, std::chrono::milliseconds limit,
                                      ConnectionGate::Company company = ConnectionGate::Company::among_others);

/// The octets of a ClientHello as a probe sends them, records around it.
Bytes compose_flight(const ProbeHello& what);

} // namespace alert40
