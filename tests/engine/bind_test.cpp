// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/input_error.h"
#include "server/engine/servable.h"
#include "server/stack/tls_context.h"

#include <catch2/catch.hpp>

using namespace alert40;
using Catch::Matchers::Contains;

namespace {

/// The server of a scenario whose [server] section is `settings`.
Scenario scenario_with(const std::string& settings)
{
    const std::string text = "title = \"t\"\ncause = \"none\"\nstory = \"s\"\nlesson = \"l\"\n[server]\n" + settings +
                             "\n[expect]\nends = \"connected\"\n";
    return parse_scenario(text, "mine.toml", "control/mine");
}

void check(const std::string& settings)
{
    const Scenario scenario = scenario_with(settings);
    check_servable(scenario.server, scenario.where);
}

} // namespace

TEST_CASE("a server that can be served is accepted", "[engine][servable]")
{
    CHECK_NOTHROW(
        check("versions = [\"1.2\", \"1.3\"]\nciphers = [\"ECDHE-ECDSA-AES128-SHA\", \"TLS_AES_128_GCM_SHA256\"]"));
    CHECK_NOTHROW(check("versions = [\"1.2\"]\nciphers = [\"DHE-RSA-AES128-GCM-SHA256\"]\ndh_bits = 1024"));
}

TEST_CASE("an impossible combination is refused at its position", "[engine][servable]")
{
    CHECK_THROWS_WITH(check("versions = [\"1.2\"]\nciphers = [\"TLS_AES_128_GCM_SHA256\"]"),
                      Contains("mine.toml:7:11: TLS_AES_128_GCM_SHA256 belongs to none of server.versions"));
    CHECK_THROWS_WITH(check("versions = [\"1.2\"]\nciphers = [\"DHE-RSA-AES128-GCM-SHA256\"]"),
                      Contains("mine.toml:7:11: TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 needs server.dh_bits"));
    CHECK_THROWS_WITH(check("versions = [\"1.2\"]\nciphers = [\"ADH-AES128-SHA\"]"),
                      Contains("TLS_DH_anon_WITH_AES_128_CBC_SHA proves no identity"));
    CHECK_THROWS_WITH(check("versions = []"), Contains("mine.toml: server.versions is empty"));
    CHECK_THROWS_WITH(check("versions = [\"1.1\", \"1.3\"]"), Contains("leaves out TLS 1.2"));
    CHECK_THROWS_WITH(check("dh_bits = 600"), Contains("mine.toml:6:11: no DHE parameters of 600 bits"));
}

TEST_CASE("what this build of the stack does not have is refused with its name", "[engine][servable]")
{
    CHECK_THROWS_WITH(check("versions = [\"1.2\"]\nciphers = [\"DHE-DSS-AES128-SHA\"]\ndh_bits = 2048"),
                      Contains("TLS_DHE_DSS_WITH_AES_128_CBC_SHA is not in this build of the TLS stack"));
    CHECK_THROWS_WITH(check("groups = [\"sect163k1\"]"), Contains("sect163k1 is not in this build"));
    if (stack_is_from_source()) return;
    CHECK_THROWS_AS(check("versions = [\"1.0\"]"), NotServable);
    CHECK_THROWS_WITH(check("versions = [\"1.0\"]"), Contains("TLS 1.0 is not in this build"));
    CHECK_THROWS_AS(check("versions = [\"1.2\"]\nciphers = [\"AES128-SHA\"]"), NotServable);
}
