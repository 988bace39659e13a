// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/event_bus.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace std::chrono_literals;

namespace {

std::string next(Watcher& watcher)
{
    const auto text = watcher.next(10s);
    return text ? *text : "nothing";
}

} // namespace

TEST_CASE("a watcher is told what it wants, with ids in order", "[control][events]")
{
    ConnectionLog log;
    EventBus bus(log);
    const auto all = std::make_shared<Watcher>();
    const auto one = std::make_shared<Watcher>();
    bus.publish({"run", "0"}); // nobody watches
    bus.add({}, all);
    bus.add({"mine", 0, false, ""}, one);
    bus.publish({"run", "1", "other"});
    CHECK(next(*all) == "event: run\nid: 1\ndata: 1\n\n");
    bus.publish({"run", "2", "mine"});
    CHECK(next(*all) == "event: run\nid: 2\ndata: 2\n\n");
    CHECK(next(*one) == "event: run\nid: 2\ndata: 2\n\n");
}

TEST_CASE("what is hidden is told to the trainer, and to others what may be shown", "[control][events]")
{
    ConnectionLog log;
    EventBus bus(log);
    const auto trainer = std::make_shared<Watcher>();
    const auto learner = std::make_shared<Watcher>();
    bus.add({"", 0, true, ""}, trainer);
    bus.add({}, learner);
    bus.publish({"listener", "1", "", 0, true, "\"shown\""});
    CHECK(next(*trainer) == "event: listener\nid: 1\ndata: 1\n\n");
    CHECK(next(*learner) == "event: listener\nid: 1\ndata: \"shown\"\n\n");
    bus.publish({"step", "2", "", 0, true});
    bus.publish({"run", "3"});
    CHECK(next(*trainer).find("data: 2") != std::string::npos);
    CHECK(next(*learner).find("data: 3") != std::string::npos);
}

TEST_CASE("who resumes is told what came meanwhile", "[control][events]")
{
    ConnectionLog log;
    EventBus bus(log);
    const auto first = std::make_shared<Watcher>();
    bus.add({}, first);
    bus.publish({"run", "1"});
    next(*first);
    first->close();
    bus.publish({"run", "2"});
    const auto barrier = std::make_shared<Watcher>();
    bus.add({}, barrier);
    bus.publish({"run", "3"});
    while (next(*barrier).find("data: 3") == std::string::npos) {
    }
    const auto again = std::make_shared<Watcher>();
    bus.add({"", 0, false, "1"}, again);
    CHECK(next(*again) == "event: run\nid: 2\ndata: 2\n\nevent: run\nid: 3\ndata: 3\n\n");
}
