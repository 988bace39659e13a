// SPDX-License-Identifier: GPL-2.0-or-later
// The threads of the HTTP server: made when they are needed, up to a cap. Included by http_server.cpp only.
#pragma once

#include <condition_variable>
#include <deque>
#include <httplib.h>
#include <mutex>
#include <thread>
#include <vector>

namespace alert40 {

class GrowingPool final : public httplib::TaskQueue {
public:
    explicit GrowingPool(std::size_t most) : most_(most) {}

    void enqueue(std::function<void()> job) override
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
        if (jobs_.size() > waiting_ && threads_.size() < most_) threads_.emplace_back([this] { work(); });
        something_.notify_one();
    }

    void shutdown() override
    {
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
        }
        something_.notify_all();
        for (auto& thread : threads_) thread.join();
    }

private:
    void work()
    {
        std::unique_lock lock(mutex_);
        for (;;) {
            ++waiting_;
            something_.wait(lock, [this] { return over_ || !jobs_.empty(); });
            --waiting_;
            if (jobs_.empty()) return;
            auto job = std::move(jobs_.front());
            jobs_.pop_front();
            lock.unlock();
            job();
            job = nullptr;
            lock.lock();
        }
    }

    std::size_t most_;
    std::mutex mutex_;
    std::condition_variable something_;
    std::deque<std::function<void()>> jobs_;
    std::vector<std::thread> threads_;
    std::size_t waiting_ = 0;
    bool over_ = false;
};

} // namespace alert40
