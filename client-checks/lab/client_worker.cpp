// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/client_worker.h"

#include "client-checks/checks/program.h"
#include "client-checks/lab/pasted_command.h"
#include "client-checks/process/orphans.h"
#include "scenarios/loader/recipe_file.h"
#include "server/engine/listener.h"

#include <algorithm>
#include <asio/executor_work_guard.hpp>
#include <fmt/format.h>
#include <future>
#include <list>
#include <thread>

namespace alert40 {
namespace {

constexpr const char* kEnded = "the lab has ended";
constexpr std::chrono::minutes kKeptWarm{5};

/// Why the lab cannot run this kind; empty where it can.
std::string lacking_kind(const ClientDefinition& client)
{
    switch (client.kind) {
    case ClientKind::command:
    case ClientKind::trytls:
        return {};
    case ClientKind::trigger:
        return "a device is run by `alert40-check run`";
    case ClientKind::manual:
        return "somebody has to open it by hand";
    }
    return {};
}

bool needs_compiling(const RosterEntry& client)
{
    return client.definition.program && !client.definition.program->compile.empty() && client.build.empty();
}

} // namespace

struct ClientWorker::Inside {
    explicit Inside(ClientWorkerOptions wanted) : options(std::move(wanted)) {}

    /// What belongs to the thread, made there.
    struct Bench {
        explicit Bench(const ClientWorkerOptions& options, asio::io_context& io)
            : state(options.state_directory, std::chrono::system_clock::now()),
              recipes(load_recipes(options.data / "certs" / "recipes")),
              personas(load_personas(options.data / "server" / "personas")),
              files(state.make_run_directory()),
              bind{state, recipes, personas, std::chrono::system_clock::now(), options.data},
              context{io,           bind,           files, files.write("root.pem", to_pem("CERTIFICATE", state.root())),
                      options.self, options.timeout},
              idle(io),
              nursery(io.get_executor(), report_failure)
        {
        }

        StateDirectory state;
        RecipeCatalogue recipes;
        PersonaCatalogue personas;
        RunDirectory files;
        BindContext bind;
        RunContext context;
        Roster roster;
        WarmPool warm;           // a Java machine starts once, not once for each run
        asio::steady_timer idle; // until the processes of `warm` are let go
        Nursery nursery;
    };

    void work();
    asio::awaitable<void> look_for_clients();
    asio::awaitable<void> ask_versions();
    void publish();
    void begin_waiting();
    void let_go_later();
    bool is_free(const ClientJob& job) const;
    asio::awaitable<void> execute(std::list<ClientJob>::iterator job);
    asio::awaitable<ClientRunResult> make_run(const ClientJob& job);
    asio::awaitable<void> compile(RosterEntry& entry);
    RosterEntry* find(std::string_view client);
    std::vector<ClientCommandView> commands_for(const ServedCopy& server);
    void end();
    void abandon();

    /// Does it on the worker's thread; false: that has ended.
    template <class Act> bool post(Act act)
    {
        const std::lock_guard lock(gate);
        if (!closed) asio::post(io, std::move(act)); // what was posted before the end is still done
        return !closed;
    }

    ClientWorkerOptions options;
    std::mutex gate;
    bool closed = false;
    asio::io_context io{1};
    std::thread thread;
    std::promise<void> looked; // the clients are known, or it could not be
    std::shared_future<void> known{looked.get_future()};

    mutable std::mutex mutex;
    std::vector<ClientView> views;

