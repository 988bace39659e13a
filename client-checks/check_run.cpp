// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/commands.h"

#include "client-checks/checks/manual_client.h"
#include "client-checks/process/orphans.h"
#include "client-checks/progress.h"
#include "client-checks/reports/baseline.h"
#include "client-checks/reports/result_file.h"
#include "client-checks/reports/result_journal.h"
#include "client-checks/reports/shard.h"
#include "client-checks/wanted_reports.h"
#include "scenarios/loader/catalogue.h"
#include "scenarios/loader/input_error.h"
#include "server/engine/publication.h"

#include <algorithm>
#include <asio/signal_set.hpp>
#include <csignal>
#include <deque>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <thread>

namespace alert40 {
namespace {

std::size_t job_count(std::size_t wanted)
{
    return wanted != 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
}

std::string utc(std::chrono::system_clock::time_point time)
{
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

/// The scenarios that are run, and what the result says of them beside what was measured.
struct Chosen {
    std::vector<Scenario> scenarios;
    std::vector<std::size_t> places; // of each among all that were asked for
    std::vector<std::string> all;    // ids
    std::optional<Shard> shard;
};

Chosen choose(const CheckOptions& options)
{
    Chosen chosen;
    if (!options.shard.empty()) chosen.shard = parse_shard(options.shard);
    auto scenarios = load_scenarios(select_scenarios(options.data, options.scenarios));
    for (const auto& scenario : scenarios) chosen.all.push_back(scenario.id);
    const auto ours = scenarios_of(chosen.shard.value_or(Shard{}), chosen.all);
    for (std::size_t place = 0; place < scenarios.size(); ++place) {
        if (!ours[place]) continue;
        chosen.scenarios.push_back(std::move(scenarios[place]));
        chosen.places.push_back(place);
    }
    return chosen;
}

/// Puts into `result` what its matrix does not know.
class Describer {
public:
    Describer(const CheckOptions& options, const Chosen& chosen, std::string started)
        : options_(options),
          places_(chosen.places),
          all_(chosen.all),
          shard_(chosen.shard),
          started_(std::move(started))
    {
    }

    void describe(RunResult& result) const
    {
        result.started = started_;
        const bool files = std::any_of(options_.scenarios.begin(), options_.scenarios.end(),
                                       [](const auto& name) { return std::filesystem::exists(name); });
        result.asked = {{options_.scenarios, options_.clients, files}};
        for (std::size_t index = 0; index < places_.size(); ++index) result.scenarios[index].place = places_[index];
        if (!shard_) return;
        std::vector<std::string> clients;
        for (const auto& client : result.clients) clients.push_back(client.name);
        result.shard = {shard_->index, shard_->count,
                        run_digest(all_, clients, options_.no_fix ? "without fixes" : "with fixes")};
    }

private:
    const CheckOptions& options_;
    std::vector<std::size_t> places_;
    std::vector<std::string> all_;
    std::optional<Shard> shard_;
    std::string started_;
};

/// A journal for each JSON report that goes to a file.
class Journals {
public:
    Journals(const std::vector<WantedReport>& reports, const std::filesystem::path& data)
        : reports_(reports),
          data_(data)
    {
    }

    void open(const RunResult& frame)
    {
        for (const auto& report : reports_)
            if (report.format == find_report("json") && report.to_file()) journals_.emplace_back(report.path, frame);
    }
    void add(const CellDone& done)
    {
        if (journals_.empty()) return;
        const auto cell = summarise(done.cell, data_);
        for (auto& journal : journals_) journal.add(cell, done.row);
    }

private:
    const std::vector<WantedReport>& reports_;
    const std::filesystem::path& data_;
    std::deque<ResultJournal> journals_;
};

int conclude(RunResult result, const CheckOptions& options, const std::optional<RunResult>& baseline,
             const std::vector<WantedReport>& reports, int interrupted)
{
    if (interrupted != 0) result.interrupted = fmt::format("ended by signal {}", interrupted);
    if (baseline) compare(result, *baseline, options.baseline.string());
    write_terminal(result);
    write_reports(result, reports);
    if (interrupted == 0) return exit_status(result);
    fmt::print(stderr, "alert40-check: ended by signal {}; {} of {} cells were measured and are reported\n",
               interrupted, tally(result).total(), result.scenarios.size() * result.clients.size());
    return 128 + interrupted;
}

} // namespace

int run_check(const CheckOptions& options)
{
    const auto reports = wanted_reports(options.reports);
    std::optional<RunResult> baseline;
    if (!options.baseline.empty()) baseline = read_result(options.baseline);
    Chosen chosen = choose(options);
    const Knowledge knowledge = load_knowledge(options.data);
    const auto recipes = load_recipes(options.data / "certs" / "recipes");
    const auto now = std::chrono::system_clock::now();
    StateDirectory state(options.state_directory.empty() ? StateDirectory::default_path() : options.state_directory,
                         now);
    const RunDirectory files =
        options.keep_files.empty() ? state.make_run_directory() : keep_run_directory(options.keep_files);
    const auto ca = files.write("root.pem", to_pem("CERTIFICATE", state.root()));
    std::optional<CaptureDirectory> captures;
    if (!options.capture.empty()) captures.emplace(options.capture);
    const auto personas = load_personas(options.data / "server" / "personas");
    Publication publication;
    const BindContext bind{state, recipes, personas, now, options.data, &publication};

    adopt_orphans(); // a client that leaves children behind leaves them to us, and they are ended
    asio::io_context io(1);
    std::optional<ManualDesk> desk;
    if (!options.answers.empty())
        desk.emplace(io, load_answers(options.answers));
    else if (isatty(STDIN_FILENO) != 0)
        desk.emplace(io, std::nullopt);
    const auto timeout = std::chrono::milliseconds(static_cast<long>(options.timeout_seconds * 1000));
    WarmPool warm;
    const RunContext context{io,
                             bind,
                             files,
                             ca,
                             options.self,
                             timeout,
                             captures ? &*captures : nullptr,
                             options.cold ? nullptr : &warm,
                             desk ? &*desk : nullptr,
                             options.prove ? &knowledge : nullptr};
    const Judgement judgement{knowledge.causes, knowledge.classes, !options.no_fix};
    const Describer describer(options, chosen, utc(now));
    Journals journals(reports, options.data);
    std::optional<Progress> progress(std::in_place);
    std::optional<MatrixResult> matrix;
    auto run = [&]() -> asio::awaitable<void> {
        MusterOptions wanted{options.data, options.clients, options.self, state.path() / "programs",
                             options.client_files};
        const Roster roster = co_await muster(std::move(wanted));
        auto on_start = [&](const MatrixResult& empty) {
            RunResult frame = frame_of(empty, options.data);
            describer.describe(frame);
            journals.open(frame);
        };
        auto on_cell = [&](const CellDone& done) {
            progress->show(done.cell.client, done.done, done.total);
            journals.add(done);
        };
        matrix = co_await run_matrix(context, judgement, std::move(chosen.scenarios), roster, job_count(options.jobs),
                                     on_cell, on_start);
    };
    int interrupted = 0; // the signal
    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&](asio::error_code cancelled, int number) {
        if (cancelled) return;
        interrupted = number;
        end_children();
        if (desk) desk->stop();
    });
    std::exception_ptr failure;
    asio::co_spawn(io, run, [&](std::exception_ptr thrown) {
        failure = thrown;
        warm.end();
        signals.cancel();
    });
    io.run();
    progress.reset();
    if (interrupted != 0 && !matrix) {
        fmt::print(stderr, "alert40-check: ended by signal {} before the first cell\n", interrupted);
        return 128 + interrupted;
    }
    if (failure) std::rethrow_exception(failure);
    RunResult result = summarise(*matrix, options.data);
    describer.describe(result);
    return conclude(std::move(result), options, baseline, reports, interrupted);
}

} // namespace alert40
