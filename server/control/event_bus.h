// SPDX-License-Identifier: GPL-2.0-or-later
// What happens, to everybody who watches: composed on a thread of its own, once for all watchers, and sent in batches.
//
//   EventBus bus(log);   serving.subscribe(bus.listeners());   http.stream("/api/events", ..., bus.add(...));
//   bus.publish({"run", R"({"id":1})"});
//
// The first event after a pause leaves at once, those behind it together kBatch later: under load 20 watchers cost 20
// writes each kBatch, however many events there are. While nobody watches nothing is composed.
#pragma once

#include "server/control/connection_log.h"
#include "server/control/json_text.h"
#include "server/control/serving.h"
#include "server/control/watcher.h"

#include <atomic>
#include <condition_variable>
#include <thread>

namespace alert40 {

class EventBus {
public:
    static constexpr std::chrono::milliseconds kBatch{60};
    static constexpr std::size_t kMostWaiting = 50'000; // events that are not composed yet; over it they are lost
    static constexpr std::size_t kMostComposed = 4000;  // at once
    static constexpr std::size_t kMostKept = 4000;      // for who resumes
    static constexpr std::size_t kMostOctetsKept = 4 * 1024 * 1024;
    static constexpr std::chrono::seconds kKeptFor{5}; // after the last watcher has gone

    struct Event {
        std::string name;
        std::string data;             // JSON in one line
        std::string listener = {};    // that it is about; empty: none
        std::uint64_t connection = 0; // that it is about; 0: none
        bool hidden = false;          // the trainer only is told...
        std::string shown = {};       // ...and this to everybody else; empty: nothing
    };

    /// What a watcher wants to be told.
    struct Wanted {
        std::string listener = {};    // empty: of all
        std::uint64_t connection = 0; // 0: of all
        bool trainer = false;         // hidden events too
        std::string after = {};       // Last-Event-ID: what came behind it is told first, as far as it is kept
        auto operator<=>(const Wanted&) const = default;
    };

    /// Subscribes to `log`, which outlives it. Before connections come.
    explicit EventBus(ConnectionLog& log);
    ~EventBus();
    EventBus(const EventBus&) = delete;
    EventBus& operator=(const EventBus&) = delete;

    /// For Serving::subscribe.
    std::function<void(const ListenerView&, bool deleted)> listeners();
    /// Any thread; never waits for a watcher.
    void publish(Event event);
    void add(const Wanted& wanted, std::shared_ptr<Watcher> watcher);

    /// Events that were lost because too many waited, and watchers that were dropped because they did not read.
    std::uint64_t lost() const { return lost_; }
    std::uint64_t dropped_watchers() const { return dropped_watchers_; }
    std::size_t watchers() const;

private:
    /// A connection's news as they come: composed later.
    struct News {
        ConnectionNews::Kind kind{};
        std::uint64_t connection = 0;
        std::size_t step = 0;              // its number
        std::uint64_t dropped = 0;         // so far
        std::unique_ptr<Event> event = {}; // what was published; nullptr: it is composed of the above
    };
    struct Frame {
        std::uint64_t id = 0;
        std::string text; // for the trainer
        std::string shown;
        std::string listener;
        std::uint64_t connection = 0;
    };
    struct Watching {
        Wanted wanted;
        std::shared_ptr<Watcher> watcher;
    };

    void put(News news);
    void work();
    void compose(const News& news);
    void keep(Event event);
    JsonText begin(std::string_view name);
    Frame& keep(JsonText json);
    void send(std::size_t from);
    static std::string text_for(const Wanted& wanted, const Frame& frame);

    ConnectionLog& log_;
    std::atomic<bool> wanted_{false}; // somebody watches, or did until lately
    std::atomic<std::uint64_t> lost_{0};
    std::atomic<std::uint64_t> dropped_watchers_{0};

    std::mutex waiting_mutex_;
    std::condition_variable something_;
    std::deque<News> waiting_;
    bool over_ = false;

    mutable std::mutex mutex_; // for what follows
    std::vector<Watching> watching_;
    std::chrono::steady_clock::time_point last_watched_;
    std::deque<Frame> frames_;
    std::size_t frame_octets_ = 0;
    std::uint64_t last_id_ = 0;

    std::thread thread_;
};

} // namespace alert40
