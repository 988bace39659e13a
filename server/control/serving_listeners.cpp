// SPDX-License-Identifier: GPL-2.0-or-later
// One listener: its name, what answers on it, its ports. Callers hold `changes` where nothing else is said.
#include "server/control/serving_inside.h"

#include "scenarios/loader/input_error.h"
#include "scenarios/vocabulary/nearest.h"
#include "server/control/personas.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr std::size_t kLongestName = 100; // of a listener

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

/// With the fix where that is asked for and there is one.
Scenario as_served(const Scenario& scenario, bool fixed)
{
    return fixed && scenario.fix ? fixed_twin(scenario) : scenario;
}

} // namespace

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

} // namespace alert40
