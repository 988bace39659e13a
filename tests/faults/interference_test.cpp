// SPDX-License-Identifier: GPL-2.0-or-later
// Faults at work on the streams of a connection: bytes in, steps out.
#include "server/faults/interference.h"

#include "scenarios/loader/input_error.h"
#include "server/faults/catalogue.h"
#include "server/wire/alert_message.h"
#include "server/wire/client_hello_extensions.h"
#include "server/wire/handshake.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

std::vector<std::unique_ptr<Fault>> faults(const std::string& list, const FaultPlace& place = {})
{
    const auto scenario =
        parse_scenario("title = \"t\"\ncause = \"none\"\nstory = \"s\"\nlesson = \"l\"\n[server]\nfaults = [" + list +
                           "]\n[expect]\nends = \"connected\"\n",
                       "x.toml", "test/x");
    return make_faults(scenario.server.faults, place);
}

Bytes handshake_record(HandshakeType type, std::size_t length)
{
    return compose_record(ContentType::handshake, ProtocolVersion::tls12, compose_handshake(type, Bytes(length, 7)));
}

/// ServerHello, Certificate and ServerHelloDone of TLS 1.2, a record each.
std::vector<Bytes> flight()
{
    ServerHello hello;
    hello.cipher_suite = CipherSuite{0xC02B};
    const Bytes body = compose_server_hello(hello);
    return {compose_record(ContentType::handshake, ProtocolVersion::tls12,
                           compose_handshake(HandshakeType::server_hello, body)),
            compose_record(ContentType::handshake, ProtocolVersion::tls12,
                           compose_handshake(HandshakeType::certificate, Bytes(3, 0))),
            handshake_record(HandshakeType::server_hello_done, 0)};
}

Bytes joined(const std::vector<Bytes>& pieces)
{
    Bytes all;
    for (const auto& piece : pieces) append(all, piece);
    return all;
}

Tap fresh_tap()
{
    return Tap(std::chrono::steady_clock::time_point{});
}

/// The sendings of the flight with these faults, each in hexadecimal; "|" where the connection ends.
std::vector<std::string> sent(const std::string& list, std::size_t connection = 1)
{
    const auto made = faults(list);
    Interference interference(made, connection);
    Tap tap = fresh_tap();
    std::vector<std::string> texts;
    for (const auto& step : interference.from_server(joined(flight()), tap, {})) {
        if (const auto* send = std::get_if<Send>(&step)) texts.push_back(to_hex(send->bytes));
        if (ends_connection(step)) texts.emplace_back("|");
    }
    return texts;
}

std::vector<std::string> hex(const std::vector<Bytes>& pieces)
{
    std::vector<std::string> texts;
    for (const auto& piece : pieces) texts.push_back(to_hex(piece));
    return texts;
}

ClientHello some_hello()
{
    ClientHello hello;
    hello.session_id = Bytes(32, 1);
    hello.cipher_suites = {CipherSuite{0xC02B}};
    hello.extensions = {server_name_extension("www.blocked.test"),
                        supported_versions_extension({ProtocolVersion::tls13, ProtocolVersion::tls12})};
    return hello;
}

Bytes hello_records(const ClientHello& hello, ProtocolVersion version = ProtocolVersion::tls10)
{
    return compose_record(ContentType::handshake, version,
                          compose_handshake(HandshakeType::client_hello, compose_client_hello(hello)));
}

/// What becomes of a ClientHello.
WireSteps of_hello(const std::string& list, const ClientHello& hello = some_hello())
{
    const auto made = faults(list);
    Interference interference(made, 1);
    Tap tap = fresh_tap();
    const Bytes bytes = hello_records(hello);
    tap.bytes(Direction::client_to_server, bytes, {});
    tap.client_hello(hello, ProtocolVersion::tls10);
    return interference.from_client(bytes, tap.transcript());
}

bool passes(const WireSteps& steps)
{
    return steps.size() == 1 && std::holds_alternative<HandOn>(steps.front());
}

TEST_CASE("without a fault at hand a flight goes out record by record, as it is", "[faults][interference]")
{
    CHECK(sent("{ at = \"client:finished\", do = \"reset\" }") == hex(flight()));
}

