// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/run_client.h"

#include "certs/inspection.h"

#include <asio/redirect_error.hpp>
#include <fmt/format.h>

namespace alert40 {
namespace {

// After the client's exit its connections end by themselves; one that another process holds open is cut.
constexpr std::chrono::seconds kConnectionsEnd{1};

/// One bound scenario on a free port of 127.0.0.1, and what its connections did.
class CellServer {
public:
    CellServer(const RunContext& context, const Scenario& scenario, bool fixed, const std::string& client)
        : bound_(scenario, fixed, context.bind),
          quiet_(context.io),
          engine_(context.io, options(context, client))
    {
        for (auto& acceptor : listen_on_all(context.io, bound_.addresses(), 0)) {
            port_ = acceptor.local_endpoint().port();
            start_listening(engine_, std::move(acceptor), &bound_);
        }
    }

    unsigned port() const { return port_; }
    BoundScenario& bound() { return bound_; }

    /// Waits for the connections that are open, then stops listening.
    asio::awaitable<std::vector<Transcript>> finish()
    {
        quiet_.expires_after(kConnectionsEnd);
        while (engine_.connections > 0 && quiet_.expiry() > std::chrono::steady_clock::now()) {
            asio::error_code woken;
            co_await quiet_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        }
        engine_.stop();
        co_await engine_.nursery().join();
        co_return std::move(transcripts_);
    }

private:
    ListenerOptions options(const RunContext& context, const std::string& client)
    {
        ListenerOptions options;
        const auto name = fmt::format("{}{}-{}", bound_.scenario().id, bound_.fixed() ? "-fixed" : "", client);
        const auto warn = [](std::string_view text) { fmt::print(stderr, "alert40-check: {}\n", text); };
        options.capture = {context.captures, nullptr, "alert40-check", name, warn};
        options.on_end = [this](ConnectionReport report) {
            transcripts_.push_back(std::move(report.transcript));
            quiet_.cancel();
        };
        return options;
    }

    BoundScenario bound_;
    std::vector<Transcript> transcripts_;
    asio::steady_timer quiet_;
    Engine engine_;
    unsigned port_ = 0;
};

std::filesystem::path anchors(const RunContext& context, const Scenario& scenario)
{
    if (scenario.client.trust == Trust::run) return context.ca;
    const auto pem = [](const Bytes& root) { return to_pem("CERTIFICATE", root); };
    if (scenario.client.trust == Trust::nothing) // some root: a client with an empty file says that of the file
        return context.files.write("other-root.pem", pem(context.bind.state.stranger_root()));
    const auto& inspection = InspectionAuthority::of_process(context.bind.now);
    return context.files.write("with-inspection-root.pem", pem(context.bind.state.root()) + pem(inspection.root()));
}

Target make_target(const RunContext& context, const Scenario& scenario, unsigned port)
{
    Target target;
    target.host = scenario.client_address();
    target.port = port;
    target.name =
        scenario.asked_name().empty() ? certificate_names(scenario, scenario.server).front() : scenario.asked_name();
    target.ca = anchors(context, scenario);
    target.run_directory = context.files.path();
    target.self = context.self;
    const auto& certificate = scenario.client.certificate;
    if (const auto chain = forge_client_chain(certificate, context.bind)) {
        const std::string stem = certificate.inline_recipe ? fmt::format("client-{}", port) : certificate.recipe;
        target.client_chain = context.files.write(fmt::format("{}-{}.pem", stem, port), chain_pem(*chain));
        target.client_key = context.files.write(fmt::format("{}-{}.key", stem, port), chain->key.private_pem());
    }
    return target;
}

/// Everything but the connections. nullopt with `skip` filled where the client cannot be asked for it.
asio::awaitable<std::optional<Observation>> run_against(CellServer& server, const RunContext& context,
                                                        const ClientDefinition& client, Skip& skip)
{
    const Scenario& served = server.bound().scenario();
    auto expanded = expand(client, served.client, make_target(context, served, server.port()));
    std::optional<Observation> observation;
    if (auto* cannot = std::get_if<Skip>(&expanded)) {
        skip = std::move(*cannot);
        co_return observation;
    }
    Command& command = std::get<Command>(expanded);
    observation.emplace();
    observation->argv = command.argv;
    observation->environment = command.environment;
    observation->input = command.input;
    observation->port = server.port();
    const auto deadline = served.client.timeout.value_or(context.timeout);
    observation->child = co_await run_child(command, deadline, client.input_policy);
    co_return observation;
}

} // namespace

asio::awaitable<std::optional<Observation>> run_client(const RunContext& context, const Scenario& scenario, bool fixed,
                                                       const ClientDefinition& client, Skip& skip)
{
    CellServer server(context, scenario, fixed, client.name);
    std::optional<Observation> observation;
    std::exception_ptr failure;
    try {
        observation = co_await run_against(server, context, client, skip);
    } catch (...) { // the listener must not outlive the server, so it is ended before anything is thrown on
        failure = std::current_exception();
    }
    auto connections = co_await server.finish();
    if (failure) std::rethrow_exception(failure);
    if (observation) {
        observation->connections = std::move(connections);
        if (const auto* reason = server.bound().not_applicable()) observation->not_applicable = *reason;
    }
    co_return observation;
}

} // namespace alert40
