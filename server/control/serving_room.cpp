// SPDX-License-Identifier: GPL-2.0-or-later
// The threads, and what answers on them: made, started, forged anew, stopped.
#include "server/control/serving_inside.h"

#include "server/control/index_page.h"
#include "server/control/personas.h"
#include "server/engine/servable.h"

#include <algorithm>
#include <fmt/format.h>
#include <sys/resource.h>

namespace alert40 {
namespace {

// Leaves are valid for days; a server that runs longer forges anew long before that.
constexpr std::chrono::hours kForgeAnewEvery{24};

void raise_descriptor_limit(std::size_t wanted)
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, wanted);
    setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace

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

} // namespace alert40
