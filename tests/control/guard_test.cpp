// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/guard.h"
#include "server/control/route_pattern.h"

#include <catch2/catch.hpp>

using namespace alert40;

TEST_CASE("a server on loopback goes by loopback names and addresses only", "[control][guard]")
{
    for (const auto* own : {"localhost", "LOCALHOST:80", "a.b.localhost:1", "127.0.0.1:1", "127.9.9.9", "[::1]:443"})
        CHECK(is_own_host(own, "127.0.0.1"));
    for (const auto* other : {"", "evil.example", "localhost.evil.example", "192.0.2.1", "localhost:", "localhost:x",
                              "[::1", "127.0.0.1.evil.example", "localhost:99:99", "@localhost"})
        CHECK_FALSE(is_own_host(other, "127.0.0.1"));
}

TEST_CASE("a server on a named address goes by that too, one on all by any address", "[control][guard]")
{
    CHECK(is_own_host("192.0.2.1:80", "192.0.2.1"));
    CHECK_FALSE(is_own_host("192.0.2.2:80", "192.0.2.1"));
    CHECK(is_own_host("192.0.2.2:80", "0.0.0.0"));
    CHECK_FALSE(is_own_host("evil.example", "0.0.0.0"));
}

TEST_CASE("an origin is the same where scheme, host and port are", "[control][guard]")
{
    CHECK(is_same_origin("http://localhost:1", "LOCALHOST:1"));
    CHECK_FALSE(is_same_origin("https://localhost:1", "localhost:1"));
    CHECK_FALSE(is_same_origin("http://localhost:2", "localhost:1"));
    CHECK_FALSE(is_same_origin("null", "localhost:1"));
}

TEST_CASE("a route pattern names parts of a path", "[control][route]")
{
    const RoutePattern pattern("/api/scenarios/{family}/{name}");
    CHECK(pattern.match("/api/scenarios/cipher/x")->at("name") == "x");
    CHECK_FALSE(pattern.match("/api/scenarios/cipher"));
    CHECK_FALSE(pattern.match("/api/scenarios/cipher/"));
    CHECK_FALSE(pattern.match("/api/scenarios/cipher/x/y"));
    const RoutePattern rest("/pages/{path*}");
    CHECK(rest.match("/pages/a/b.js")->at("path") == "a/b.js");
    CHECK(rest.match("/pages/")->at("path").empty());
    CHECK_FALSE(rest.match("/page"));
}