TEST_CASE("a record is dropped, doubled, moved or cut where its trigger says", "[faults][interference]")
{
    const auto all = hex(flight());
    CHECK(sent("{ at = \"server:certificate\", do = \"drop\" }") == std::vector{all[0], all[2]});
    CHECK(sent("{ at = \"server:certificate\", do = \"duplicate\" }") == std::vector{all[0], all[1], all[1], all[2]});
    CHECK(sent("{ at = \"server:certificate\", do = \"reorder\" }") == std::vector{all[0], all[2], all[1]});
    CHECK(sent("{ at = \"server:record:3\", do = \"reorder\" }") == all); // nothing follows it
    CHECK(sent("{ at = \"server:certificate\", do = \"truncate\", keep = 6 }") ==
          std::vector<std::string>{all[0], all[1].substr(0, 12), "|", all[2]});
    CHECK(sent("{ at = \"server:certificate\", do = \"bit-flip\", octet = 0, bit = 1 }")[1].substr(10, 2) == "09");
    CHECK(sent("{ at = \"server:record:1\", do = \"replace-record-version\", version = \"1.0\" }")[0].substr(2, 4) ==
          "0301");
}

TEST_CASE("a flight is gathered into one segment, one record, or sent two times", "[faults][interference]")
{
    const auto all = joined(flight());
    CHECK(sent("{ at = \"server:server_hello\", do = \"coalesce\" }") == std::vector{to_hex(all)});
    const auto twice = sent("{ at = \"server:server_hello\", do = \"duplicate\", what = \"flight\" }");
    CHECK(twice == std::vector{to_hex(all), to_hex(all)});
    const auto merged = sent("{ at = \"server:server_hello\", do = \"coalesce\", into = \"record\" }");
    REQUIRE(merged.size() == 1);
    CHECK(merged[0].size() / 2 == all.size() - 2 * kRecordHeaderLength);
}

TEST_CASE("a record is spread over segments or records without losing an octet", "[faults][interference]")
{
    const auto all = flight();
    const auto octets = sent("{ at = \"server:certificate\", do = \"byte-at-a-time\" }");
    CHECK(octets.size() == all[1].size() + 2);
    const auto segments = sent("{ at = \"server:certificate\", do = \"split\" }");
    CHECK(segments.size() == 4);
    CHECK(segments[1] + segments[2] == to_hex(all[1]));
    const auto records = sent("{ at = \"server:certificate\", do = \"split\", into = \"records\", count = 7 }");
    CHECK(records.size() == 2 + 7);
    CHECK(records[1].substr(0, 10) == "1603030001");
}

TEST_CASE("a fault acts on the connections that it names", "[faults][interference]")
{
    const std::string second = "{ at = \"server:certificate\", do = \"drop\", on_connection = 2 }";
    CHECK(sent(second, 1).size() == 3);
    CHECK(sent(second, 2).size() == 2);
    CHECK(sent(second, 3).size() == 3);
    const std::string every_third = "{ at = \"server:certificate\", do = \"drop\", on_connection = { every = 3 } }";
    CHECK(sent(every_third, 2).size() == 3);
    CHECK(sent(every_third, 3).size() == 2);
    CHECK(sent(every_third, 6).size() == 2);
}

TEST_CASE("Finished of TLS 1.2 is known by its place, though it is encrypted", "[faults][interference]")
{
    const auto made = faults("{ at = \"server:finished\", do = \"reset\" }");
    Interference interference(made, 1);
    Tap tap = fresh_tap();
    CHECK(interference.from_server(joined(flight()), tap, {}).size() == 3);
    Bytes end = compose_record(ContentType::change_cipher_spec, ProtocolVersion::tls12, Bytes{1});
    append(end, compose_record(ContentType::handshake, ProtocolVersion::tls12, Bytes(40, 9)));
    append(end, compose_record(ContentType::handshake, ProtocolVersion::tls12, Bytes(40, 9)));
    const auto steps = interference.from_server(end, tap, {});
    REQUIRE(steps.size() == 3);
    CHECK(std::holds_alternative<Send>(steps[0]));
    CHECK(std::holds_alternative<ResetConnection>(steps[1]));
    CHECK(std::holds_alternative<Send>(steps[2]));
}

