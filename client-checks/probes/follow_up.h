// SPDX-License-Identifier: GPL-2.0-or-later
// What one handshake leaves open and another one, with something changed or the same again, decides: whose certificate
// comes with the name and without, which names the server knows, which scheme it signs with, whether another server
// answers the next time.
#pragma once

#include "client-checks/probes/handshake_findings.h"

#include <functional>

namespace alert40 {

/// One more handshake at the same address; nullopt where there is no connection to be had.
using PlayAgain = std::function<asio::awaitable<std::optional<Handshake>>(HandshakePlan)>;

struct FollowUp {
    std::string name;      // LiveTarget::reference_name
    bool name_sent = true; // it was in the ClientHello
    HandshakePlan plan;    // the one that was played, without a request
    const TrustStore& trust;
    PlayAgain play;
};

/// Changes `judged`, of `first`, by what further handshakes say, three at most; adds a sentence for each that says
/// something to `proof`. What is referred to outlives the call.
asio::awaitable<void> follow_up(const FollowUp& how, const Handshake& first, HandshakeJudgement& judged,
                                std::vector<std::string>& proof);

} // namespace alert40
