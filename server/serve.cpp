// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/commands.h"

#include "scenarios/loader/catalogue.h"
#include "scenarios/loader/input_error.h"
#include "server/control/control_address.h"
#include "server/control/control_api.h"
#include "server/wire/fingerprint.h"

#include <asio/signal_set.hpp>
#include <fmt/format.h>
#include <mutex>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

/// Lines on standard output: one per listener, one per handshake. Several threads write, each a whole line at a time.
class Log {
public:
    Log(std::string format, bool quiet) : format_(std::move(format)), quiet_(quiet) {}

    void listening(const std::string& scenario, const ListenerView& listener, const std::string& name,
                   const std::string& root)
    {
        for (const auto& address : listener.addresses) {
            const nlohmann::json event = {{"event", "listening"},  {"scenario", scenario}, {"address", address},
                                          {"port", listener.port}, {"server_name", name},  {"root", root}};
            line(format_ == "json" ? event.dump()
                                   : fmt::format("{:<48} {}:{}  {}", scenario, address, listener.port, name));
        }
    }
    void control(const std::string& url, const std::string& token)
    {
        const nlohmann::ordered_json event = {{"event", "control"}, {"url", url}, {"token", token}};
        line(format_ == "json" ? event.dump() : fmt::format("control API at {}; its token is {}", url, token));
    }
    void ready(const std::string& root)
    {
        line(format_ == "json" ? R"({"event":"ready"})" : fmt::format("ready; clients have to trust {}", root));
    }
    void ended(const ConnectionReport& report)
    {
        if (quiet_) return;
        const auto scenario = report.scenario != nullptr ? report.scenario->scenario().id : std::string("-");
        const auto how = describe(outcome_of(report.transcript));
        const auto behind = report.upstream_end ? std::string(name(*report.upstream_end)) : "";
        if (format_ == "json") {
            nlohmann::ordered_json event = {{"event", "handshake"}, {"scenario", scenario}, {"ended", how}};
            if (!behind.empty()) event["upstream"] = behind;
            if (const auto& hello = report.transcript.client_hello) event["ja4"] = ja4(*hello);
            return line(event.dump());
        }
        line(fmt::format("{}: {}{}", scenario, how, behind.empty() ? "" : ", the server behind: " + behind));
    }
    void warn(std::string_view text) { fmt::print(stderr, "alert40-server: {}\n", text); }

private:
    void line(const std::string& text)
    {
        const std::lock_guard lock(mutex_);
        std::fwrite((text + "\n").data(), 1, text.size() + 1, stdout);
        std::fflush(stdout);
    }

    std::string format_;
    bool quiet_;
    std::mutex mutex_;
};

/// Serves until SIGTERM or SIGINT. Scenarios that this machine or this build cannot serve are left out, with a word,
/// unless there is one only.
void serve(const ServeOptions& options, Serving& serving, Log& log)
{
    const auto root = serving.root_file().string();
    const auto wanted = static_cast<asio::ip::port_type>(options.port);
    const bool several = serving.scenarios().size() > 1;
    if (several) {
        const auto common = serving.listen_on_common_port(wanted);
        log.listening("(all, by server name)", common, "*", root);
    }
    for (const auto& scenario : serving.scenarios()) {
        NewListener listener;
        listener.scenario = scenario.id;
        listener.port = several ? 0 : wanted;
        listener.own = false;
        try {
            const auto made = serving.create(listener);
            log.listening(scenario.id, made, made.server_name, root);
        } catch (const Problem& problem) {
            if (!several) throw std::runtime_error(fmt::format("cannot serve {}: {}", scenario.id, problem.detail()));
            log.warn(fmt::format("{} is left out: {}", scenario.id, problem.detail()));
        }
    }
}

/// The control API of one process; what it needs outlives it.
struct Control {
    Control(const HttpServerOptions& options, Serving& serving, ConnectionLog& log, EventBus& events)
        : http(options, callers),
          api(http, serving, log, events, callers)
    {
    }

    Callers callers;
    HttpServer http;
    ControlApi api;
};

/// SIGTERM and SIGINT end the server cleanly from the moment that this exists.
class EndingSignals {
public:
    void wait()
    {
        signals_.async_wait([](const asio::error_code&, int) {});
        io_.run();
    }

private:
    asio::io_context io_{1};
    asio::signal_set signals_{io_, SIGTERM, SIGINT};
};

ServingOptions serving_options(const ServeOptions& options, Log& log)
{
    ServingOptions serving;
    serving.data = options.data;
    serving.state_directory = options.state_directory;
    serving.listen = options.listen;
    serving.threads = options.threads;
    serving.max_connections = options.max_connections;
    serving.capture = options.capture;
    serving.key_log = options.key_log;
    serving.persona = options.persona;
    serving.fixed = options.fixed;
    serving.bind_later = options.all; // the catalogue is known to be good; files of others are bound before "ready"
    serving.on_end = [&log](const ConnectionReport& report) { log.ended(report); };
    serving.warn = [&log](std::string_view text) { log.warn(text); };
    return serving;
}

} // namespace

int run_serve(const ServeOptions& options)
{
    if (options.scenarios.empty() && !options.all)
        throw InputError("nothing to serve", "name scenarios, or --all; 'alert40-server list' shows what there is");
    asio::error_code invalid;
    const auto address = asio::ip::make_address(options.listen, invalid);
    if (invalid)
        throw InputError(fmt::format("'{}' is not an address", options.listen), "--listen 127.0.0.1, --listen ::1");
    if (!address.is_loopback())
        fmt::print(
            stderr,
            "alert40-server: warning: listening on {}, which others can reach; this server is broken on purpose\n",
            options.listen);
    auto scenarios =
        load_scenarios(select_scenarios(options.data, options.all ? std::vector<std::string>{} : options.scenarios));
    EndingSignals signals; // before anything is printed: who reads that it is ready may end it at once
    Log log(options.log, options.quiet);
    const auto control_options = control_address(options.control);
    if (control_options && !asio::ip::make_address(control_options->address).is_loopback())
        log.warn(fmt::format("warning: the control API is on {}, which others can reach; who has its token steers this "
                             "server, and everybody sees what connects",
                             control_options->address));
    ConnectionLog connections;
    auto serving_with = serving_options(options, log);
    if (control_options) serving_with.log = &connections;
    Serving serving(std::move(serving_with), std::move(scenarios));
    std::optional<EventBus> events;
    std::optional<Control> control;
    if (control_options) {
        events.emplace(connections);
        serving.subscribe(events->listeners());
        control.emplace(*control_options, serving, connections, *events);
    }
    serve(options, serving, log);
    serving.start();
    if (control) {
        control->api.remember();
        control->http.start();
        log.control(control->http.url(), control->callers.trainer_token());
    }
    log.ready(serving.root_file().string());
    signals.wait();
    if (control) control->http.stop();
    serving.stop();
    return 0;
}

} // namespace alert40
