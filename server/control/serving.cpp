// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/serving.h"

#include "scenarios/loader/input_error.h"
#include "scenarios/vocabulary/nearest.h"
#include "server/control/common_names.h"
#include "server/control/forge_room.h"
#include "server/control/index_page.h"
#include "server/control/personas.h"
#include "server/control/ports.h"
#include "server/engine/servable.h"

#include <algorithm>
#include <fmt/format.h>
#include <sys/resource.h>

namespace alert40 {
namespace {

// Leaves are valid for days; a server that runs longer forges anew long before that.
constexpr std::chrono::hours kForgeAnewEvery{24};
constexpr std::size_t kLongestName = 100; // of a listener

void raise_descriptor_limit(std::size_t wanted)
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, wanted);
    setrlimit(RLIMIT_NOFILE, &limit);
}

bool fits_name(char each)
{
    return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') || each == '.' || each == '-';
}

void check_name(const std::string& name)
{
    if (name.size() > kLongestName || !std::all_of(name.begin(), name.end(), fits_name))
        throw Problem(400, "This is no listener's name",
                      fmt::format("'{}' is to have at most {} of a-z, 0-9, '.' and '-'", name, kLongestName));
}

Answering answer_nobody()
{
    Answering answering;
    answering.choose = [](const ClientHello&) -> asio::awaitable<std::shared_ptr<BoundScenario>> { co_return nullptr; };
    return answering;
}

/// With the fix where that is asked for and there is one.
Scenario as_served(const Scenario& scenario, bool fixed)
{
    return fixed && scenario.fix ? fixed_twin(scenario) : scenario;
}

} // namespace

std::string listener_name(std::string_view scenario)
{
    std::string name(scenario);
    std::replace(name.begin(), name.end(), '/', '.');
    return name;
}

std::string ListenerView::url() const
{
    const auto& address = addresses.front();
    const auto literal = address.find(':') == std::string::npos ? address : "[" + address + "]";
    return fmt::format("https://{}:{}/", server_name.empty() ? literal : server_name, port);
}

/// One listener. `view.connections` is filled in when it is looked at.
struct ServedListener {
    explicit ServedListener(std::vector<std::unique_ptr<Worker>>& workers) : ports(workers) {}

    ListenerView view;
    std::string alias;
    std::shared_ptr<Supply> supply; // nullptr: the common port
    std::shared_ptr<std::atomic<std::size_t>> connections = std::make_shared<std::atomic<std::size_t>>(0);
    Ports ports;
};

struct Serving::Inside {
    Inside(ServingOptions with, std::vector<Scenario> served);
    ~Inside() { stop(); }

    void start();
    void stop();
    void prepare();
    void forge_anew_later();
    void forge_anew();
    std::shared_ptr<Supply> make_supply(Scenario scenario, bool fixed);
    std::shared_ptr<Supply> supply_for(const NewListener& wanted, const Scenario& scenario);
    std::shared_ptr<Supply> index_supply(std::vector<std::string> names);
    const Scenario& known(const std::string& id) const;
    void check_persona(const std::string& persona) const;
    std::string free_name(const NewListener& wanted) const;
    ServedListener& listener(const std::string& name) const;
    Ports::AnsweringOf answering(const ServedListener& listener, const std::shared_ptr<Supply>& supply) const;
    Ports::AnsweringOf answering_by_name(const ServedListener& listener) const;
    void open(ServedListener& listener, const std::shared_ptr<Supply>& supply, unsigned port);
    void exchange(ServedListener& listener, const std::shared_ptr<Supply>& supply);
    void fill(ServedListener& listener, const std::shared_ptr<Supply>& supply) const;
    ListenerView add(std::shared_ptr<ServedListener> listener);
    ListenerView look(const ServedListener& listener) const;
    ConnectionOrigin origin(const ServedListener& listener) const;
    void tell(const ListenerView& view, bool deleted) const;
    void check_open() const;
    std::shared_ptr<Supply> answering_for(const std::string& name, const std::string& scenario) const;

