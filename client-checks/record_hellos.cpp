// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-check clients --record-hellos FILE: each client that is here connects twice to a healthy server of ours, with
// nothing special asked of it, and the ClientHello that it sends is written down.
#include "client-checks/commands.h"

#include "client-checks/checks/run_client.h"
#include "client-checks/clients/hello_profiles.h"
#include "client-checks/process/orphans.h"
#include "scenarios/loader/input_error.h"
#include "server/engine/publication.h"

#include <fmt/format.h>
#include <fstream>
#include <iostream>

namespace alert40 {
namespace {

constexpr std::chrono::seconds kDeadline{30};
constexpr std::string_view kHealthyServer = R"(
title = "A healthy server that writes ClientHellos down"
cause = "none"
story = "-"
lesson = "-"
[expect]
ends = "connected"
)";

/// The ClientHello of the client's first connection that has one; else why there is none.
struct Recorded {
    std::optional<ClientHello> hello;
    std::string why;
};

asio::awaitable<Recorded> record_once(const RunContext& context, const Scenario& scenario, const RosterEntry& client)
{
    Skip cannot;
    const auto seen = co_await run_client(context, scenario, false, client, cannot);
    if (seen.empty()) co_return Recorded{std::nullopt, cannot.why};
    const Observation& run = seen.front();
    for (const auto& connection : run.connections)
        if (connection.client_hello) co_return Recorded{connection.client_hello, {}};
    const auto& words = run.child.errors.empty() ? run.child.output : run.child.errors;
    co_return Recorded{std::nullopt, "no ClientHello came: " + words.substr(0, words.find('\n'))};
}

/// What was recorded, and on standard error what was not.
struct Harvest {
    std::vector<HelloProfile> profiles;
    bool complete = true; // every client that is here has one
};

asio::awaitable<Harvest> record_all(const RunContext& context, const Roster& roster)
{
    const Scenario scenario = parse_scenario(kHealthyServer, "the recording server", "clients/hello");
    Harvest harvest;
    for (const auto& client : roster.clients) {
        const auto& definition = client.definition;
        if (!client.absent.empty()) {
            fmt::print(stderr, "alert40-check: {}: {}\n", definition.name, client.absent);
            continue;
        }
        const Recorded first = co_await record_once(context, scenario, client);
        const Recorded second = co_await record_once(context, scenario, client);
        if (!first.hello || !second.hello) {
            fmt::print(stderr, "alert40-check: {}: {}\n", definition.name, first.hello ? second.why : first.why);
            harvest.complete = false;
            continue;
        }
        harvest.profiles.push_back(
            make_profile(definition.name, client.version, definition.library, *first.hello, *second.hello));
    }
    co_return harvest;
}

void store(const std::vector<HelloProfile>& recorded, const std::filesystem::path& path)
{
    if (path == "-") return write_hello_profiles(recorded, std::cout);
    std::error_code ignored;
    const bool is_there = std::filesystem::exists(path, ignored);
    const auto merged =
        merge_hello_profiles(is_there ? read_hello_profiles(path) : std::vector<HelloProfile>{}, recorded);
    const auto beside = path.string() + ".new"; // a file that is cut short would lose what was recorded elsewhere
    std::ofstream file(beside, std::ios::binary);
    write_hello_profiles(merged, file);
    file.close();
    if (!file) throw std::runtime_error(fmt::format("{} cannot be written", beside));
    std::filesystem::rename(beside, path);
}

} // namespace

int record_hellos(const ClientsOptions& options)
{
    const auto now = std::chrono::system_clock::now();
    StateDirectory state(options.state_directory.empty() ? StateDirectory::default_path() : options.state_directory,
                         now);
    const RunDirectory files = state.make_run_directory();
    const auto ca = files.write("root.pem", to_pem("CERTIFICATE", state.root()));
    const auto recipes = load_recipes(options.data / "certs" / "recipes");
    const auto personas = load_personas(options.data / "server" / "personas");
    Publication publication;
    const BindContext bind{state, recipes, personas, now, options.data, &publication};
    adopt_orphans();
    asio::io_context io(1);
    const RunContext context{io, bind, files, ca, options.self, kDeadline, nullptr, nullptr, nullptr};
    Harvest harvest;
    auto record = [&]() -> asio::awaitable<void> {
        MusterOptions wanted{options.data, options.clients, options.self, state.path() / "programs",
                             options.client_files};
        const Roster roster = co_await muster(std::move(wanted));
        harvest = co_await record_all(context, roster);
    };
    std::exception_ptr failure;
    asio::co_spawn(io, record, [&](std::exception_ptr thrown) { failure = thrown; });
    io.run();
    if (failure) std::rethrow_exception(failure);
    store(harvest.profiles, options.record_hellos);
    return harvest.complete ? 0 : 1;
}

} // namespace alert40
