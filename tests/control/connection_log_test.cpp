// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/connection_log.h"
#include "server/wire/tap.h"

#include <catch2/catch.hpp>

using namespace alert40;

namespace {

const TcpEnd kClient{{127, 0, 0, 1}, 4711};
const TcpEnd kServer{{127, 0, 0, 1}, 443};
const Bytes kAlert{21, 3, 3, 0, 2, 2, 40};

/// A connection on which the server refuses what is no TLS.
void refuse(ConnectionLog& log, const std::string& listener = "one", std::size_t octets = 5)
{
    auto observer = log.observe({listener, "", false, ""}, kClient, kServer);
    Tap tap(Tap::Time{});
    tap.record_to(observer.get());
    tap.bytes(Direction::client_to_server, Bytes(octets, 'x'), Tap::Time{std::chrono::milliseconds(1)});
    tap.bytes(Direction::server_to_client, kAlert, Tap::Time{std::chrono::milliseconds(2)});
    tap.socket(SocketEventKind::server_fin, Tap::Time{std::chrono::milliseconds(3)});
    auto transcript = tap.take();
    observer->ended(transcript, describe(outcome_of(transcript)));
}

} // namespace

TEST_CASE("a connection is kept with its steps and their octets", "[control][log]")
{
    ConnectionLog log;
    refuse(log);
    const auto kept = log.find(1);
    REQUIRE(kept);
    CHECK(kept->summary.ended == "server sent fatal handshake_failure (40), before-client-hello");
    CHECK(kept->summary.failed);
    CHECK_FALSE(kept->summary.open);
    REQUIRE(kept->steps.size() == 3);
    CHECK(kept->octets_of(1) == Bytes(5, 'x'));
    CHECK(kept->octets_of(2) == kAlert);
    CHECK_FALSE(kept->octets_of(3)); // a FIN
    CHECK_FALSE(kept->octets_of(4));
    CHECK_FALSE(log.find(2));
    CHECK(peer_text(kept->summary.client) == "127.0.0.1:4711");
}

TEST_CASE("the oldest connections make room, by count and by octets, and are counted", "[control][log]")
{
    ConnectionLog few({3, 1 << 20});
    for (int count = 0; count < 5; ++count) refuse(few);
    CHECK(few.kept() == 3);
    CHECK(few.dropped() == 2);
    CHECK_FALSE(few.summary(2));
    CHECK(few.summary(3));

    ConnectionLog small({1000, 100'000});
    for (int count = 0; count < 50; ++count) refuse(small, "one", 16'000);
    CHECK(small.octets() <= 100'000);
    CHECK(small.kept() + small.dropped() == 50);
    CHECK(small.kept() > 1);
}

TEST_CASE("what is listed can be narrowed, and is in order of arrival", "[control][log]")
{
    ConnectionLog log;
    for (const auto* listener : {"one", "two", "one", "one"}) refuse(log, listener);
    const auto ids = [&](const ConnectionLog::Wanted& wanted) {
        std::vector<std::uint64_t> found;
        for (const auto& each : log.list(wanted)) found.push_back(each.id);
        return found;
    };
    CHECK(ids({}) == std::vector<std::uint64_t>{1, 2, 3, 4});
    CHECK(ids({"one", "", 1, 1000}) == std::vector<std::uint64_t>{3, 4});
    CHECK(ids({"one", "", 0, 2}) == std::vector<std::uint64_t>{3, 4});
    CHECK(ids({"", "cipher/x", 0, 2}).empty());
}

TEST_CASE("subscribers are told each step while the connection runs", "[control][log]")
{
    ConnectionLog log({1, 1 << 20});
    std::vector<std::string> told;
    log.subscribe([&](const ConnectionNews& news) {
        const char* kinds[] = {"opened", "step", "ended", "dropped"};
        told.emplace_back(kinds[static_cast<int>(news.kind)]);
    });
    refuse(log);
    CHECK(told == std::vector<std::string>{"opened", "step", "step", "step", "ended"});
    refuse(log);
    CHECK(told[6] == "dropped");
}

TEST_CASE("a connection that is given up ends in the log too", "[control][log]")
{
    ConnectionLog log;
    log.observe({"one", "", false, ""}, kClient, kServer).reset();
    CHECK(log.summary(1)->ended == "it was given up");
}
