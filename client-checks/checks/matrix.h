// SPDX-License-Identifier: GPL-2.0-or-later
// Scenarios x clients.
#pragma once

#include "client-checks/checks/cell.h"

namespace alert40 {

struct ScenarioRow {
    Scenario scenario;
    std::vector<CellResult> cells; // in the order of the clients; without a client's name: it was not run
};

struct MatrixResult {
    std::vector<ScenarioRow> rows;
    std::vector<RosterEntry> clients;
    std::chrono::milliseconds wall{};
};

/// A finished cell: which it is, and how many are done of how many.
struct CellDone {
    std::size_t row = 0;
    const CellResult& cell;
    std::size_t done = 0;
    std::size_t total = 0;
};

/// Runs every cell, `jobs` at a time; those that wait for the client's deadline run beside them. `on_start` is told the
/// matrix before the first cell, `on_cell` each finished one. After end_children() no further cell is begun, and those
/// under way count as not run. Throws InputError for a scenario that cannot be bound, and what `on_cell` throws.
asio::awaitable<MatrixResult> run_matrix(const RunContext& context, const Judgement& judgement,
                                         std::vector<Scenario> scenarios, const Roster& roster, std::size_t jobs,
                                         std::function<void(const CellDone&)> on_cell,
                                         std::function<void(const MatrixResult&)> on_start = {});

} // namespace alert40
