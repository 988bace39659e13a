// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/within.h"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>

namespace alert40 {
namespace {

using namespace std::chrono_literals;

constexpr auto kLong = 60s; // never reached in a test that passes

asio::awaitable<std::string> value_after(std::chrono::milliseconds delay)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, delay);
    co_await timer.async_wait(asio::use_awaitable);
    co_return "value";
}

asio::awaitable<std::string> value_at_once()
{
    co_return "value";
}

asio::awaitable<std::string> failure_after(std::chrono::milliseconds delay)
{
    co_await value_after(delay);
    throw std::runtime_error("the work failed");
}

asio::awaitable<std::string> failure_at_once()
{
    throw std::runtime_error("the work failed");
    co_return "";
}

asio::awaitable<void> no_value_after(std::chrono::milliseconds delay)
{
    co_await value_after(delay);
}

/// Runs `work` on an io_context of its own until nothing is left to do.
template <class T> T run(asio::awaitable<T> work)
{
    asio::io_context io(1);
    std::exception_ptr failure;
    T result{};
    auto on_done = [&](std::exception_ptr thrown, T value) {
        failure = thrown;
        result = std::move(value);
    };
    asio::co_spawn(io, std::move(work), on_done);
    io.run();
    if (failure) std::rethrow_exception(failure);
    return result;
}

TEST_CASE("within gives the value of work that finishes in time", "[engine][within]")
{
    CHECK(run(within(kLong, value_after(1ms))) == "value");
    CHECK(run(within(kLong, value_at_once())) == "value");
    CHECK(run(within(0ms, value_at_once())) == "value");
}

TEST_CASE("within gives nothing when the limit passes, and the work has ended by then", "[engine][within]")
{
    CHECK(run(within(1ms, value_after(kLong))) == std::nullopt);
    CHECK(run(within(0ms, value_after(kLong))) == std::nullopt);
}

TEST_CASE("within rethrows at once what the work throws", "[engine][within]")
{
    CHECK_THROWS_WITH(run(within(kLong, failure_after(1ms))), "the work failed");
    CHECK_THROWS_WITH(run(within(kLong, failure_at_once())), "the work failed");
}

TEST_CASE("within tells whether work without a value finished", "[engine][within]")
{
    CHECK(run(within(kLong, no_value_after(1ms))));
    CHECK_FALSE(run(within(1ms, no_value_after(kLong))));
}

asio::awaitable<bool> outer_limit_passes_first()
{
    auto result = co_await within(1ms, within(kLong, value_after(kLong)));
    co_return !result.has_value();
}

asio::awaitable<bool> inner_limit_passes_first()
{
    auto result = co_await within(kLong, within(1ms, value_after(kLong)));
    co_return result.has_value() && !result->has_value();
}

TEST_CASE("within can be nested", "[engine][within]")
{
    CHECK(run(outer_limit_passes_first()));
    CHECK(run(inner_limit_passes_first()));
}

TEST_CASE("within throws operation_aborted when it is cancelled from outside", "[engine][within]")
{
    asio::io_context io(1);
    asio::cancellation_signal cancel;
    std::exception_ptr failure;
    auto on_done = [&](std::exception_ptr thrown, std::optional<std::string>) { failure = thrown; };
    asio::co_spawn(io, within(kLong, value_after(kLong)), asio::bind_cancellation_slot(cancel.slot(), on_done));
    asio::post(io, [&] { cancel.emit(asio::cancellation_type::terminal); });
    io.run();
    REQUIRE(failure);
    try {
        std::rethrow_exception(failure);
    } catch (const asio::system_error& error) {
        CHECK(error.code() == asio::error::operation_aborted);
    }
}

asio::awaitable<bool> peer_is_silent()
{
    auto executor = co_await asio::this_coro::executor;
    asio::ip::tcp::acceptor listener(executor, {asio::ip::make_address("127.0.0.1"), 0});
    asio::ip::tcp::socket client(executor);
    co_await client.async_connect(listener.local_endpoint(), asio::use_awaitable);
    auto server = co_await listener.async_accept(asio::use_awaitable);
    char octet;
    auto reading = client.async_read_some(asio::buffer(&octet, 1), asio::use_awaitable);
    auto count = co_await within(1ms, std::move(reading));
    co_return !count.has_value();
}

TEST_CASE("within ends a read from a peer that says nothing", "[engine][within]")
{
    CHECK(run(peer_is_silent()));
}

} // namespace
} // namespace alert40
