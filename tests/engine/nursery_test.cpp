// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/nursery.h"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/this_coro.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <stdexcept>
#include <vector>

namespace alert40 {
namespace {

asio::awaitable<void> wait_for_ever()
{
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::use_awaitable);
}

/// Runs `io` until nothing is left to do, with a coroutine that stops and joins `nursery`; true when join() returned.
bool stop_and_join(asio::io_context& io, Nursery& nursery)
{
    bool joined = false;
    auto end = [&]() -> asio::awaitable<void> {
        co_await asio::post(io, asio::use_awaitable); // the children start first
        nursery.stop();
        co_await nursery.join();
        joined = true;
    };
    Nursery supervisor(io.get_executor());
    supervisor.spawn(end);
    io.run();
    return joined;
}

TEST_CASE("a nursery stops its coroutines, and the io_context then runs out of work", "[engine][nursery]")
{
    asio::io_context io(1);
    Nursery nursery(io.get_executor());
    for (int i = 0; i < 3; ++i) nursery.spawn(wait_for_ever);
    CHECK(nursery.size() == 3);
    CHECK(stop_and_join(io, nursery));
    CHECK(nursery.size() == 0);
    CHECK(io.stopped());
}

TEST_CASE("joining an empty nursery returns at once", "[engine][nursery]")
{
    asio::io_context io(1);
    Nursery nursery(io.get_executor());
    CHECK(stop_and_join(io, nursery));
}

TEST_CASE("a coroutine stopped before it began still ends", "[engine][nursery]")
{
    asio::io_context io(1);
    Nursery nursery(io.get_executor());
    nursery.spawn(wait_for_ever);
    nursery.stop();
    io.run();
    CHECK(nursery.size() == 0);
}

TEST_CASE("join waits for what a coroutine does after it was stopped", "[engine][nursery]")
{
    asio::io_context io(1);
    Nursery nursery(io.get_executor());
    bool cleaned_up = false;
    auto careful = [&]() -> asio::awaitable<void> {
        asio::error_code stopped;
        asio::steady_timer timer(io, asio::steady_timer::time_point::max());
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, stopped));
        co_await asio::this_coro::reset_cancellation_state();
        co_await asio::post(io, asio::use_awaitable);
        cleaned_up = true;
    };
    nursery.spawn(careful);
    CHECK(stop_and_join(io, nursery));
    CHECK(cleaned_up);
}

TEST_CASE("a coroutine spawned after stop is destroyed without running", "[engine][nursery]")
{
    asio::io_context io(1);
    Nursery nursery(io.get_executor());
    bool ran = false;
    auto token = std::make_shared<int>();
    nursery.stop();
    auto late = [&ran, token]() -> asio::awaitable<void> {
        ran = true;
        co_return;
    };
    nursery.spawn(std::move(late));
    CHECK(nursery.size() == 0);
    io.run();
    CHECK_FALSE(ran);
}

TEST_CASE("a nursery reports what a coroutine throws, and the others go on", "[engine][nursery]")
{
    asio::io_context io(1);
    std::vector<std::string> failures;
    auto on_failure = [&](std::exception_ptr failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& error) {
            failures.push_back(error.what());
        }
    };
    Nursery nursery(io.get_executor(), on_failure);
    auto failing = [&]() -> asio::awaitable<void> {
        co_await asio::post(io, asio::use_awaitable);
        throw std::runtime_error("the connection's bug");
    };
    nursery.spawn(failing);
    nursery.spawn(wait_for_ever);
    CHECK(stop_and_join(io, nursery));
    CHECK(failures == std::vector<std::string>{"the connection's bug"}); // and nothing about the stopped one
}

TEST_CASE("without a handler a failure comes out of the io_context", "[engine][nursery]")
{
    asio::io_context io(1);
    Nursery nursery(io.get_executor());
    auto failing = [&]() -> asio::awaitable<void> {
        co_await asio::post(io, asio::use_awaitable);
        throw std::runtime_error("the connection's bug");
    };
    nursery.spawn(failing);
    CHECK_THROWS_WITH(io.run(), "the connection's bug");
    CHECK(nursery.size() == 0);
}

asio::awaitable<void> read_to_end(asio::ip::tcp::socket socket)
{
    char octet;
    for (;;) co_await socket.async_read_some(asio::buffer(&octet, 1), asio::use_awaitable);
}

asio::awaitable<void> accept_for_ever(asio::ip::tcp::acceptor& listener, Nursery& connections)
{
    for (;;) {
        auto socket = co_await listener.async_accept(asio::use_awaitable);
        auto serve = [socket = std::move(socket)]() mutable { return read_to_end(std::move(socket)); };
        connections.spawn(std::move(serve));
    }
}

TEST_CASE("a listener and its open connections end together", "[engine][nursery]")
{
    asio::io_context io(1);
    asio::ip::tcp::acceptor listener(io, {asio::ip::make_address("127.0.0.1"), 0});
    Nursery nursery(io.get_executor());
    auto accept = [&] { return accept_for_ever(listener, nursery); };
    nursery.spawn(accept);

    std::vector<asio::ip::tcp::socket> clients;
    for (int i = 0; i < 3; ++i) clients.emplace_back(io).connect(listener.local_endpoint());
    while (nursery.size() < 4) io.run_one();

    CHECK(stop_and_join(io, nursery));
    for (auto& client : clients) {
        char octet;
        asio::error_code error;
        client.read_some(asio::buffer(&octet, 1), error);
        CHECK(error == asio::error::eof);
    }
}

} // namespace
} // namespace alert40