    ServingOptions options;
    std::vector<Scenario> scenarios;
    ForgeRoom room;
    Supply::Bind bind;
    std::vector<std::unique_ptr<Worker>> workers;
    Binder binder;                                 // its jobs use what stands above
    std::vector<std::shared_ptr<Supply>> supplies; // one for each of the scenarios
    CommonNames names;
    std::string page; // the page of the common port
    std::vector<std::function<void(const ListenerView&, bool)>> told;
    mutable std::mutex changes; // one change at a time
    mutable std::mutex mutex;   // for the list, and what is shown of each
    std::vector<std::shared_ptr<ServedListener>> listeners;
    bool started = false; // under `changes`, as is what follows
    bool stopped = false;
    std::optional<asio::steady_timer> forge_timer;
};

Serving::Inside::Inside(ServingOptions with, std::vector<Scenario> served)
    : options(std::move(with)),
      scenarios(std::move(served)),
      room(options.data, options.state_directory),
      names([this](Scenario scenario, bool fixed) { return make_supply(std::move(scenario), fixed); })
{
    for (auto& scenario : scenarios) scenario = with_persona(std::move(scenario), options.persona);
    constexpr std::size_t kForControl = 512;
    raise_descriptor_limit(options.threads * options.max_connections + 4 * scenarios.size() + kForControl);
    bind = [this](const Scenario& scenario, bool fixed, const std::shared_ptr<SharedByThreads>& shared) {
        return std::make_shared<BoundScenario>(scenario, fixed && scenario.fix, room.context(), shared);
    };
    ListenerOptions engine;
    engine.max_connections = options.max_connections;
    engine.capture.program = options.program;
    engine.capture.warn = options.warn;
    engine.on_end = [this](ConnectionReport& report) { options.on_end(report); };
    const auto once = std::make_shared<std::once_flag>();
    engine.on_refused = [this, once] {
        std::call_once(*once, [this] {
            options.warn(fmt::format(
                "{} connections are open, further ones are closed at once; --max-connections raises the cap",
                options.max_connections));
        });
    };
    for (unsigned thread = 0; thread < options.threads; ++thread)
        workers.push_back(std::make_unique<Worker>(engine, options.capture, options.key_log));
    prepare();
}

/// The scenarios' supplies, bound where they are not put off.
void Serving::Inside::prepare()
{
    for (const auto& scenario : scenarios) {
        auto supply = make_supply(scenario, options.fixed && scenario.fix);
        try {
            if (!options.bind_later) binder.wait_for([&] { supply->bind(); });
            supplies.push_back(std::move(supply));
        } catch (const NotServable& error) {
            if (scenarios.size() == 1) throw;
            options.warn(fmt::format("{} is left out: {}", scenario.id, error.what()));
        }
    }
    const auto left_out = [this](const Scenario& scenario) {
        return std::ranges::none_of(supplies, [&](const auto& each) { return each->scenario().id == scenario.id; });
    };
    if (supplies.size() < scenarios.size()) std::erase_if(scenarios, left_out);
}

void Serving::Inside::start()
{
    const std::lock_guard lock(changes);
    if (std::exchange(started, true)) return;
    for (auto& worker : workers) worker->start();
    forge_timer.emplace(workers.front()->io());
    workers.front()->on_thread([this] { forge_anew_later(); });
    if (!options.bind_later) return;
    const auto failed = [this](const Supply& supply, const std::string& why) {
        options.warn(fmt::format("{} is left out: {}", supply.scenario().id, why));
    };
    for (const auto& supply : supplies) supply->bind_later(failed);
}

void Serving::Inside::forge_anew_later()
{
    forge_timer->expires_after(kForgeAnewEvery);
    forge_timer->async_wait([this](const asio::error_code& stopping) {
        if (stopping) return;
        binder.soon([this] { forge_anew(); });
        forge_anew_later();
    });
}