    // ---- of the thread
    std::optional<Bench> bench;
    bool asks_versions = false;
    bool over = false;
    std::list<ClientJob> running;
    std::list<ClientJob> waiting;
};

void ClientWorker::Inside::work()
{
    adopt_orphans();
    auto guard = asio::make_work_guard(io);
    try {
        bench.emplace(options, io);
        auto look = [this] { return look_for_clients(); };
        bench->nursery.spawn(std::move(look));
    } catch (...) {
        looked.set_exception(std::current_exception());
    }
    asio::post(io, [] {});
    io.run_one();
    while (!over) io.run_one();
    guard.reset();
    io.run();
    abandon();
    bench.reset();
}

/// What was cancelled before its first step has told nobody, and callers wait for it.
void ClientWorker::Inside::abandon()
{
    for (auto& job : running) {
        ClientRunResult never;
        never.why_not = kEnded;
        job.ended(std::move(never));
    }
    running.clear();
    if (known.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
        looked.set_exception(std::make_exception_ptr(std::runtime_error(kEnded)));
}

asio::awaitable<void> ClientWorker::Inside::look_for_clients()
{
    try {
        MusterOptions wanted{options.data, {}, options.self, {}, options.client_files, false};
        bench->roster = co_await muster(std::move(wanted));
        publish();
        looked.set_value();
    } catch (...) {
        looked.set_exception(std::current_exception());
    }
}

asio::awaitable<void> ClientWorker::Inside::ask_versions()
{
    for (auto& client : bench->roster.clients) {
        if (over) co_return;
        try {
            co_await ask_version(client, options.self);
        } catch (const std::exception&) {
            continue; // it cannot be started: a run of it will tell why
        }
        publish();
    }
}

void ClientWorker::Inside::publish()
{
    const std::lock_guard lock(mutex);
    views.clear();
    for (const auto& client : bench->roster.clients) {
        const auto& definition = client.definition;
        views.push_back({definition.name, definition.title, client.version, definition.library,
                         client.absent.empty() ? lacking_kind(definition) : client.absent});
    }
}

RosterEntry* ClientWorker::Inside::find(std::string_view client)
{
    auto& clients = bench->roster.clients;
    const auto found =
        std::find_if(clients.begin(), clients.end(), [&](const auto& each) { return each.definition.name == client; });
    return found == clients.end() ? nullptr : &*found;
}

/// Whose server is free, and whose program nobody is compiling.
bool ClientWorker::Inside::is_free(const ClientJob& job) const
{
    return std::none_of(running.begin(), running.end(), [&](const ClientJob& other) {
        return other.server.tag == job.server.tag || other.client == job.client;
    });
}

void ClientWorker::Inside::begin_waiting()
{
    for (auto job = waiting.begin(); job != waiting.end() && running.size() < options.at_once && !over;) {
        const auto next = std::next(job);
        if (is_free(*job)) {
            running.splice(running.end(), waiting, job);
            auto go = [this, place = std::prev(running.end())] { return execute(place); };
            bench->nursery.spawn(std::move(go));
        }
        job = next;
    }
}

asio::awaitable<void> ClientWorker::Inside::execute(std::list<ClientJob>::iterator job)
{
    ClientRunResult result;
    try {
        job->started();
        result = co_await make_run(*job);
    } catch (const std::exception& error) {
        result.why_not = error.what();
    }
    if (over) result.why_not = kEnded;
    job->ended(std::move(result));
    running.erase(job);
    begin_waiting();
    let_go_later();
}

/// Warm processes hold memory (a Java machine some 50 MB): when nobody has run a client for a while they end.
void ClientWorker::Inside::let_go_later()
{
    if (over) return bench->warm.end();
    bench->idle.expires_after(kKeptWarm);
    bench->idle.async_wait([this](const asio::error_code& earlier) {
        if (!earlier && running.empty()) bench->warm.end();
    });
}

asio::awaitable<void> ClientWorker::Inside::compile(RosterEntry& entry)
{
    auto compiled = co_await compile_program(entry.definition, bench->state.path() / "programs");
    entry.build = std::move(compiled.build);
    if (compiled.failure.empty()) co_return;
    entry.absent = std::move(compiled.failure);
    publish();
}

asio::awaitable<ClientRunResult> ClientWorker::Inside::make_run(const ClientJob& job)
{
    ClientRunResult result;
    RosterEntry* entry = find(job.client);
    if (entry == nullptr) throw std::runtime_error("no client is named " + job.client);
    if (entry->absent.empty() && needs_compiling(*entry)) co_await compile(*entry);
    result.why_not = entry->absent.empty() ? lacking_kind(entry->definition) : entry->absent;
    result.library = entry->definition.library;
    if (!result.why_not.empty()) co_return result;
    auto made = command_for(bench->context, job.server.facts(), *entry);
    if (auto* cannot = std::get_if<Skip>(&made)) {
        result.why_not = std::move(cannot->why);
        co_return result;
    }
    const ClientCommand& command = std::get<ClientCommand>(made);
    result.shell = shell_of(command.invocation);
    result.needs = needed_beside(command.invocation);
    Expected connected;
    const unsigned count = job.server.scenario.client.connections;
    for (unsigned number = 1; number <= count; ++number) {
        auto seen = co_await run_command(command.invocation, entry->definition, &bench->warm, command.deadline);
        interpret(seen, connected, *entry);
        const auto told = [&](std::string& all, const std::string& more) {
            if (count > 1) all += fmt::format("--- run {} of {} ---\n", number, count);
            all += more;
        };
        auto outputs = std::move(result.child);
        result.child = std::move(seen.child);
        told(outputs.output, result.child.output);
        told(outputs.errors, result.child.errors);
        result.child.output = std::move(outputs.output);
        result.child.errors = std::move(outputs.errors);
        // Of several the first that fails says what the failure is.
        const bool failed_before = !result.symptoms.empty() && !contains(result.symptoms, *Symptom::parse("connected"));
        if (failed_before) continue;
        result.symptoms = std::move(seen.symptoms);
        result.says = std::move(seen.says);
    }
    co_return result;
}

std::vector<ClientCommandView> ClientWorker::Inside::commands_for(const ServedCopy& server)
{
    std::vector<ClientCommandView> views_made;
    for (const auto& client : bench->roster.clients) {
        if (!client.absent.empty() || !lacking_kind(client.definition).empty()) continue;
        ClientCommandView& view = views_made.emplace_back();
        view.client = client.definition.name;
        if (needs_compiling(client)) {
            view.why_not = "it is compiled when it is first run from here";
            continue;
        }
        const auto made = command_for(bench->context, server.facts(), client);
        if (const auto* cannot = std::get_if<Skip>(&made)) {
            view.why_not = cannot->why;
            continue;
        }
        const auto& command = std::get<ClientCommand>(made);
        view.argv = command.invocation.command.argv;
        view.shell = shell_of(command.invocation);
        view.elsewhere = shell_elsewhere(bench->context, command.invocation, client);
        view.needs = needed_beside(command.invocation);
    }
    return views_made;
}

void ClientWorker::Inside::end()
{
    over = true;
    for (auto& job : waiting) {
        ClientRunResult never;
        never.why_not = kEnded;
        job.ended(std::move(never));
    }
    waiting.clear();
    if (!bench) return;
    bench->nursery.stop(); // a run that is cancelled kills its child
    bench->idle.cancel();
    bench->warm.end();
}

ClientWorker::ClientWorker(ClientWorkerOptions options) : inside_(std::make_unique<Inside>(std::move(options))) {}

ClientWorker::~ClientWorker()
{
    stop();
}

void ClientWorker::start()
{
    inside_->thread = std::thread([inside = inside_.get()] { inside->work(); });
}

void ClientWorker::stop()
{
    if (!inside_->thread.joinable()) return;
    inside_->post([inside = inside_.get()] { inside->end(); });
    {
        const std::lock_guard lock(inside_->gate);
        inside_->closed = true;
    }
    inside_->thread.join();
}

std::vector<ClientView> ClientWorker::clients()
{
    inside_->known.get();
    inside_->post([inside = inside_.get()] {
        if (std::exchange(inside->asks_versions, true) || inside->over) return;
        auto ask = [inside] { return inside->ask_versions(); };
        inside->bench->nursery.spawn(std::move(ask));
    });
    const std::lock_guard lock(inside_->mutex);
    return inside_->views;
}

std::vector<ClientCommandView> ClientWorker::commands(ServedCopy server)
{
    inside_->known.get();
    std::packaged_task<std::vector<ClientCommandView>()> task([&] { return inside_->commands_for(server); });
    if (!inside_->post([&task] { task(); })) throw std::runtime_error(kEnded);
    return task.get_future().get();
}

void ClientWorker::run(ClientJob job)
{
    inside_->known.get();
    auto shared = std::make_shared<ClientJob>(std::move(job));
    const auto never = [shared] {
        ClientRunResult result;
        result.why_not = kEnded;
        shared->ended(std::move(result));
    };
    const bool posted = inside_->post([inside = inside_.get(), shared, never] {
        if (inside->over) return never();
        inside->waiting.push_back(std::move(*shared));
        inside->begin_waiting();
    });
    if (!posted) never();
}

} // namespace alert40
