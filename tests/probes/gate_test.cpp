// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/gate.h"

#include "server/engine/nursery.h"

#include <asio/io_context.hpp>
#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace std::chrono_literals;
using Company = ConnectionGate::Company;

ProbeLimits limits_of(std::size_t most, std::size_t at_a_time, std::chrono::milliseconds gap = 0ms)
{
    ProbeLimits limits;
    limits.max_connections = most;
    limits.at_a_time = at_a_time;
    limits.least_gap = gap;
    return limits;
}

/// So many visitors, each inside for a moment; how many of them came in.
std::size_t visit(ConnectionGate& gate, asio::io_context& io, std::size_t visitors, Company company)
{
    std::size_t inside = 0;
    Nursery nursery(io.get_executor());
    for (std::size_t each = 0; each < visitors; ++each) {
        auto work = [&]() -> asio::awaitable<void> {
            auto pass = co_await gate.enter(company);
            if (!pass) co_return;
            ++inside;
            asio::steady_timer timer(io, 1ms);
            co_await timer.async_wait(asio::use_awaitable);
        };
        nursery.spawn(std::move(work));
    }
    io.run();
    io.restart();
    return inside;
}

TEST_CASE("no more connections are made than were announced", "[probes][gate]")
{
    asio::io_context io;
    ConnectionGate gate(io.get_executor(), limits_of(5, 100));
    CHECK(visit(gate, io, 9, Company::among_others) == 5);
    CHECK(gate.used() == 5);
    CHECK(gate.left() == 0);
    CHECK(visit(gate, io, 1, Company::alone) == 0);
}

TEST_CASE("no more connections are open at a time than allowed", "[probes][gate]")
{
    asio::io_context io;
    ConnectionGate gate(io.get_executor(), limits_of(100, 3));
    CHECK(visit(gate, io, 20, Company::among_others) == 20);
    CHECK(gate.most_at_a_time() == 3);
}

TEST_CASE("one that is alone has nobody beside it, and comes in although others wait", "[probes][gate]")
{
    asio::io_context io;
    ConnectionGate gate(io.get_executor(), limits_of(100, 4));
    std::size_t others = 0;
    std::size_t beside = 100;
    Nursery nursery(io.get_executor());
    const auto stay = [&](Company company) {
        auto work = [&, company]() -> asio::awaitable<void> {
            auto pass = co_await gate.enter(company);
            if (company == Company::alone) beside = others;
            if (company == Company::among_others) ++others;
            asio::steady_timer timer(io, 1ms);
            co_await timer.async_wait(asio::use_awaitable);
            if (company == Company::among_others) --others;
        };
        nursery.spawn(std::move(work));
    };
    for (int each = 0; each < 8; ++each) stay(Company::among_others);
    stay(Company::alone);
    for (int each = 0; each < 8; ++each) stay(Company::among_others);
    io.run();
    CHECK(beside == 0);
    CHECK(gate.used() == 17);
}

TEST_CASE("connections to somebody else's machine keep their distance", "[probes][gate]")
{
    asio::io_context io;
    ConnectionGate gate(io.get_executor(), limits_of(100, 100, 5ms));
    const auto start = std::chrono::steady_clock::now();
    CHECK(visit(gate, io, 5, Company::among_others) == 5);
    CHECK(std::chrono::steady_clock::now() - start >= 20ms);
}

TEST_CASE("waiting for the gate can be stopped", "[probes][gate]")
{
    asio::io_context io;
    ConnectionGate gate(io.get_executor(), limits_of(100, 1));
    bool second = false;
    Nursery nursery(io.get_executor());
    auto hold = [&]() -> asio::awaitable<void> {
        auto pass = co_await gate.enter();
        asio::steady_timer timer(io, 10s);
        co_await timer.async_wait(asio::use_awaitable);
    };
    auto wait = [&]() -> asio::awaitable<void> {
        auto pass = co_await gate.enter();
        second = true;
    };
    nursery.spawn(hold);
    nursery.spawn(wait);
    io.run_for(20ms);
    nursery.stop();
    io.run();
    CHECK_FALSE(second);
    CHECK(nursery.size() == 0);
}

} // namespace
} // namespace alert40