/// On the binder's thread. One scenario at a time stops its worker for the moment that it takes.
void Serving::Inside::forge_anew()
{
    room.renew();
    auto all = names.made_for_names();
    all.insert(all.end(), supplies.begin(), supplies.end());
    {
        const std::lock_guard lock(mutex);
        for (const auto& each : listeners)
            if (each->supply) all.push_back(each->supply);
    }
    for (const auto& supply : all)
        for (std::size_t index = 0; index < workers.size(); ++index)
            if (const auto bound = supply->bound(index))
                workers[index]->on_thread([&] { bound->forge_anew(room.context()); });
}

void Serving::Inside::stop()
{
    const std::lock_guard lock(changes);
    if (std::exchange(stopped, true)) return;
    if (started) workers.front()->on_thread([this] { forge_timer->cancel(); });
    binder.stop();
    if (!started) return;
    for (auto& worker : workers) worker->stop();
    for (auto& worker : workers) worker->join();
}

void Serving::Inside::check_open() const
{
    if (stopped) throw Problem(503, "The server is ending", "start it again");
}

std::shared_ptr<Supply> Serving::Inside::make_supply(Scenario scenario, bool fixed)
{
    return std::make_shared<Supply>(binder, bind, std::move(scenario), fixed, options.threads);
}

/// Bound, on the binder's thread. Throws Problem where it cannot be.
std::shared_ptr<Supply> Serving::Inside::supply_for(const NewListener& wanted, const Scenario& scenario)
{
    const auto place = static_cast<std::size_t>(&scenario - scenarios.data());
    if (!wanted.own && wanted.persona.empty() && wanted.alias.empty()) return supplies[place];
    check_persona(wanted.persona);
    if (wanted.fixed && !scenario.fix)
        throw Problem(409, "There is no fix", fmt::format("{} is a control: it connects as it is", scenario.id));
    Scenario served = with_persona(scenario, wanted.persona);
    if (!wanted.alias.empty()) served.id = wanted.alias;
    auto supply = make_supply(std::move(served), wanted.fixed);
    try {
        binder.wait_for([&] { supply->bind(); });
    } catch (const InputError& error) {
        throw Problem(409, "The scenario cannot be served", error.what());
    }
    return supply;
}

const Scenario& Serving::Inside::known(const std::string& id) const
{
    const auto found = std::ranges::find(scenarios, id, &Scenario::id);
    if (found != scenarios.end()) return *found;
    std::vector<std::string> ids;
    for (const auto& each : scenarios) ids.push_back(each.id);
    const auto close = nearest(id, ids);
    throw Problem(404, "There is no such scenario",
                  fmt::format("'{}': {}GET /api/scenarios lists them", id,
                              close ? fmt::format("did you mean '{}'? ", *close) : ""));
}

void Serving::Inside::check_persona(const std::string& persona) const
{
    if (persona.empty() || room.personas().contains(persona)) return;
    std::vector<std::string> known_ones;
    for (const auto& [name, each] : room.personas()) known_ones.push_back(name);
    throw Problem(404, "There is no such persona", fmt::format("'{}': {}", persona, hint_for(persona, known_ones)));
}

/// Under `changes`.
std::string Serving::Inside::free_name(const NewListener& wanted) const
{
    const auto taken = [this](const std::string& name) {
        return name == kCommon ||
               std::ranges::any_of(listeners, [&](const auto& each) { return each->view.name == name; });
    };
    if (!wanted.name.empty()) {
        check_name(wanted.name);
        if (taken(wanted.name))
            throw Problem(
                409, "The name is taken",
                fmt::format("a listener '{}' is there; PATCH it, DELETE it, or choose another name", wanted.name));
        return wanted.name;
    }
    const auto plain = listener_name(wanted.alias.empty() ? wanted.scenario : wanted.alias);
    std::string name = plain;
    for (std::size_t number = 2; taken(name); ++number) name = fmt::format("{}-{}", plain, number);
    return name;
}

/// Under `changes`.
ServedListener& Serving::Inside::listener(const std::string& name) const
{
    for (const auto& each : listeners)
        if (each->view.name == name) return *each;
    throw Problem(404, "There is no such listener", fmt::format("'{}': GET /api/listeners lists them", name));
}

