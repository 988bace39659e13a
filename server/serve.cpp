// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/commands.h"

#include "scenarios/loader/catalogue.h"
#include "scenarios/loader/input_error.h"
#include "server/engine/listener.h"
#include "server/engine/publication.h"
#include "server/wire/fingerprint.h"

#include <asio/signal_set.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <mutex>
#include <thread>

namespace alert40 {
namespace {

using asio::ip::tcp;

// Leaves are valid for days; a server that runs longer forges anew long before that.
constexpr std::chrono::hours kForgeAnewEvery{24};

/// Lines on standard output: one per listener, one per handshake. Several threads write, each a whole line at a time.
class Log {
public:
    Log(std::string format, bool quiet) : format_(std::move(format)), quiet_(quiet) {}

    void listening(const std::string& scenario, const tcp::endpoint& endpoint, const std::string& name,
                   const std::string& root)
    {
        if (format_ == "json")
            return line(nlohmann::json{
                {"event", "listening"},
                {"scenario", scenario},
                {"address", endpoint.address().to_string()},
                {"port", endpoint.port()},
                {"server_name", name},
                {"root",
                 root}}.dump());
        line(fmt::format("{:<48} {}:{}  {}", scenario, endpoint.address().to_string(), endpoint.port(), name));
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

/// What one thread owns: its io_context, its engine, its bound scenarios.
struct Worker {
    asio::io_context io{1};
    std::optional<CaptureDirectory> captures;
    std::optional<KeyLogFile> key_log;
    std::optional<Engine> engine;
    std::vector<std::unique_ptr<BoundScenario>> bound;
    std::vector<BoundScenario*> by_name; // those that the common port answers for
    std::optional<asio::steady_timer> forge_timer;
};

/// Whether the common port, which chooses by the name in the ClientHello, can show what the scenario is about: not the
/// names, not the address, and nothing that comes before the ClientHello.
bool fits_common_port(const Scenario& scenario)
{
    const bool about_names = scenario.family() == "sni" || scenario.client.server_name == "none";
    const auto& faults = scenario.server.faults;
    const bool early = std::any_of(faults.begin(), faults.end(),
                                   [](const FaultSettings& fault) { return fault.trigger.value == "connect"; });
    return !about_names && !early && scenario.server.starttls == Starttls::none && scenario.server.addresses.empty();
}

void raise_descriptor_limit(std::size_t wanted)
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, wanted);
    setrlimit(RLIMIT_NOFILE, &limit);
}

/// The same settings in the manners of another server software, its hosts and back ends included.
ServerSettings with_persona(ServerSettings server, const std::string& persona)
{
    server.persona = {persona, {}};
    const auto change = [&](auto& each) {
        each.server = std::make_shared<const ServerSettings>(with_persona(*each.server, persona));
    };
    std::for_each(server.hosts.begin(), server.hosts.end(), change);
    std::for_each(server.addresses.begin(), server.addresses.end(), change);
    std::for_each(server.in_turn.begin(), server.in_turn.end(), change);
    return server;
}

/// What the connections of `worker` are recorded into. Throws std::system_error where that cannot be written.
CaptureOptions capture_options(const ServeOptions& options, Worker& worker, Log& log)
{
    if (!options.capture.empty()) worker.captures.emplace(options.capture);
    if (!options.key_log.empty()) worker.key_log.emplace(options.key_log);
    return {worker.captures ? &*worker.captures : nullptr,
            worker.key_log ? &*worker.key_log : nullptr,
            "alert40-server",
            {},
            [&log](std::string_view text) { log.warn(text); }};
}

ListenerOptions listener_options(const ServeOptions& options, Worker& worker, Log& log)
{
    ListenerOptions listener;
    listener.capture = capture_options(options, worker, log);
    listener.max_connections = options.max_connections;
    listener.on_end = [&log](ConnectionReport report) { log.ended(report); };
    listener.on_refused = [&log, &options] {
        static std::once_flag once;
        std::call_once(once, [&] {
            log.warn(fmt::format(
                "{} connections are open, further ones are closed at once; --max-connections raises the cap",
                options.max_connections));
        });
    };
    return listener;
}

/// The scenario whose client asks for this name; else the first that has a host of it.
BoundScenario* choose_by_name(const std::vector<BoundScenario*>& known, const ClientHello& hello)
{
    const auto name = hello.server_name();
    if (!name) return nullptr;
    const auto asks = [&](const BoundScenario* bound) { return same_name(bound->scenario().asked_name(), *name); };
    const auto has = [&](const BoundScenario* bound) {
        const auto& hosts = bound->scenario().server.hosts;
        return std::any_of(hosts.begin(), hosts.end(),
                           [&](const auto& host) { return same_name(host.name.value, *name); });
    };
    auto found = std::find_if(known.begin(), known.end(), asks);
    if (found == known.end()) found = std::find_if(known.begin(), known.end(), has);
    return found == known.end() ? nullptr : *found;
}

class Server {
public:
    Server(const ServeOptions& options, std::vector<Scenario> scenarios)
        : options_(options),
          scenarios_(std::move(scenarios)),
          log_(options.log, options.quiet),
          state_(options.state_directory.empty() ? StateDirectory::default_path() : options.state_directory, now()),
          recipes_(load_recipes(options.data / "certs" / "recipes")),
          personas_(load_personas(options.data / "server" / "personas"))
    {
        for (std::size_t index = 0; index < scenarios_.size(); ++index)
            shared_.push_back(std::make_shared<SharedByThreads>());
        raise_descriptor_limit(options.threads * options.max_connections + 4 * scenarios_.size() + 64);
        for (unsigned thread = 0; thread < options.threads; ++thread) {
            Worker& worker = *workers_.emplace_back(std::make_unique<Worker>());
            worker.engine.emplace(worker.io, listener_options(options_, worker, log_));
            bind(worker);
            worker.forge_timer.emplace(worker.io);
            forge_anew_later(worker);
        }
    }

