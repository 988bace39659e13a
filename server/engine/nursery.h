// SPDX-License-Identifier: GPL-2.0-or-later
// Every coroutine has an owner: a Nursery. Shutting down is stop(), then `co_await join()`; after that nothing is left
// to do and io_context.run() returns by itself.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/system_error.hpp>
#include <asio/use_awaitable.hpp>

#include <exception>
#include <functional>
#include <iterator>
#include <list>
#include <utility>

namespace alert40 {

/// Owns coroutines: spawn() adds one, stop() cancels all, join() waits until none is left.
/// Used from the io_context's one thread only; it must outlive its coroutines, so join before destroying it.
class Nursery {
public:
    /// Told what a coroutine threw, except operation_aborted, which is how a stopped coroutine ends.
    using OnFailure = std::function<void(std::exception_ptr)>;

    /// Without `on_failure` what a coroutine throws comes out of io_context.run().
    explicit Nursery(asio::any_io_executor executor, OnFailure on_failure = std::rethrow_exception)
        : executor_(executor),
          on_failure_(std::move(on_failure)),
          idle_(executor)
    {
        idle_.expires_at(asio::steady_timer::time_point::max());
    }
    Nursery(const Nursery&) = delete;
    Nursery& operator=(const Nursery&) = delete;

    /// Starts `work`, a callable returning asio::awaitable<void> (name the lambda first: GCC 107288), not before the
    /// caller yields to the io_context. After stop() `work` is destroyed instead: a listener whose accept had already
    /// succeeded when it was stopped adds nothing that nobody would stop.
    template <class Work> void spawn(Work work)
    {
        if (stopped_) return;
        auto& child = children_.emplace_back();
        auto position = std::prev(children_.end());
        auto on_done = [this, position](std::exception_ptr failure) { leave(position, failure); };
        asio::co_spawn(executor_, std::move(work), asio::bind_cancellation_slot(child.slot(), std::move(on_done)));
    }

    /// Cancels every coroutine (terminal), for good. Returns before they have ended.
    void stop()
    {
        stopped_ = true;
        for (auto child = children_.begin(); child != children_.end();)
            (child++)->emit(asio::cancellation_type::terminal); // a child may leave while it is told
    }

    /// Returns when no coroutine is left, those spawned meanwhile included.
    asio::awaitable<void> join()
    {
        while (!children_.empty()) {
            asio::error_code cancelled;
            co_await idle_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        }
    }

    std::size_t size() const { return children_.size(); }

private:
    using Children = std::list<asio::cancellation_signal>;

    void leave(Children::iterator position, std::exception_ptr failure)
    {
        children_.erase(position);
        if (children_.empty()) idle_.cancel();
        if (failure && !was_stopped(failure)) on_failure_(failure);
    }

    static bool was_stopped(std::exception_ptr failure)
    {
        try {
            std::rethrow_exception(failure);
        } catch (const asio::system_error& error) {
            return error.code() == asio::error::operation_aborted;
        } catch (...) {
            return false;
        }
    }

    asio::any_io_executor executor_;
    OnFailure on_failure_;
    asio::steady_timer idle_; // never expires; cancelled when the last child leaves
    Children children_;
    bool stopped_ = false;
};

} // namespace alert40
