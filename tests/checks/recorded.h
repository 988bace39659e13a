// SPDX-License-Identifier: GPL-2.0-or-later
// Real cells: a small set of scenarios, run once in this process on the builtin client, to be judged again and again.
#pragma once

#include "client-checks/checks/matrix.h"
#include "scenarios/loader/catalogue.h"
#include "tests/certs/support.h"
#include "tests/source_dir.h"

#include <stdexcept>

namespace alert40::test {

const std::filesystem::path kData = test_source_dir();

/// A row for each of several causes, and two controls.
inline const std::vector<std::string> kRecorded = {"cipher/one-aead-only-tls12",
                                                   "certificate/expired-tls12",
                                                   "certificate/wrong-name-tls13",
                                                   "certificate/untrusted-root-tls12",
                                                   "sni/unknown-name-alert112-tls12",
                                                   "client-auth/required-none-sent-tls13",
                                                   "client-auth/expired-tls12",
                                                   "middlebox/reset-after-client-hello",
                                                   "middlebox/close-after-client-hello",
                                                   "protocol/plain-http-on-tls-port",
                                                   "group/weak-dh-512-tls12",
                                                   "server-key/mismatched-key-tls12",
                                                   "version/tls13-only",
                                                   "alpn/h2-only-server-tls12",
                                                   "resumption/ticket-rejected-alert80-tls13",
                                                   "routing/one-back-end-expired-tls12",
                                                   "control/healthy-tls12",
                                                   "control/healthy-mutual-tls13"};

/// What judging needs, loaded from the catalogue.
struct Knowledge {
    CauseCatalogue causes = load_causes(kData);
    std::vector<IndistinguishableClass> classes = load_indistinguishable(kData, causes);
    Judgement judgement{causes, classes, true};
};

inline const Knowledge& knowledge()
{
    static const Knowledge loaded;
    return loaded;
}

inline std::vector<Scenario> scenarios_named(const std::vector<std::string>& names)
{
    return alert40::load_scenarios(alert40::select_scenarios(kData, names));
}

/// Runs scenarios x clients of `data` with the program that was built.
inline MatrixResult run_cells(std::vector<Scenario> scenarios, const std::vector<std::string>& clients, Roster& roster,
                              std::size_t jobs = 2, const std::filesystem::path& data = kData)
{
    const TemporaryDirectory directory;
    const auto recipes = load_recipes(kData / "certs" / "recipes");
    StateDirectory state(directory.path() / "state", now());
    const RunDirectory files = state.make_run_directory();
    const auto ca = files.write("root.pem", to_pem("CERTIFICATE", state.root()));
    const auto personas = load_personas(kData / "server" / "personas");
    const BindContext bind{state, recipes, personas, now(), kData};
    asio::io_context io(1);
    const RunContext context{io, bind, files, ca, ALERT40_CHECK_PROGRAM, std::chrono::seconds(30)};
    std::optional<MatrixResult> result;
    std::exception_ptr failure;
    auto run = [&]() -> asio::awaitable<void> {
        MusterOptions wanted{data, clients, context.self, state.path() / "programs"};
        roster = co_await muster(std::move(wanted));
        auto ignore = [](const CellDone&) {};
        result = co_await run_matrix(context, knowledge().judgement, std::move(scenarios), roster, jobs, ignore);
    };
    asio::co_spawn(io, run, [&](std::exception_ptr thrown) { failure = thrown; });
    io.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
}

/// The recorded rows, each with the builtin client's cell.
inline const MatrixResult& recorded()
{
    static Roster roster;
    static const MatrixResult result = run_cells(scenarios_named(kRecorded), {"builtin"}, roster);
    return result;
}

inline const ScenarioRow& row(std::string_view id)
{
    for (const auto& each : recorded().rows)
        if (each.scenario.id == id) return each;
    throw std::runtime_error("not recorded: " + std::string(id));
}

/// The verdict on what was recorded for `observed`, had it been `scenario`.
inline CellResult judge_again(const ScenarioRow& observed, const Scenario& scenario)
{
    const RosterEntry& client = recorded().clients.front();
    CellResult cell;
    cell.client = client.definition.name;
    cell.expected = expect(scenario, client);
    cell.faulty = observed.cells.front().faulty;
    cell.fixed = observed.cells.front().fixed;
    cell.connection = observed.cells.front().connection;
    cell.beside = observed.cells.front().beside;
    cell.fixed_beside = observed.cells.front().fixed_beside;
    judge(cell, scenario, client, knowledge().judgement);
    return cell;
}

inline std::string all_of(const std::vector<std::string>& sentences)
{
    std::string text;
    for (const auto& sentence : sentences) text += sentence + "\n";
    return text;
}

} // namespace alert40::test
