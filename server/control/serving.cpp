// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/serving.h"

#include "server/control/index_page.h"
#include "server/control/serving_inside.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

Answering answer_nobody()
{
    Answering answering;
    answering.choose = [](const ClientHello&) -> asio::awaitable<std::shared_ptr<BoundScenario>> { co_return nullptr; };
    return answering;
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
