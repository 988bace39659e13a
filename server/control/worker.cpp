// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/worker.h"

#include "server/stack/tls_context.h"

#include <asio/post.hpp>

namespace alert40 {

Worker::Worker(ListenerOptions options, const std::filesystem::path& captures, const std::filesystem::path& key_log)
    : busy_(io_.get_executor())
{
    if (!captures.empty()) captures_.emplace(captures);
    if (!key_log.empty()) key_log_.emplace(key_log);
    options.capture.directory = captures_ ? &*captures_ : nullptr;
    options.capture.key_log = key_log_ ? &*key_log_ : nullptr;
    engine_.emplace(io_, std::move(options));
}

Worker::~Worker()
{
    if (thread_.joinable()) stop();
    join();
}

void Worker::start()
{
    thread_ = std::thread([this] {
        io_.run();
        leave_stack_thread();
    });
}

void Worker::on_thread(const std::function<void()>& work)
{
    if (!thread_.joinable()) return work();
    auto task = std::make_shared<std::packaged_task<void()>>(work);
    auto done = task->get_future();
    asio::post(io_, [held = std::move(task)] { (*held)(); });
    done.get();
}

void Worker::stop()
{
    asio::post(io_, [this] {
        engine_->stop();
        busy_.reset();
    });
}

void Worker::join()
{
    if (thread_.joinable()) thread_.join();
}

} // namespace alert40
