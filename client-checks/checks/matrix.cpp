// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/matrix.h"

#include "client-checks/process/orphans.h"
#include "server/engine/nursery.h"

#include <algorithm>

namespace alert40 {
namespace {

/// The cells still to run, taken one by one by each job.
struct Queue {
    const RunContext& context;
    const Judgement& judgement;
    const Roster& roster;
    MatrixResult& result;
    std::function<void(const CellResult&, std::size_t, std::size_t)> on_cell;
    std::size_t next = 0;
    std::size_t done = 0;
    std::exception_ptr failure;
};

asio::awaitable<void> work(Queue& queue)
{
    const std::size_t columns = queue.roster.clients.size();
    const std::size_t total = queue.result.rows.size() * columns;
    while (queue.next < total && !queue.failure && !children_are_ended()) {
        const std::size_t index = queue.next++;
        ScenarioRow& row = queue.result.rows[index / columns];
        CellResult& cell = row.cells[index % columns];
        cell = co_await run_cell(queue.context, queue.judgement, row.scenario, queue.roster.clients[index % columns]);
        queue.on_cell(cell, ++queue.done, total);
    }
}

} // namespace

Tally tally(const MatrixResult& result)
{
    Tally tally;
    for (const auto& row : result.rows)
        for (const auto& cell : row.cells) {
            if (cell.verdict == Verdict::pass) ++tally.pass;
            if (cell.verdict == Verdict::fail) ++tally.fail;
            if (cell.verdict == Verdict::skip) ++tally.skip;
            if (cell.verdict == Verdict::error) ++tally.error;
            if (cell.verdict == Verdict::pass && cell.accepts) ++tally.accepts;
        }
    return tally;
}

int exit_status(const MatrixResult& result)
{
    const Tally counted = tally(result);
    const bool none_runs = std::all_of(result.clients.begin(), result.clients.end(),
                                       [](const auto& client) { return !client.absent.empty(); });
    if (counted.error > 0 || none_runs) return 3;
    return counted.fail > 0 ? 1 : 0;
}

asio::awaitable<MatrixResult> run_matrix(const RunContext& context, const Judgement& judgement,
                                         std::vector<Scenario> scenarios, const Roster& roster, std::size_t jobs,
                                         std::function<void(const CellResult&, std::size_t, std::size_t)> on_cell)
{
    const auto started = std::chrono::steady_clock::now();
    MatrixResult result;
    result.clients = roster.clients;
    for (auto& scenario : scenarios) {
        ScenarioRow row{std::move(scenario), {}};
        row.cells.resize(roster.clients.size());
        result.rows.push_back(std::move(row));
    }
    Queue queue{context, judgement, roster, result, std::move(on_cell), 0, 0, {}};
    Nursery nursery(context.io.get_executor(), [&queue](std::exception_ptr failure) {
        if (!queue.failure) queue.failure = failure;
    });
    for (std::size_t job = 0; job < std::max<std::size_t>(jobs, 1); ++job) {
        auto take = [&queue] { return work(queue); };
        nursery.spawn(std::move(take));
    }
    co_await nursery.join();
    if (queue.failure) std::rethrow_exception(queue.failure);
    result.wall = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    co_return result;
}

} // namespace alert40
