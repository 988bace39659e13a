// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-check with SCENARIO -- COMMAND: anybody's own test against one scenario.
#include "client-checks/commands.h"

#include "client-checks/clients/hello_likeness.h"
#include "client-checks/process/foreground.h"
#include "scenarios/loader/catalogue.h"
#include "server/engine/listener.h"
#include "server/engine/publication.h"
#include "server/wire/fingerprint.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

/// The root of the run, or the roots of the server's chain where it has its own.
std::string anchors(const std::optional<Chain>& chain, const StateDirectory& state)
{
    if (!chain || chain->anchors.empty()) return to_pem("CERTIFICATE", state.root());
    std::string text;
    for (const Bytes& anchor : chain->anchors) text += to_pem("CERTIFICATE", anchor);
    return text;
}

/// ALERT40_HOST, _PORT, _SERVER_NAME, _URL, _CA; where the scenario gives the client a certificate, _CERT and _KEY;
/// where the server has one, _SERVER_CERT and _SERVER_KEY: the files that its configuration would name.
StringMap variables(BoundScenario& bound, unsigned port, const RunDirectory& files, const StateDirectory& state,
                    const BindContext& bind)
{
    const Scenario& scenario = bound.scenario();
    const auto name = scenario.asked_name();
    const auto& chain = bound.back_end_for(1, bound.addresses().front()).server().chain();
    const auto ca = files.write("root.pem", anchors(chain, state));
    const auto host = scenario.client_address();
    const auto in_url = !name.empty() ? name : host.find(':') != std::string::npos ? "[" + host + "]" : host;
    StringMap map = {{"ALERT40_HOST", host},        {"ALERT40_PORT", fmt::format("{}", port)},
                     {"ALERT40_SERVER_NAME", name}, {"ALERT40_URL", fmt::format("https://{}:{}/", in_url, port)},
                     {"ALERT40_CA", ca.string()},   {"ALERT40_SCENARIO", scenario.id}};
    if (const auto client = forge_client_chain(scenario.client.certificate, bind)) {
        map.emplace_back("ALERT40_CERT", files.write("client.pem", chain_pem(*client)).string());
        map.emplace_back("ALERT40_KEY", files.write("client.key", client->key.private_pem()).string());
    }
    if (chain) {
        map.emplace_back("ALERT40_SERVER_CERT", files.write("server.pem", chain_pem(*chain)).string());
        map.emplace_back("ALERT40_SERVER_KEY", files.write("server.key", chain->key.private_pem()).string());
    }
    return map;
}

} // namespace

int run_with(const WithOptions& options)
{
    const auto files = select_scenarios(options.data, {options.scenario});
    if (files.size() != 1)
        throw InputError(fmt::format("'{}' means {} scenarios", options.scenario, files.size()), "name one");
    const auto now = std::chrono::system_clock::now();
    StateDirectory state(options.state_directory.empty() ? StateDirectory::default_path() : options.state_directory,
                         now);
    const auto recipes = load_recipes(options.data / "certs" / "recipes");
    const auto personas = load_personas(options.data / "server" / "personas");
    Publication publication;
    const BindContext bind{state, recipes, personas, now, options.data, &publication};
    const Scenario scenario = load_scenario(files.front());
    BoundScenario bound(scenario, options.fixed && scenario.fix, bind);
    const RunDirectory directory = state.make_run_directory();

    asio::io_context io(1);
    ListenerOptions listener;
    const auto profiles = load_hello_profiles(options.data);
    listener.on_end = [&](const ConnectionReport& report) {
        const Transcript& wire = report.transcript;
        fmt::print(stderr, "alert40-check: {}: {}\n", bound.scenario().id, describe(outcome_of(wire)));
        if (!wire.client_hello) return;
        fmt::print(stderr, "alert40-check: its ClientHello is {}, JA4 {}\n",
                   describe(nearest_profile(profiles, *wire.client_hello)), ja4(*wire.client_hello));
    };
    Engine engine(io, listener);
    const bool listens = bound.scenario().server.listens;
    auto acceptors = listens ? listen_on_all(io, bound.addresses(), 0) : hold_all(io, bound.addresses(), 0);
    const unsigned port = acceptors.front().local_endpoint().port();
    if (listens)
        for (auto& acceptor : acceptors) start_listening(engine, std::move(acceptor), &bound);

    Command command;
    command.argv = options.command;
    command.environment = variables(bound, port, directory, state, bind);
    int status = 0;
    std::exception_ptr failure;
    auto run = [&]() -> asio::awaitable<void> {
        status = co_await run_in_foreground(command);
        engine.stop();
    };
    asio::co_spawn(io, run, [&](std::exception_ptr thrown) {
        failure = thrown;
        if (thrown) engine.stop();
    });
    io.run();
    if (failure) std::rethrow_exception(failure);
    return status;
}

} // namespace alert40
