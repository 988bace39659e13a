// SPDX-License-Identifier: GPL-2.0-or-later
// Clients of the user's own that are no usual program: what stubs say, what triggers are, what nobody knows of a
// library.
#include "client-checks/checks/observation.h"
#include "client-checks/checks/stub_verdict.h"
#include "client-checks/checks/trigger_client.h"

#include "scenarios/loader/catalogue.h"
#include "tests/diagnosis/evidence_maker.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

TEST_CASE("the last line of a TryTLS stub is its verdict, the one before it the reason", "[checks][trytls]")
{
    using Kind = StubVerdict::Kind;
    struct Case {
        std::string output;
        Kind kind;
        std::string text;
    };
    const auto each =
        GENERATE(Case{"ACCEPT\n", Kind::accept, "ACCEPT"}, Case{"why\nREJECT", Kind::reject, "why"},
                 Case{"a\n\nb \r\n REJECT \r\n\n", Kind::reject, "b"}, Case{"x\nUNSUPPORTED\n", Kind::unsupported, "x"},
                 Case{"REJECT\nACCEPT\n", Kind::accept, "REJECT"}, Case{"accept\n", Kind::none, ""},
                 Case{"ACCEPTED\n", Kind::none, ""}, Case{"", Kind::none, ""}, Case{"\n\n", Kind::none, ""});
    const auto verdict = read_stub_verdict(each.output);
    CHECK(verdict.kind == each.kind);
    if (each.kind == Kind::none)
        CHECK(verdict.text.find("not ACCEPT, REJECT or UNSUPPORTED") != std::string::npos);
    else
        CHECK(verdict.text == each.text);
    CHECK(read_stub_verdict(std::string(100'000, 'x')).text.size() < 300);
}

TEST_CASE("a trigger's URL is http, a host and a path", "[checks][trigger]")
{
    struct Case {
        std::string text, host, port, target;
    };
    const auto each = GENERATE(
        Case{"http://192.0.2.1", "192.0.2.1", "80", "/"}, Case{"http://a:8080/", "a", "8080", "/"},
        Case{"http://a/b/c?d=http://e:1/", "a", "80", "/b/c?d=http://e:1/"}, Case{"http://a?b=1", "a", "80", "/?b=1"},
        Case{"http://[::1]:9/x", "::1", "9", "/x"}, Case{"http://[::1]", "::1", "80", "/"});
    const auto url = parse_http_url(each.text);
    REQUIRE(url);
    CHECK(url->host == each.host);
    CHECK(url->port == each.port);
    CHECK(url->target == each.target);
}

TEST_CASE("what is no such URL is refused", "[checks][trigger]")
{
    const std::string text =
        GENERATE("", "a", "https://a/", "ftp://a/", "http://", "http:///x", "http://:80/", "http://a:/", "http://a:b/",
                 "http://a:123456/", "http://user@a/", "http://a/ b", "http://a/\r\nX: y", "http://[::1/");
    CAPTURE(text);
    CHECK_FALSE(parse_http_url(text));
}

RosterEntry unknown_client(const Lexicon& lexicon)
{
    RosterEntry entry;
    entry.definition.name = "own";
    entry.definition.connected_exit_code = 0;
    entry.lexicon = &lexicon;
    return entry;
}

TEST_CASE("of a library that nobody knows any way to reject is right, and accepting is not", "[checks][expected]")
{
    const Lexicon none;
    const auto client = unknown_client(none);
    const auto scenario = load_scenario(test_source_dir() / "scenarios/certificate/expired-tls13.toml");
    const Expected expected = expect(scenario, client);
    CHECK(expected.any_manner);
    const auto wire = [] {
        return test::WireMaker(test::modern_hello())
            .server_hello(ProtocolVersion::tls13)
            .reach(Phase::after_server_flight);
    };
    const auto judged = [&](const Transcript& transcript, int exit_code) {
        Observation seen;
        seen.connections = {transcript};
        seen.child.exit_code = exit_code;
        seen.child.errors = "it is too old\n";
        seen.tells_no_cause = true;
        interpret(seen, expected, client);
        if (exit_code != 0) CHECK(seen.says == "it is too old");
        return differences(seen, expected);
    };
    CHECK(judged(wire().socket(SocketEventKind::client_fin).wire(), 1).empty());
    CHECK(judged(wire().socket(SocketEventKind::client_reset).wire(), 1).empty());
    CHECK(judged(wire().client_alert(AlertDescription::internal_error).wire(), 1).empty());
    CHECK(judged(wire().server_alert(AlertDescription::internal_error).wire(), 1).size() == 1);
    CHECK(judged(wire().socket(SocketEventKind::client_fin).wire(), 0).size() == 1); // it says that it connected
}

} // namespace
} // namespace alert40
