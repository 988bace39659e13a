// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/faults/catalogue.h"

#include "scenarios/loader/input_error.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

/// The first fault of a scenario that holds `fault` as written, line 6 of "x.toml".
std::unique_ptr<Fault> make(const std::string& fault)
{
    const auto scenario =
        parse_scenario("title = \"t\"\ncause = \"none\"\nstory = \"s\"\nlesson = \"l\"\n[server]\nfaults = [" + fault +
                           "]\n[expect]\nends = \"connected\"\n",
                       "x.toml", "test/x");
    return make_fault(scenario.server.faults.front());
}

Trigger trigger(const std::string& text)
{
    return Trigger::parse({text, {std::make_shared<const std::string>("x.toml"), 3, 4}});
}

Event record_event(Direction direction, std::size_t number, std::span<const HandshakeType> messages)
{
    return {false, direction, messages, number};
}

Event connect_event()
{
    Event event;
    event.connect = true;
    return event;
}

constexpr auto kClient = Direction::client_to_server;
constexpr auto kServer = Direction::server_to_client;
constexpr HandshakeType kClientHello[] = {HandshakeType::client_hello};
constexpr HandshakeType kServerFlight[] = {HandshakeType::server_hello, HandshakeType::certificate};

TEST_CASE("a trigger matches its event and no other", "[faults][trigger]")
{
    struct Case {
        std::string text;
        bool connect;
        bool client_hello;  // the client's first record
        bool server_flight; // the server's second record, two messages
    };
    const auto each = GENERATE(values<Case>({{"connect", true, false, false},
                                             {"client:client_hello", false, true, false},
                                             {"server:server_hello", false, false, true},
                                             {"server:certificate", false, false, true},
                                             {"client:certificate", false, false, false},
                                             {"client:record:1", false, true, false},
                                             {"server:record:2", false, false, true},
                                             {"server:record:1", false, false, false},
                                             {"client:record:2", false, false, false}}));
    INFO(each.text);
    const auto at = trigger(each.text);
    CHECK(at.matches(connect_event()) == each.connect);
    CHECK(at.matches(record_event(kClient, 1, kClientHello)) == each.client_hello);
    CHECK(at.matches(record_event(kServer, 2, kServerFlight)) == each.server_flight);
    CHECK_FALSE(at.matches(record_event(kServer, 7, {})));
}

TEST_CASE("a trigger that cannot be is refused at its position", "[faults][trigger]")
{
    struct Case {
        std::string text;
        std::string message;
    };
    const auto each = GENERATE(values<Case>({
        {"conect", "x.toml:3:4: unknown trigger 'conect'\n  hint: one of: connect, client:<message>"},
        {"", "unknown trigger ''"},
        {"middle:client_hello", "unknown trigger 'middle:client_hello'"},
        {"client:client_helo",
         "x.toml:3:4: unknown handshake message 'client_helo'\n  hint: did you mean 'client_hello'?"},
        {"client:", "unknown handshake message ''"},
        {"server:record:", "'' is not the number of a record"},
        {"server:record:0", "x.toml:3:4: '0' is not the number of a record\n  hint: records are counted from 1"},
        {"server:record:-1", "'-1' is not the number of a record"},
        {"server:record:3x", "'3x' is not the number of a record"},
        {"server:record:99999999999999999999", "is not the number of a record"},
        {"server:records:3", "unknown handshake message 'records:3'"},
        {"server:client_hello", "x.toml:3:4: a server never sends client_hello\n  hint: client:client_hello"},
    }));
    INFO(each.text);
    CHECK_THROWS_AS(trigger(each.text), InputError);
    CHECK_THROWS_WITH(trigger(each.text), Catch::Contains(each.message));
}

/// The steps at the connect, where the trigger is "connect".
WireSteps steps_of(const std::string& rest)
{
    return make("{ at = \"connect\", " + rest + " }")->act(connect_event(), {Send{{1, 2, 3}}});
}

