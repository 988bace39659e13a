// SPDX-License-Identifier: GPL-2.0-or-later
// Scenarios x clients.
#pragma once

#include "client-checks/checks/cell.h"

namespace alert40 {

struct ScenarioRow {
    Scenario scenario;
    std::vector<CellResult> cells; // in the order of the clients
};

struct MatrixResult {
    std::vector<ScenarioRow> rows;
    std::vector<RosterEntry> clients;
    std::chrono::milliseconds wall{};
};

struct Tally {
    std::size_t pass = 0, fail = 0, skip = 0, error = 0, accepts = 0; // `accepts` are passes too
    std::size_t total() const { return pass + fail + skip + error; }
};
Tally tally(const MatrixResult& result);

/// 0 all as expected; 1 an expectation was not met; 3 a cell in error, or no client runs here.
int exit_status(const MatrixResult& result);

/// Runs every cell, `jobs` at a time; those that wait for the client's deadline run beside them. `on_cell` is told each
/// finished cell and how many are done of how many. Throws InputError for a scenario that cannot be bound.
asio::awaitable<MatrixResult>
run_matrix(const RunContext& context, const Judgement& judgement, std::vector<Scenario> scenarios, const Roster& roster,
           std::size_t jobs, std::function<void(const CellResult&, std::size_t done, std::size_t total)> on_cell);

} // namespace alert40