    int run()
    {
        listen();
        Worker& first = *workers_.front();
        asio::signal_set signals(first.io, SIGTERM, SIGINT);
        signals.async_wait([this](const asio::error_code& error, int) {
            if (!error) stop();
        });
        log_.ready(state_.root_pem().string());
        std::vector<std::thread> threads;
        for (std::size_t index = 1; index < workers_.size(); ++index)
            threads.emplace_back([this, index] {
                workers_[index]->io.run();
                leave_stack_thread();
            });
        first.io.run();
        for (auto& thread : threads) thread.join();
        return 0;
    }

private:
    static std::chrono::system_clock::time_point now() { return std::chrono::system_clock::now(); }

    /// One of several that this build of the stack cannot serve is left out, with a word.
    void bind(Worker& worker)
    {
        const BindContext context{state_, recipes_, personas_, now(), options_.data, &publication_};
        for (std::size_t index = 0; index < scenarios_.size();) {
            const auto& scenario = scenarios_[index];
            const bool fixed = options_.fixed && scenario.fix.has_value();
            try {
                worker.bound.push_back(std::make_unique<BoundScenario>(scenario, fixed, context, shared_[index]));
            } catch (const NotServable& error) {
                if (scenarios_.size() == 1) throw;
                log_.warn(fmt::format("{} is left out: {}", scenario.id, error.what()));
                const auto place = static_cast<std::ptrdiff_t>(index);
                scenarios_.erase(scenarios_.begin() + place);
                shared_.erase(shared_.begin() + place);
                continue;
            }
            if (fits_common_port(scenario)) worker.by_name.push_back(worker.bound.back().get());
            ++index;
        }
    }

    void forge_anew_later(Worker& worker)
    {
        worker.forge_timer->expires_after(kForgeAnewEvery);
        worker.forge_timer->async_wait([this, &worker](const asio::error_code& stopped) {
            if (stopped) return;
            StateDirectory state(state_.path(), now()); // a root near its end is made anew here
            for (auto& bound : worker.bound)
                bound->forge_anew({state, recipes_, personas_, now(), options_.data, &publication_});
            forge_anew_later(worker);
        });
    }

    void stop()
    {
        for (auto& worker : workers_)
            asio::post(worker->io, [&each = *worker] {
                each.forge_timer->cancel();
                each.engine->stop();
            });
    }

    /// Listens on every address on every thread; returns the endpoints, all of one port.
    std::vector<tcp::endpoint> open(const std::vector<std::string>& addresses, asio::ip::port_type port,
                                    const std::function<void(Worker&, tcp::acceptor)>& start)
    {
        std::vector<tcp::endpoint> endpoints;
        for (auto& first : listen_on_all(workers_.front()->io, addresses, port)) {
            endpoints.push_back(first.local_endpoint());
            for (std::size_t index = 1; index < workers_.size(); ++index)
                start(*workers_[index], listen_beside(workers_[index]->io, first));
            start(*workers_.front(), std::move(first));
        }
        return endpoints;
    }

    void listen()
    {
        const auto root = state_.root_pem().string();
        const auto wanted = static_cast<asio::ip::port_type>(options_.port);
        const bool several = scenarios_.size() > 1;
        if (several) {
            const auto common = open({options_.listen}, wanted, [](Worker& worker, tcp::acceptor acceptor) {
                start_listening(*worker.engine, std::move(acceptor), nullptr,
                                [&worker](const ClientHello& hello) { return choose_by_name(worker.by_name, hello); });
            });
            log_.listening("(all, by server name)", common.front(), "*", root);
        }
        for (std::size_t index = 0; index < scenarios_.size(); ++index)
            listen_for(index, several ? asio::ip::port_type{0} : wanted);
    }

    /// One port, on each address that the scenario has.
    void listen_for(std::size_t index, asio::ip::port_type port)
    {
        const auto& scenario = workers_.front()->bound[index]->scenario();
        const auto addresses = workers_.front()->bound[index]->addresses(options_.listen);
        const auto absent =
            scenario.server.addresses.empty() ? std::nullopt : absent_address(workers_.front()->io, addresses);
        if (absent) {
            if (scenarios_.size() == 1)
                throw std::runtime_error(fmt::format("cannot serve {}: {}", scenario.id, *absent));
            return log_.warn(fmt::format("{} is left out: {}", scenario.id, *absent));
        }
        const auto endpoints = open(addresses, port, [index](Worker& worker, tcp::acceptor acceptor) {
            start_listening(*worker.engine, std::move(acceptor), worker.bound[index].get());
        });
        for (const auto& endpoint : endpoints)
            log_.listening(scenario.id, endpoint, scenario.asked_name(), state_.root_pem().string());
    }

    const ServeOptions& options_;
    std::vector<Scenario> scenarios_;
    std::vector<std::shared_ptr<SharedByThreads>> shared_; // one for each of scenarios_
    Log log_;
    StateDirectory state_;
    Publication publication_;
    RecipeCatalogue recipes_;
    PersonaCatalogue personas_;
    std::vector<std::unique_ptr<Worker>> workers_;
};

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
    for (auto& scenario : scenarios) {
        if (options.persona.empty()) break;
        scenario.server = with_persona(std::move(scenario.server), options.persona);
        if (scenario.fix) scenario.fix->server = with_persona(std::move(scenario.fix->server), options.persona);
    }
    Server server(options, std::move(scenarios));
    return server.run();
}

} // namespace alert40
