// SPDX-License-Identifier: GPL-2.0-or-later
// What Serving holds: the workers, what answers, the listeners. serving.cpp, serving_room.cpp and serving_listeners.cpp
// alone include this.
#pragma once

#include "server/control/common_names.h"
#include "server/control/forge_room.h"
#include "server/control/ports.h"
#include "server/control/serving.h"

#include <mutex>

namespace alert40 {

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

    // serving_room.cpp
    void start();
    void stop();
    void check_open() const;
    void prepare();
    void forge_anew_later();
    void forge_anew();
    std::shared_ptr<Supply> make_supply(Scenario scenario, bool fixed);
    std::shared_ptr<Supply> index_supply(std::vector<std::string> names);

    // serving_listeners.cpp
    std::shared_ptr<Supply> supply_for(const NewListener& wanted, const Scenario& scenario);
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

} // namespace alert40
