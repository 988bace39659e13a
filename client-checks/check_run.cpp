// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/commands.h"

#include "client-checks/checks/manual_client.h"
#include "client-checks/process/orphans.h"
#include "scenarios/loader/catalogue.h"
#include "scenarios/loader/input_error.h"
#include "server/engine/publication.h"

#include <asio/signal_set.hpp>
#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <thread>
#include <unistd.h>

namespace alert40 {
namespace {

struct WantedReport {
    const ReportFormat* format;
    std::string path; // "-": standard output
};

std::vector<WantedReport> wanted_reports(const std::vector<std::string>& texts)
{
    std::vector<std::string> names;
    for (const auto& format : all_reports()) names.emplace_back(format.name);
    std::vector<WantedReport> wanted;
    for (const auto& text : texts) {
        const auto equals = text.find('=');
        if (equals == std::string::npos)
            throw InputError(fmt::format("'{}' is not FORMAT=PATH", text), "--report junit=result.xml");
        const auto* format = find_report(text.substr(0, equals));
        if (format == nullptr)
            throw InputError(fmt::format("unknown report format '{}'", text.substr(0, equals)),
                             hint_for(text.substr(0, equals), names));
        wanted.push_back({format, text.substr(equals + 1)});
    }
    return wanted;
}

bool colour_wanted()
{
    return isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
}

void write_reports(const MatrixResult& result, const std::vector<WantedReport>& wanted)
{
    for (const auto& report : wanted) {
        if (report.path == "-") {
            report.format->write(result, {}, std::cout);
            continue;
        }
        std::ofstream file(report.path, std::ios::binary);
        report.format->write(result, {}, file);
        file.flush();
        if (!file) throw std::runtime_error(fmt::format("the report {} cannot be written", report.path));
    }
}

/// One line on standard error that is written over, on a terminal only.
class Progress {
public:
    void show(const CellResult& cell, std::size_t done, std::size_t total) const
    {
        if (shown_) fmt::print(stderr, "\r\x1b[K{}/{} {}", done, total, cell.client);
    }
    ~Progress()
    {
        if (shown_) fmt::print(stderr, "\r\x1b[K");
    }

private:
    bool shown_ = isatty(STDERR_FILENO) != 0;
};

std::size_t job_count(std::size_t wanted)
{
    return wanted != 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
}

} // namespace

int run_check(const CheckOptions& options)
{
    const auto reports = wanted_reports(options.reports);
    auto scenarios = load_scenarios(select_scenarios(options.data, options.scenarios));
    const auto causes = load_causes(options.data);
    const auto classes = load_indistinguishable(options.data, causes);
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
                             desk ? &*desk : nullptr};
    const Judgement judgement{causes, classes, !options.no_fix};
    const Progress progress;
    std::optional<MatrixResult> result;
    auto run = [&]() -> asio::awaitable<void> {
        MusterOptions wanted{options.data, options.clients, options.self, state.path() / "programs",
                             options.client_files};
        const Roster roster = co_await muster(std::move(wanted));
        auto on_cell = [&](const CellResult& cell, std::size_t done, std::size_t total) {
            progress.show(cell, done, total);
        };
        result =
            co_await run_matrix(context, judgement, std::move(scenarios), roster, job_count(options.jobs), on_cell);
    };
    int interrupted = 0; // the signal
    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&](asio::error_code cancelled, int number) {
        if (cancelled) return;
        interrupted = number;
        end_children();
    });
    std::exception_ptr failure;
    asio::co_spawn(io, run, [&](std::exception_ptr thrown) {
        failure = thrown;
        signals.cancel();
    });
    io.run();
    if (interrupted != 0) {
        fmt::print(stderr, "alert40-check: ended by signal {}, nothing is reported\n", interrupted);
        return 128 + interrupted;
    }
    if (failure) std::rethrow_exception(failure);
    find_report("terminal")->write(*result, {colour_wanted()}, std::cout);
    write_reports(*result, reports);
    return exit_status(*result);
}

} // namespace alert40
