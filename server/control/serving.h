// SPDX-License-Identifier: GPL-2.0-or-later
// The listeners of one process: made, swapped, deleted and listed from any thread while connections run.
//
//   Serving serving(options, scenarios);
//   serving.listen_on_common_port(0);         every scenario by the name in the ClientHello: the listener "all"
//   serving.start();                          the workers run
//   serving.create({.scenario = "cipher/no-shared-cipher-tls12"});   serving.change(name, {.fixed = true}); ...
//   serving.stop();
//
// A scenario is bound on the calling thread, and handed to the workers when it is ready: connections on other listeners
// go on meanwhile, and connections that run keep what they began with.
#pragma once

#include "scenarios/loader/scenario.h"
#include "server/control/connection_log.h"
#include "server/control/problem.h"

namespace alert40 {

struct ServingOptions {
    std::filesystem::path data;
    std::filesystem::path state_directory; // empty: the default
    std::string listen = "127.0.0.1";
    unsigned threads = 1;
    std::size_t max_connections = 1000; // at once, of each thread
    std::filesystem::path capture;      // a folder; empty: none
    std::filesystem::path key_log;      // a file; empty: none
    std::string program = "alert40-server";
    std::string persona;          // in the place of each scenario's own; empty: that
    bool fixed = false;           // the common port answers with the fix applied
    bool bind_later = false;      // scenarios are bound when they are wanted, or when there is nothing else to do
    ConnectionLog* log = nullptr; // nullptr: connections are not kept
    std::function<void(const ConnectionReport&)> on_end = [](const ConnectionReport&) {}; // on the workers' threads
    std::function<void(std::string_view)> warn = [](std::string_view) {};                 // from any thread
};

struct NewListener {
    std::string scenario; // its id
    std::string name;     // [a-z0-9.-]+; empty: the id with '.' for '/', and "-2"... where that is taken
    unsigned port = 0;    // 0: a free one
    bool fixed = false;
    std::string persona; // empty: the scenario's own
    std::string owner;   // a learner's name; empty: the trainer's
    bool hidden = false; // the scenario is shown to the trainer only...
    std::string alias;   // ...and this stands for its id on the wire: in names, certificates and pages ("ticket/17")
    bool own = true;     // false: what the scenario remembers (tickets, lists, turns) is shared with the common port
};

struct ListenerChange {
    std::optional<std::string> scenario;
    std::optional<bool> fixed;
    std::optional<std::string> persona;
};

/// A listener as it is at one moment.
struct ListenerView {
    std::string name;
    std::string scenario; // empty: the common port
    bool fixed = false;
    std::string persona;
    std::vector<std::string> addresses;
    unsigned port = 0;
    std::string server_name; // that a client asks for; empty: none
    std::string owner;
    bool hidden = false;
    std::size_t connections = 0; // that it has accepted

    std::string url() const; // "https://NAME:PORT/"
};

class Serving {
public:
    static constexpr std::size_t kMostListeners = 2000;
    static constexpr const char* kCommon = "all"; // the common port's name

    /// `scenarios`: what there is to serve. One of several that this build of the stack cannot
    /// serve is left out, with a warning. Throws std::system_error, std::runtime_error, InputError.
    Serving(ServingOptions options, std::vector<Scenario> scenarios);
    ~Serving();
    Serving(const Serving&) = delete;
    Serving& operator=(const Serving&) = delete;

    /// Connections are accepted from here on. Ports may be opened before: that is quicker then.
    void start();
    /// Ends every listener and connection; returns when the threads have ended.
    void stop();

    // ---- listeners. Each throws Problem: 400, 404 (no such scenario or listener), 409 (name or port taken).

    ListenerView create(const NewListener& wanted);
    /// The same port answers otherwise from the next connection on; those that run are not disturbed.
    ListenerView change(const std::string& name, const ListenerChange& change);
    /// Its port is closed; its connections run to their end.
    void remove(const std::string& name);
    /// It is hidden no more, from the next connection on.
    ListenerView reveal(const std::string& name);
    ListenerView listen_on_common_port(unsigned port);
    std::optional<ListenerView> find(const std::string& name) const;
    std::vector<ListenerView> listeners() const; // in order of creation
    /// Told on the thread that changes something; `deleted`: it is no more. Before anything is created.
    void subscribe(std::function<void(const ListenerView&, bool deleted)> told);

    /// Calls `act` with what answers on the listener `name` (`scenario` says which behind the common port), on the
    /// thread that it belongs to, and waits. False: there is no such listener, or it does not serve the scenario.
    bool with_bound(const std::string& name, const std::string& scenario,
                    const std::function<void(BoundScenario&)>& act);

    // ---- what there is

    const std::vector<Scenario>& scenarios() const;
    const Scenario* find_scenario(const std::string& id) const; // nullptr: there is none
    std::filesystem::path root_file() const;                    // PEM
    const ServingOptions& options() const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

/// "cipher/no-shared-cipher-tls12" -> "cipher.no-shared-cipher-tls12".
std::string listener_name(std::string_view scenario);

} // namespace alert40
