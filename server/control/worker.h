// SPDX-License-Identifier: GPL-2.0-or-later
// One thread that serves: its io_context, its engine, the connections and ports on it.
#pragma once

#include "server/engine/listener.h"

#include <asio/executor_work_guard.hpp>
#include <future>
#include <thread>

namespace alert40 {

class Worker {
public:
    /// `options.capture`'s files are `captures` and `key_log` here, made where the paths are not empty. Throws
    /// std::system_error where they cannot be written.
    Worker(ListenerOptions options, const std::filesystem::path& captures, const std::filesystem::path& key_log);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    Engine& engine() { return *engine_; }
    asio::io_context& io() { return io_; }

    void start();
    /// Does `work` on the thread and waits for it; throws what it throws. Before start() the caller's thread does it.
    /// Not after stop(), nor on the thread itself.
    void on_thread(const std::function<void()>& work);
    /// Ends ports and connections; join() returns when they have ended.
    void stop();
    void join();

private:
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> busy_;
    std::optional<CaptureDirectory> captures_;
    std::optional<KeyLogFile> key_log_;
    std::optional<Engine> engine_;
    std::thread thread_;
};

} // namespace alert40
