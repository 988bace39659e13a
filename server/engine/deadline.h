// SPDX-License-Identifier: GPL-2.0-or-later
// Deadlines of many connections on one timer. within() makes a parallel group, a timer and two coroutine frames for
// each wait, which costs more than answering a ClientHello does; here a connection keeps one entry, moved when it goes
// on.
#pragma once

#include <asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <map>

namespace alert40 {

/// Belongs to one io_context's one thread. Its timer keeps io_context.run() going until stop().
class DeadlineQueue {
public:
    using Clock = std::chrono::steady_clock;

    explicit DeadlineQueue(const asio::any_io_executor& executor) : timer_(executor) {}
    void stop() { timer_.cancel(); }

    /// One connection's deadline: `on_expiry` is called once when it passes, unless it was moved or destroyed before.
    class Entry {
    public:
        Entry(DeadlineQueue& queue, std::function<void()> on_expiry) : queue_(queue), on_expiry_(std::move(on_expiry))
        {
        }
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;
        ~Entry() { clear(); }

        void expire_after(std::chrono::milliseconds limit);
        void clear();
        bool expired() const { return expired_; }

    private:
        friend class DeadlineQueue;
        DeadlineQueue& queue_;
        std::function<void()> on_expiry_;
        std::multimap<Clock::time_point, Entry*>::iterator position_{};
        bool queued_ = false;
        bool expired_ = false;
    };

private:
    void arm();
    void expire_due();

    asio::steady_timer timer_;
    std::multimap<Clock::time_point, Entry*> entries_;
    Clock::time_point armed_for_ = Clock::time_point::max();
};

} // namespace alert40
