// SPDX-License-Identifier: GPL-2.0-or-later
// The one thread on which scenarios are bound: forging takes its time (a first RSA key of 4096 bits: seconds), and no
// connection is to wait for another's scenario.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

namespace alert40 {

/// Any thread may use it.
class Binder {
public:
    Binder();
    ~Binder();
    Binder(const Binder&) = delete;
    Binder& operator=(const Binder&) = delete;

    /// Before everything that was put off.
    void soon(std::function<void()> job);
    /// When there is nothing else to do.
    void put_off(std::function<void()> job);
    /// Does `job` soon and waits for it; throws what it throws, and std::future_error after stop().
    void wait_for(const std::function<void()>& job);
    /// Ends after the job at hand. Returns when the thread has ended.
    void stop();

private:
    void work();

    std::mutex mutex_;
    std::condition_variable something_;
    std::deque<std::function<void()>> soon_;
    std::deque<std::function<void()>> put_off_;
    bool over_ = false;
    std::thread thread_;
};

} // namespace alert40
