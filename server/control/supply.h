// SPDX-License-Identifier: GPL-2.0-or-later
// One scenario as listeners answer with it: bound once for each worker, before or when a connection wants it.
#pragma once

#include "server/control/binder.h"
#include "server/engine/bind.h"

#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>

namespace alert40 {

class Supply : public std::enable_shared_from_this<Supply> {
public:
    /// Binds for one worker, on the binder's thread. Throws as BoundScenario does.
    using Bind = std::function<std::shared_ptr<BoundScenario>(const Scenario&, bool fixed,
                                                              const std::shared_ptr<SharedByThreads>&)>;

    /// `binder` outlives it.
    Supply(Binder& binder, Bind bind, Scenario scenario, bool fixed, std::size_t workers);

    /// As the file says it; what is served with the fix is fixed_twin() of it.
    const Scenario& scenario() const { return scenario_; }
    bool fixed() const { return fixed_; }

    /// On the binder's thread: for every worker. Throws as BoundScenario does.
    void bind();
    /// Lets it be bound when there is nothing else to do. `failed` is told what goes wrong.
    void bind_later(const std::function<void(const Supply&, const std::string&)>& failed);

    /// On the thread of `worker`: the scenario, when it is bound; nullptr: it cannot be.
    asio::awaitable<std::shared_ptr<BoundScenario>> take(std::size_t worker);
    /// What is bound for `worker`; nullptr: nothing yet.
    std::shared_ptr<BoundScenario> bound(std::size_t worker) const;

private:
    struct Place {
        std::shared_ptr<BoundScenario> bound;
        bool asked = false;
        bool failed = false;
        std::vector<std::shared_ptr<asio::steady_timer>> waiting; // never expire
    };

    void bind_for(std::size_t worker);
    void bind_quietly(std::size_t worker);
    void wake(std::size_t worker);

    Binder& binder_;
    Bind bind_;
    Scenario scenario_;
    bool fixed_;
    std::shared_ptr<SharedByThreads> shared_ = std::make_shared<SharedByThreads>();
    mutable std::mutex mutex_;
    std::vector<Place> places_; // one for each worker
};

} // namespace alert40
