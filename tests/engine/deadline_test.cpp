// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/deadline.h"

#include <asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <string>

namespace alert40 {
namespace {

using namespace std::chrono_literals;

/// Deadlines on a clock that runs; `fired` lists them in their order.
struct Deadlines {
    asio::io_context io{1};
    DeadlineQueue queue{io.get_executor()};
    std::string fired;

    std::unique_ptr<DeadlineQueue::Entry> entry(char name)
    {
        return std::make_unique<DeadlineQueue::Entry>(queue, [this, name] { fired += name; });
    }
};

TEST_CASE("deadlines fire in the order of their times, whatever the order they were set in", "[engine][deadline]")
{
    Deadlines deadlines;
    const auto late = deadlines.entry('c');
    const auto early = deadlines.entry('a');
    const auto middle = deadlines.entry('b');
    late->expire_after(30ms);
    early->expire_after(10ms);
    middle->expire_after(20ms);
    deadlines.io.run();
    CHECK(deadlines.fired == "abc");
    CHECK(early->expired());
}

TEST_CASE("a deadline that was moved fires once, at its new time", "[engine][deadline]")
{
    Deadlines deadlines;
    const auto moved = deadlines.entry('m');
    const auto other = deadlines.entry('o');
    moved->expire_after(5ms);
    other->expire_after(15ms);
    SECTION("later")
    {
        moved->expire_after(30ms);
        deadlines.io.run();
        CHECK(deadlines.fired == "om");
    }
    SECTION("earlier")
    {
        other->expire_after(1ms);
        deadlines.io.run();
        CHECK(deadlines.fired == "om");
    }
}

TEST_CASE("a deadline that was cleared or destroyed does not fire", "[engine][deadline]")
{
    Deadlines deadlines;
    auto cleared = deadlines.entry('c');
    auto destroyed = deadlines.entry('d');
    const auto kept = deadlines.entry('k');
    cleared->expire_after(1ms);
    destroyed->expire_after(1ms);
    kept->expire_after(2ms);
    cleared->clear();
    destroyed.reset();
    deadlines.io.run();
    CHECK(deadlines.fired == "k");
    CHECK_FALSE(cleared->expired());
}

TEST_CASE("a deadline may be set again by what it calls", "[engine][deadline]")
{
    Deadlines deadlines;
    int times = 0;
    std::unique_ptr<DeadlineQueue::Entry> entry;
    entry = std::make_unique<DeadlineQueue::Entry>(deadlines.queue, [&] {
        if (++times < 3) entry->expire_after(1ms);
    });
    entry->expire_after(1ms);
    deadlines.io.run();
    CHECK(times == 3);
}

TEST_CASE("a stopped queue keeps nobody waiting", "[engine][deadline]")
{
    Deadlines deadlines;
    const auto entry = deadlines.entry('e');
    entry->expire_after(1h);
    deadlines.queue.stop();
    deadlines.io.run();
    CHECK(deadlines.fired.empty());
}

} // namespace
} // namespace alert40