ConnectionOrigin Serving::Inside::origin(const ServedListener& listener) const
{
    return {listener.view.name, listener.view.owner, listener.view.hidden,
            listener.alias.empty() ? std::string() : listener.view.scenario};
}

Ports::AnsweringOf Serving::Inside::answering(const ServedListener& listener,
                                              const std::shared_ptr<Supply>& supply) const
{
    return [supply, counter = listener.connections, from = origin(listener), log = options.log](std::size_t worker) {
        Answering answering;
        answering.only = [supply, counter, worker]() -> asio::awaitable<std::shared_ptr<BoundScenario>> {
            ++*counter;
            co_return co_await supply->take(worker);
        };
        if (log != nullptr)
            answering.observe = [log, from](const TcpEnd& client, const TcpEnd& server) {
                return log->observe(from, client, server);
            };
        return answering;
    };
}

Ports::AnsweringOf Serving::Inside::answering_by_name(const ServedListener& listener) const
{
    return [this, counter = listener.connections, from = origin(listener), log = options.log](std::size_t worker) {
        Answering answering;
        answering.choose = [this, counter,
                            worker](const ClientHello& hello) -> asio::awaitable<std::shared_ptr<BoundScenario>> {
            ++*counter;
            const auto supply = names.find(hello.server_name());
            if (!supply) co_return nullptr;
            co_return co_await supply->take(worker);
        };
        if (log != nullptr)
            answering.observe = [log, from](const TcpEnd& client, const TcpEnd& server) {
                return log->observe(from, client, server);
            };
        return answering;
    };
}

/// Throws Problem 409 where the port or an address cannot be had.
void Serving::Inside::open(ServedListener& listener, const std::shared_ptr<Supply>& supply, unsigned port)
{
    const Scenario served = as_served(supply->scenario(), supply->fixed());
    std::vector<std::string> addresses{options.listen};
    if (!served.server.addresses.empty()) addresses.clear();
    for (const auto& each : served.server.addresses) addresses.push_back(each.address.value);
    try {
        std::optional<std::string> absent;
        if (!served.server.addresses.empty())
            workers.front()->on_thread([&] { absent = absent_address(workers.front()->io(), addresses); });
        if (absent) throw Problem(409, "This machine has not the addresses", "it cannot listen on " + *absent);
        if (served.server.listens)
            listener.ports.open(addresses, port, answering(listener, supply));
        else
            listener.ports.hold(addresses, port);
    } catch (const std::system_error& error) {
        throw Problem(409, "The port cannot be had", fmt::format("{}; port 0 takes a free one", error.what()));
    }
    const std::lock_guard lock(mutex);
    listener.view.addresses = addresses;
    listener.view.port = listener.ports.port();
}

void Serving::Inside::fill(ServedListener& listener, const std::shared_ptr<Supply>& supply) const
{
    const std::lock_guard lock(mutex);
    listener.supply = supply;
    listener.view.fixed = supply->fixed();
    listener.view.server_name = as_served(supply->scenario(), supply->fixed()).asked_name();
}

/// The same port, answered by `supply`. Where it needs other addresses, or none at all, it is opened again.
void Serving::Inside::exchange(ServedListener& listener, const std::shared_ptr<Supply>& supply)
{
    const auto shape = [](const Supply& each) {
        const Scenario served = as_served(each.scenario(), each.fixed());
        std::vector<std::string> addresses;
        for (const auto& one : served.server.addresses) addresses.push_back(one.address.value);
        return std::pair(served.server.listens, addresses);
    };
    if (shape(*supply) == shape(*listener.supply)) return listener.ports.answer_with(answering(listener, supply));
    const unsigned port = listener.ports.port();
    listener.ports.close();
    try {
        open(listener, supply, port);
    } catch (const Problem&) {
        open(listener, listener.supply, port); // as it was
        throw;
    }
}

ListenerView Serving::Inside::look(const ServedListener& listener) const
{
    const std::lock_guard lock(mutex);
    ListenerView view = listener.view;
    view.connections = *listener.connections;
    return view;
}

void Serving::Inside::tell(const ListenerView& view, bool deleted) const
{
    for (const auto& each : told) each(view, deleted);
}