TEST_CASE("a ClientHello is refused for what it holds, and passes without it", "[faults][interference]")
{
    struct Case {
        std::string kind;
        ClientHello harmless;
    };
    ClientHello old = some_hello();
    old.extensions.erase(old.extensions.begin() + 1);
    ClientHello nameless = some_hello();
    nameless.extensions.erase(nameless.extensions.begin());
    ClientHello fresh = some_hello();
    fresh.session_id.clear();
    ClientHello grease = some_hello();
    const auto each = GENERATE_COPY(values<Case>({{"do = \"refuse-version\", version = \"1.3\"", old},
                                                  {"do = \"sni-filter\", names = [\".blocked.test\"]", nameless},
                                                  {"do = \"refuse-session-id\"", fresh},
                                                  {"do = \"client-hello-size-limit\", limit = 110", nameless}}));
    const auto fault = "{ at = \"client:client_hello\", " + each.kind + " }";
    INFO(fault);
    const auto refused = of_hello(fault);
    REQUIRE(refused.size() == 1);
    CHECK(std::holds_alternative<ResetConnection>(refused.front()));
    CHECK(passes(of_hello(fault, each.harmless)));
    CHECK(passes(of_hello("{ at = \"client:client_hello\", do = \"refuse-grease\" }", grease)));
    grease.cipher_suites.push_back(CipherSuite{0x0A0A});
    CHECK_FALSE(passes(of_hello("{ at = \"client:client_hello\", do = \"refuse-grease\" }", grease)));
}

TEST_CASE("a refusal may say an alert first", "[faults][interference]")
{
    const auto steps = of_hello(
        "{ at = \"client:client_hello\", do = \"refuse-version\", alert = \"handshake_failure\", then = \"close\" }");
    REQUIRE(steps.size() == 2);
    CHECK(to_hex(std::get<Send>(steps[0]).bytes) == "15030300020228");
    CHECK(std::holds_alternative<CloseConnection>(steps[1]));
}

TEST_CASE("a stripped extension is gone from the ClientHello that goes on, the rest is not", "[faults][interference]")
{
    const auto steps =
        of_hello("{ at = \"client:client_hello\", do = \"strip-extension\", extensions = [\"supported_versions\"] }");
    REQUIRE(passes(steps));
    ClientHello stripped = some_hello();
    stripped.extensions.erase(stripped.extensions.begin() + 1);
    CHECK(to_hex(std::get<HandOn>(steps.front()).bytes) == to_hex(hello_records(stripped)));
}

TEST_CASE("a delay comes before whatever another fault does at the same place", "[faults][interference]")
{
    const auto made = faults("{ at = \"connect\", do = \"delay\", for_ms = 50 }, { at = \"connect\", do = \"reset\" }");
    const auto steps = Interference(made, 1).at_connect();
    REQUIRE(steps.size() == 2);
    CHECK(std::get<Pause>(steps[0]).length == std::chrono::milliseconds(50));
    CHECK(std::holds_alternative<ResetConnection>(steps[1]));
}

TEST_CASE("what is no record passes as it is", "[faults][interference]")
{
    const auto made = faults("{ at = \"server:any_record\", do = \"drop\" }");
    Interference interference(made, 1);
    Tap tap = fresh_tap();
    const auto steps = interference.from_server(to_bytes("220 mail ready\r\n"), tap, {});
    REQUIRE(steps.size() == 1);
    CHECK(to_text(std::get<Send>(steps.front()).bytes) == "220 mail ready\r\n");
    // Half a record waits for the rest, and is not lost with the end.
    Interference other(made, 1);
    CHECK(other.from_server(ByteView(flight()[0]).first(7), tap, {}).empty());
    CHECK(other.rest_of_server().size() == 7);
}

TEST_CASE("what can never act is refused at its trigger", "[faults]")
{
    FaultPlace tls12;
    tls12.versions = {ProtocolVersion::tls12};
    FaultPlace tls13;
    tls13.versions = {ProtocolVersion::tls13};
    FaultPlace box;
    box.sees_inside = false;
    box.versions = {ProtocolVersion::tls13};
    const auto reset = [](const std::string& at) { return "{ at = \"" + at + "\", do = \"reset\" }"; };
    CHECK_NOTHROW(faults(reset("server:server_hello_done"), tls12));
    CHECK_THROWS_WITH(faults(reset("server:server_hello_done"), tls13),
                      Catch::StartsWith("x.toml:6:18: no version of this server has server_hello_done"));
    CHECK_THROWS_AS(faults(reset("server:encrypted_extensions"), tls12), InputError);
    CHECK_THROWS_WITH(faults(reset("server:certificate"), box), Catch::Contains("a box in between cannot see it"));
    CHECK_NOTHROW(faults(reset("server:record:3"), box));
    tls12.asks_client_certificate = false;
    CHECK_THROWS_WITH(faults(reset("client:certificate"), tls12), Catch::Contains("asks for no client certificate"));
    CHECK_THROWS_WITH(faults(reset("connect") + ", " + reset("server:certificate")),
                      Catch::Contains("'reset' at connect has ended the connection before this"));
    CHECK_NOTHROW(faults(reset("server:certificate") + ", { at = \"server:server_hello\", do = \"drop\" }"));
}

} // namespace
} // namespace alert40