TEST_CASE("each kind puts its own steps in the place of what was planned", "[faults]")
{
    CHECK(steps_of("do = \"reset\"").size() == 1);
    CHECK(std::holds_alternative<ResetConnection>(steps_of("do = \"reset\"").front()));
    CHECK(std::holds_alternative<CloseConnection>(steps_of("do = \"close\"").front()));
    CHECK(std::holds_alternative<Stall>(steps_of("do = \"stall\"").front()));

    const auto sent = steps_of("do = \"send\", text = \"HTTP\"");
    REQUIRE(sent.size() == 2);
    CHECK(to_text(std::get<Send>(sent[0]).bytes) == "HTTP");
    CHECK(std::holds_alternative<CloseConnection>(sent[1]));

    const auto alert = steps_of("do = \"alert\", description = \"handshake_failure\"");
    REQUIRE(alert.size() == 2);
    CHECK(to_hex(std::get<Send>(alert[0]).bytes) == "15030300020228");
    CHECK(std::holds_alternative<CloseConnection>(alert[1]));
    const auto warning = steps_of("do = \"alert\", description = \"user_canceled\", level = \"warning\"");
    CHECK(to_hex(std::get<Send>(warning[0]).bytes) == "1503030002015a");
}

/// The settings that a kind cannot do without.
std::string needed_by(std::string_view kind)
{
    if (kind == "alert") return ", description = \"handshake_failure\"";
    if (kind == "send") return ", text = \"x\"";
    if (kind == "client-hello-size-limit") return ", limit = 1448";
    if (kind == "delay") return ", for_ms = 1";
    if (kind == "replace-record-version") return ", version = \"1.0\"";
    if (kind == "sni-filter") return ", names = [\"a.test\"]";
    if (kind == "strip-extension") return ", extensions = [\"server_name\"]";
    if (kind == "refuse-record-version") return ", version = \"1.0\"";
    return "";
}

TEST_CASE("away from its trigger a fault leaves what was planned", "[faults]")
{
    for (const auto& kind : all_faults()) {
        const bool hello = kind.acts_on == ActsOn::client_hello;
        const std::string at = hello ? "client:client_hello" : "server:certificate";
        const auto fault =
            make("{ at = \"" + at + "\", do = \"" + std::string(kind.name) + "\"" + needed_by(kind.name) + " }");
        const auto kept =
            fault->act(hello ? record_event(kServer, 2, kServerFlight) : record_event(kClient, 1, kClientHello),
                       {Send{{1, 2, 3}}});
        INFO(kind.name);
        REQUIRE(kept.size() == 1);
        CHECK(std::get<Send>(kept.front()).bytes == Bytes{1, 2, 3});
        CHECK(fault->act(connect_event(), {}).empty());
    }
}

TEST_CASE("a kind or a setting that does not exist is refused at its position", "[faults]")
{
    CHECK_THROWS_WITH(make("{ at = \"connect\", do = \"stal\" }"),
                      Catch::StartsWith("x.toml:6:34: unknown fault 'stal'\n  hint: did you mean 'stall'? one of: "
                                        "alert, bit-flip, byte-at-a-time, "));
    CHECK_THROWS_WITH(make("{ at = \"connect\", do = \"reset\", delay = 3 }"),
                      Catch::StartsWith("x.toml:6:51: unknown key 'delay'"));
    CHECK_THROWS_WITH(make("{ at = \"connect\", do = \"alert\" }"),
                      Catch::Contains("the key 'description' is missing"));
    CHECK_THROWS_WITH(make("{ at = \"connect\", do = \"alert\", description = \"handshake_failur\" }"),
                      Catch::Contains("did you mean 'handshake_failure'?"));
    CHECK_THROWS_WITH(make("{ at = \"connect\", do = \"send\", text = 7 }"),
                      Catch::Contains("expected a string, found a whole number"));
    CHECK_THROWS_WITH(make("{ at = \"conect\", do = \"reset\" }"), Catch::StartsWith("x.toml:6:18: unknown trigger"));
}

TEST_CASE("the schema has one alternative for each kind, with its settings", "[faults][schema]")
{
    const auto schema = fault_schema();
    REQUIRE(schema["oneOf"].size() == all_faults().size());
    for (std::size_t index = 0; index < all_faults().size(); ++index) {
        const auto& kind = schema["oneOf"][index];
        CHECK(kind["properties"]["do"]["const"] == all_faults()[index].name);
        CHECK(kind["description"] == all_faults()[index].summary);
        CHECK(kind["additionalProperties"] == false);
        const auto& required = kind["required"];
        CHECK(std::find(required.begin(), required.end(), "at") != required.end());
    }
    CHECK(schema["oneOf"][0]["properties"]["description"]["enum"].size() > 30);
}

} // namespace
} // namespace alert40