ListenerView Serving::Inside::add(std::shared_ptr<ServedListener> listener)
{
    {
        const std::lock_guard lock(mutex);
        listeners.push_back(listener);
    }
    const auto view = look(*listener);
    tell(view, false);
    return view;
}

/// Answers with the index, under these names.
std::shared_ptr<Supply> Serving::Inside::index_supply(std::vector<std::string> certified)
{
    const auto with_page = [this](const Scenario& scenario, bool fixed,
                                  const std::shared_ptr<SharedByThreads>& shared) {
        auto bound = bind(scenario, fixed, shared);
        bound->answer_with([this](std::string_view request) { return index_answer(page, room.root_pem(), request); });
        return bound;
    };
    return std::make_shared<Supply>(binder, with_page, index_scenario(certified), false, options.threads);
}

Serving::Serving(ServingOptions options, std::vector<Scenario> scenarios)
    : inside_(std::make_unique<Inside>(std::move(options), std::move(scenarios)))
{
}

Serving::~Serving() = default;

void Serving::start()
{
    inside_->start();
}

void Serving::stop()
{
    inside_->stop();
}

ListenerView Serving::create(const NewListener& wanted)
{
    const std::lock_guard lock(inside_->changes);
    inside_->check_open();
    if (inside_->listeners.size() >= kMostListeners)
        throw Problem(503, "There are too many listeners", fmt::format("{} are the cap; DELETE some", kMostListeners));
    if (wanted.port > 65535) throw Problem(400, "This is no port", "a port is 0 (a free one) to 65535");
    const Scenario& scenario = inside_->known(wanted.scenario);
    auto listener = std::make_shared<ServedListener>(inside_->workers);
    listener->alias = wanted.alias;
    listener->view.name = inside_->free_name(wanted);
    listener->view.scenario = scenario.id;
    listener->view.persona = wanted.persona;
    listener->view.owner = wanted.owner;
    listener->view.hidden = wanted.hidden;
    const auto supply = inside_->supply_for(wanted, scenario);
    inside_->fill(*listener, supply);
    inside_->open(*listener, supply, wanted.port);
    return inside_->add(std::move(listener));
}

ListenerView Serving::change(const std::string& name, const ListenerChange& change)
{
    const std::lock_guard lock(inside_->changes);
    inside_->check_open();
    ServedListener& listener = inside_->listener(name);
    if (!listener.supply)
        throw Problem(409, "The common port has no scenario", "each of its scenarios answers for a name of its own");
    NewListener wanted;
    wanted.scenario = change.scenario.value_or(listener.view.scenario);
    wanted.persona = change.persona.value_or(listener.view.persona);
    wanted.fixed = change.fixed.value_or(change.scenario ? false : listener.view.fixed);
    wanted.alias = listener.alias;
    const Scenario& scenario = inside_->known(wanted.scenario);
    const auto supply = inside_->supply_for(wanted, scenario);
    {
        const std::lock_guard view(inside_->mutex);
        listener.view.scenario = scenario.id;
        listener.view.persona = wanted.persona;
    }
    inside_->exchange(listener, supply);
    inside_->fill(listener, supply);
    const auto view = inside_->look(listener);
    inside_->tell(view, false);
    return view;
}

void Serving::remove(const std::string& name)
{
    const std::lock_guard lock(inside_->changes);
    inside_->check_open();
    ServedListener& listener = inside_->listener(name);
    listener.ports.close();
    const auto view = inside_->look(listener);
    {
        const std::lock_guard list(inside_->mutex);
        std::erase_if(inside_->listeners, [&](const auto& each) { return each.get() == &listener; });
    }
    inside_->tell(view, true);
}

ListenerView Serving::reveal(const std::string& name)
{
    const std::lock_guard lock(inside_->changes);
    inside_->check_open();
    ServedListener& listener = inside_->listener(name);
    {
        const std::lock_guard view(inside_->mutex);
        listener.view.hidden = false;
    }
    if (listener.supply) inside_->exchange(listener, listener.supply);
    const auto view = inside_->look(listener);
    inside_->tell(view, false);
    return view;
}

