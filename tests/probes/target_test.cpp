// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/target.h"

#include "scenarios/loader/input_error.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

TEST_CASE("a host and port are read as people write them", "[probes][target]")
{
    struct Row {
        std::string text;
        HostPort where;
    };
    const auto row =
        GENERATE(Row{"example.com:8443", {"example.com", 8443}}, Row{"example.com", {"example.com", 443}},
                 Row{"192.0.2.1:25", {"192.0.2.1", 25}}, Row{"[::1]:8443", {"::1", 8443}}, Row{"[::1]", {"::1", 443}},
                 Row{"::1", {"::1", 443}}, Row{"localhost:1", {"localhost", 1}}, Row{"a:65535", {"a", 65535}});
    CHECK(parse_host_port(row.text) == row.where);
}

TEST_CASE("what is no host and port is refused with the reason", "[probes][target]")
{
    const auto text = GENERATE(as<std::string>(), "", ":443", "a:", "a:0", "a:65536", "a:b", "a:1:2", "[::1", "[::1]x",
                               "[a]:1", "https://example.com", "a b:1", "user@host:1", "fe80::1::2");
    CHECK_THROWS_AS(parse_host_port(text), InputError);
}

TEST_CASE("an address in brackets is shown in brackets", "[probes][target]")
{
    CHECK(display_name(HostPort{"::1", 443}) == "[::1]:443");
    CHECK(display_name(HostPort{"example.com", 443}) == "example.com:443");
}

TEST_CASE("a name is sent as SNI and an address is not", "[probes][target]")
{
    CHECK(make_target("example.com:443", "").server_name == "example.com");
    CHECK(make_target("192.0.2.1:443", "").server_name == std::nullopt);
    CHECK(make_target("192.0.2.1:443", "").reference_name == "192.0.2.1");
    const auto named = make_target("[::1]:443", "www.example.com");
    CHECK(named.server_name == "www.example.com");
    CHECK(named.reference_name == "www.example.com");
}

TEST_CASE("several addresses stand for one server", "[probes][target]")
{
    const auto target = make_target("192.0.2.1,[2001:db8::1],192.0.2.2:8443", "www.example.com");
    CHECK(target.hosts == std::vector<std::string>{"192.0.2.1", "2001:db8::1", "192.0.2.2"});
    CHECK(target.port == 8443);
}

TEST_CASE("a far server gets more time to answer, up to the limit", "[probes][target]")
{
    using namespace std::chrono_literals;
    ProbeLimits limits;
    limits.answer = 2000ms;
    CHECK(answer_deadline(limits, 0us) == 400ms);
    CHECK(answer_deadline(limits, 50ms) == 1400ms);
    CHECK(answer_deadline(limits, 1s) == 2000ms);
}

} // namespace
} // namespace alert40
