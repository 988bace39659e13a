// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/matrix.h"

#include "client-checks/process/orphans.h"
#include "server/engine/nursery.h"

#include <algorithm>

namespace alert40 {
namespace {

/// What all jobs share.
struct Matrix {
    const RunContext& context;
    const Judgement& judgement;
    const Roster& roster;
    MatrixResult& result;
    std::function<void(const CellDone&)> on_cell;
    std::size_t total = 0;
    std::size_t done = 0;
    std::exception_ptr failure;
};

/// Cells still to run, by number, taken one by one by each job.
struct Queue {
    std::vector<std::size_t> cells;
    std::size_t next = 0;
};

asio::awaitable<void> work(Matrix& matrix, Queue& queue)
{
    const std::size_t columns = matrix.roster.clients.size();
    while (queue.next < queue.cells.size() && !matrix.failure && !children_are_ended()) {
        const std::size_t index = queue.cells[queue.next++];
        ScenarioRow& row = matrix.result.rows[index / columns];
        auto cell =
            co_await run_cell(matrix.context, matrix.judgement, row.scenario, matrix.roster.clients[index % columns]);
        if (children_are_ended()) co_return; // its client was ended, so it says nothing
        row.cells[index % columns] = std::move(cell);
        matrix.on_cell({index / columns, row.cells[index % columns], ++matrix.done, matrix.total});
    }
}

/// A client that waits for its deadline needs no processor.
bool waits(const Scenario& scenario)
{
    return scenario.expect.ends == Ending::timeout;
}
constexpr std::size_t kWaitingJobs = 6; // few: a client that starts late has less of its deadline for its ClientHello

} // namespace

asio::awaitable<MatrixResult> run_matrix(const RunContext& context, const Judgement& judgement,
                                         std::vector<Scenario> scenarios, const Roster& roster, std::size_t jobs,
                                         std::function<void(const CellDone&)> on_cell,
                                         std::function<void(const MatrixResult&)> on_start)
{
    const auto started = std::chrono::steady_clock::now();
    MatrixResult result;
    result.clients = roster.clients;
    for (auto& scenario : scenarios) {
        ScenarioRow row{std::move(scenario), {}};
        row.cells.resize(roster.clients.size());
        result.rows.push_back(std::move(row));
    }
    if (on_start) on_start(result);
    Matrix matrix{context, judgement, roster, result, std::move(on_cell), result.rows.size() * roster.clients.size(),
                  0,       {}};
    Queue working, waiting;
    for (std::size_t index = 0; index < matrix.total; ++index)
        (waits(result.rows[index / roster.clients.size()].scenario) ? waiting : working).cells.push_back(index);
    Nursery nursery(context.io.get_executor(), [&matrix](std::exception_ptr failure) {
        if (!matrix.failure) matrix.failure = failure;
    });
    const auto spawn = [&](Queue& queue, std::size_t count) {
        for (std::size_t job = 0; job < count; ++job) {
            auto take = [&matrix, &queue] { return work(matrix, queue); };
            nursery.spawn(std::move(take));
        }
    };
    spawn(waiting, kWaitingJobs);
    spawn(working, std::max<std::size_t>(jobs, 1));
    co_await nursery.join();
    if (matrix.failure) std::rethrow_exception(matrix.failure);
    result.wall = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    co_return result;
}

} // namespace alert40
