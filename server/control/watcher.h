// SPDX-License-Identifier: GPL-2.0-or-later
// One reader of a server-sent event stream (WHATWG HTML, section 9.2), as the sender sees it: a bounded queue. Whoever
// stops reading is dropped when it is full; nobody ever waits for a reader.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace alert40 {

/// One event as text/event-stream spells it. `id` may be empty: none; line breaks in `data` become several data lines.
std::string event_frame(std::string_view event, std::string_view data, std::string_view id = {});

/// Any thread may use it.
class Watcher {
public:
    /// Octets that may wait to be read.
    static constexpr std::size_t kMostQueued = 8 * 1024 * 1024;

    /// Queues whole events; one text may be shared by many watchers. False: the reader has gone, or was dropped.
    bool send(std::shared_ptr<const std::string> frames);
    bool send(std::string frames) { return send(std::make_shared<const std::string>(std::move(frames))); }

    /// Ends the stream behind what is queued.
    void close();
    bool gone() const;
    /// It did not read what was queued.
    bool was_dropped() const;

    /// For the HTTP server: the next text, nullptr after `patience` without one or when it is over.
    std::shared_ptr<const std::string> next(std::chrono::milliseconds patience);
    /// Nothing is queued, and nothing will be.
    bool over() const;

private:
    mutable std::mutex mutex_;
    std::condition_variable something_;
    std::deque<std::shared_ptr<const std::string>> queue_;
    std::size_t queued_ = 0;
    bool closed_ = false;
    bool dropped_ = false;
};

} // namespace alert40
