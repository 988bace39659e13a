// SPDX-License-Identifier: GPL-2.0-or-later
// What a client is told of a server that another thread serves: a copy, taken there.
#pragma once

#include "client-checks/checks/client_command.h"
#include "server/control/serving.h"

namespace alert40 {

struct ServedCopy {
    Scenario scenario; // as it is served
    bool fixed = false;
    unsigned port = 0;
    std::string address; // where it is met; empty: as the scenario says
    std::optional<Chain> chain;
    std::string recipe; // of the chain
    std::string tag;    // the listener's name, and behind a common port the scenario's

    /// Refers to this copy.
    ServerFacts facts() const { return {scenario, fixed, port, address, chain, recipe, tag}; }
};

/// Where it is met, `listener` says. Called on the thread that `bound` belongs to. The copy's keys share nothing with
/// it.
ServedCopy copy_of(const BoundScenario& bound, const ListenerView& listener);

} // namespace alert40
