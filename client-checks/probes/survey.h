// SPDX-License-Identifier: GPL-2.0-or-later
// What a server takes of everything that can be offered: versions, every suite, group and signature key, and what it
// bears. Told as notes beside a diagnosis; a server that does not take something has no fault by that.
#pragma once

#include "client-checks/probes/experiment.h"

namespace alert40 {

struct Survey {
    std::vector<ProtocolVersion> versions; // the oldest first
    std::vector<CipherSuite> suites;       // of TLS 1.2 and before, then of 1.3; in the order of its choice
    std::vector<NamedGroup> groups;        // with TLS 1.3, else 1.2; in the order of its choice
    std::vector<HelloChange> not_borne;    // changes after which it does not negotiate
    bool complete = true;                  // false: the budget, the time or kMostRounds ended a list
};

/// From a ClientHello that negotiates. At most `most` connections, fewer where the gate has fewer, and none is begun
/// later than `limit` from now.
asio::awaitable<Survey> survey(ProbePlace place, ProbeHello sent, std::size_t most, std::chrono::milliseconds limit);

/// Sentences without full stop.
std::vector<std::string> notes_of(const Survey& survey);

} // namespace alert40