ListenerView Serving::listen_on_common_port(unsigned port)
{
    const std::lock_guard lock(inside_->changes);
    inside_->check_open();
    auto listener = std::make_shared<ServedListener>(inside_->workers);
    listener->view.name = kCommon;
    listener->view.server_name = asio::ip::make_address(inside_->options.listen).is_loopback() ? "localhost" : "";
    listener->view.fixed = inside_->options.fixed;
    listener->view.addresses = {inside_->options.listen};
    const bool again = !inside_->page.empty(); // it was deleted: the names are known
    const bool taken = std::ranges::any_of(inside_->listeners, [](const auto& each) { return !each->supply; });
    if (taken) throw Problem(409, "The common port is there already", "it is the listener 'all'");
    for (const auto& supply : inside_->supplies)
        if (!again && fits_common_port(supply->scenario())) inside_->names.add(supply);
    if (!again)
        inside_->names.answer_plain_names(inside_->index_supply({"localhost"}),
                                          inside_->index_supply(plain_names(inside_->options.listen)));
    try {
        listener->ports.open(listener->view.addresses, port, [](std::size_t) { return answer_nobody(); });
    } catch (const std::system_error& error) {
        throw Problem(409, "The port cannot be had", error.what());
    }
    listener->view.port = listener->ports.port();
    std::vector<IndexEntry> entries;
    for (const auto& supply : inside_->supplies)
        if (fits_common_port(supply->scenario()))
            entries.push_back({supply->scenario().id, supply->scenario().title, supply->scenario().asked_name()});
    if (!again) inside_->page = index_page(entries, inside_->options.listen, listener->view.port);
    listener->ports.answer_with(inside_->answering_by_name(*listener)); // the page knows the port by now
    return inside_->add(std::move(listener));
}

std::shared_ptr<Supply> Serving::Inside::answering_for(const std::string& name, const std::string& scenario) const
{
    const std::lock_guard lock(mutex);
    const auto found = std::ranges::find_if(listeners, [&](const auto& each) { return each->view.name == name; });
    if (found == listeners.end()) return nullptr;
    if ((*found)->supply) return (*found)->supply;
    for (const auto& supply : supplies) // behind the common port
        if (supply->scenario().id == scenario && fits_common_port(supply->scenario())) return supply;
    return nullptr;
}

bool Serving::with_bound(const std::string& name, const std::string& scenario,
                         const std::function<void(BoundScenario&)>& act)
{
    const auto supply = inside_->answering_for(name, scenario);
    if (!supply) return false;
    inside_->binder.wait_for([&] { supply->bind(); });
    const auto bound = supply->bound(0);
    if (!bound) return false;
    inside_->workers.front()->on_thread([&] { act(*bound); });
    return true;
}

std::optional<ListenerView> Serving::find(const std::string& name) const
{
    const std::lock_guard lock(inside_->mutex);
    for (const auto& each : inside_->listeners)
        if (each->view.name == name) {
            ListenerView view = each->view;
            view.connections = *each->connections;
            return view;
        }
    return std::nullopt;
}

std::vector<ListenerView> Serving::listeners() const
{
    const std::lock_guard lock(inside_->mutex);
    std::vector<ListenerView> all;
    for (const auto& each : inside_->listeners) {
        all.push_back(each->view);
        all.back().connections = *each->connections;
    }
    return all;
}

void Serving::subscribe(std::function<void(const ListenerView&, bool deleted)> told)
{
    inside_->told.push_back(std::move(told));
}

const std::vector<Scenario>& Serving::scenarios() const
{
    return inside_->scenarios;
}

const Scenario* Serving::find_scenario(const std::string& id) const
{
    const auto found = std::ranges::find(inside_->scenarios, id, &Scenario::id);
    return found == inside_->scenarios.end() ? nullptr : &*found;
}

std::filesystem::path Serving::root_file() const
{
    return inside_->room.root_pem();
}

const ServingOptions& Serving::options() const
{
    return inside_->options;
}

} // namespace alert40
