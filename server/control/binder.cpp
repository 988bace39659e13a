// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/binder.h"

#include "server/stack/tls_context.h"

#include <memory>

namespace alert40 {

Binder::Binder() : thread_([this] { work(); }) {}

Binder::~Binder()
{
    stop();
}

void Binder::soon(std::function<void()> job)
{
    const std::lock_guard lock(mutex_);
    if (over_) return;
    soon_.push_back(std::move(job));
    something_.notify_one();
}

void Binder::put_off(std::function<void()> job)
{
    const std::lock_guard lock(mutex_);
    if (over_) return;
    put_off_.push_back(std::move(job));
    something_.notify_one();
}

void Binder::wait_for(const std::function<void()>& job)
{
    auto task = std::make_shared<std::packaged_task<void()>>(job);
    auto done = task->get_future();
    soon([held = std::move(task)] { (*held)(); });
    done.get();
}

void Binder::stop()
{
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
        something_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

void Binder::work()
{
    for (;;) {
        std::function<void()> job;
        {
            std::unique_lock lock(mutex_);
            something_.wait(lock, [this] { return over_ || !soon_.empty() || !put_off_.empty(); });
            if (over_) break;
            auto& queue = soon_.empty() ? put_off_ : soon_;
            job = std::move(queue.front());
            queue.pop_front();
        }
        job();
    }
    const std::lock_guard lock(mutex_);
    soon_.clear();
    put_off_.clear();
    leave_stack_thread();
}

} // namespace alert40
