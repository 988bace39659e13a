// SPDX-License-Identifier: GPL-2.0-or-later
// A wait with an end: every wait on a peer goes through within(). It is not `work || timer`, because there a failure
// of `work` is swallowed and comes out as a timeout (chriskohlhoff/asio#900; measured with Asio 1.22.1).
#pragma once

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/experimental/deferred.hpp>
#include <asio/experimental/parallel_group.hpp>
#include <asio/steady_timer.hpp>
#include <asio/system_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <optional>

namespace alert40 {

/// Runs `work` until it finishes or `limit` passes: its value, or nullopt on expiry, by which time `work` has been
/// cancelled (terminal) and has ended. What `work` throws is rethrown at once. Cancelled from outside, it cancels
/// `work` and throws asio::system_error (operation_aborted), unless `work` turns the cancellation into a value.
/// T must be default-constructible. `work` runs on the caller's executor; what it refers to must outlive this call.
template <class T> asio::awaitable<std::optional<T>> within(std::chrono::milliseconds limit, asio::awaitable<T> work)
{
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, limit);
    auto race =
        asio::experimental::make_parallel_group(asio::co_spawn(executor, std::move(work), asio::experimental::deferred),
                                                timer.async_wait(asio::experimental::deferred));
    auto [order, failure, value, timer_error] =
        co_await race.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    const bool timer_first = order[0] == 1;
    if (timer_first && timer_error) throw asio::system_error(timer_error); // stopped from outside
    if (timer_first) co_return std::nullopt;
    if (failure) std::rethrow_exception(failure);
    co_return std::move(value);
}

/// The same for work without a value: true when it finished, false on expiry.
inline asio::awaitable<bool> within(std::chrono::milliseconds limit, asio::awaitable<void> work)
{
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, limit);
    auto race =
        asio::experimental::make_parallel_group(asio::co_spawn(executor, std::move(work), asio::experimental::deferred),
                                                timer.async_wait(asio::experimental::deferred));
    auto [order, failure, timer_error] =
        co_await race.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    const bool timer_first = order[0] == 1;
    if (timer_first && timer_error) throw asio::system_error(timer_error); // stopped from outside
    if (!timer_first && failure) std::rethrow_exception(failure);
    co_return !timer_first;
}

} // namespace alert40
