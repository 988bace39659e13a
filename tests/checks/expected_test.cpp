// SPDX-License-Identifier: GPL-2.0-or-later
// A scenario's expectation for one client: its library's exceptions, then its own, then the manners.
#include "client-checks/checks/expected.h"

#include "scenarios/loader/input_error.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

Scenario scenario(const std::string& expect)
{
    return parse_scenario("title = \"t\"\ncause = \"certificate-expired\"\nstory = \"s\"\nlesson = \"l\"\n[expect]\n" +
                              expect + "[fix]\nsummary = \"f\"\nserver.versions = [\"1.2\"]\n",
                          "x.toml", "certificate/x");
}

RosterEntry client(std::string name, std::string library)
{
    RosterEntry entry;
    entry.definition.name = std::move(name);
    entry.definition.library = std::move(library);
    static std::list<Lexicon> lexicons;
    Lexicon& lexicon = lexicons.emplace_back();
    lexicon.lineage = {entry.definition.library};
    entry.lexicon = &lexicon;
    entry.manners = {{"verify:expired", {Manner::Kind::alert, AlertDescription::certificate_expired}},
                     {"verify:self-signed", {Manner::Kind::close, {}}},
                     {"verify:revoked", {Manner::Kind::reset, {}}},
                     {"local:dh-too-small", {Manner::Kind::accepts, {}}}};
    return entry;
}

const RosterEntry kCurl = client("curl", "openssl");

std::string expected(const std::string& text, const RosterEntry& entry = kCurl)
{
    return describe(expect(scenario(text), entry));
}

std::string rejects(const std::string& symptom)
{
    return "ends = \"client-rejects\"\nsymptom = \"" + symptom + "\"\n";
}

const std::string kAlert = "ends = \"server-alert\"\nalert = \"handshake_failure\"\nphase = \"before-server-hello\"\n";

TEST_CASE("the symptom follows from the ending where nothing else is said", "[checks][expected]")
{
    CHECK(expected(kAlert) == "server-alert fatal handshake_failure (40), before-server-hello; the client reports "
                              "alert-received:handshake_failure");
    CHECK(expected("ends = \"server-close\"\n") == "server-close; the client reports closed");
    CHECK(expected("ends = \"server-reset\"\n") == "server-reset; the client reports reset");
    CHECK(expected("ends = \"timeout\"\n") == "timeout; the client reports timeout");
    CHECK(expected("ends = \"server-close\"\nsymptom = \"not-tls\"\n") == "server-close; the client reports not-tls");
}

TEST_CASE("an exception's alert goes before the library's manner", "[checks][expected][manners]")
{
    const std::string exception = "[[expect.library]]\nname = \"openssl\"\nbecause = \"b\"\nalert = \"unknown_ca\"\n";
    CHECK(expected(rejects("verify:expired") + exception) ==
          "client-rejects fatal unknown_ca (48); the client reports verify:expired");
    CHECK(expected(rejects("verify:expired") + exception, client("builtin", "wolfssl")) ==
          "client-rejects fatal certificate_expired (45); the client reports verify:expired");
}

TEST_CASE("how a rejection shows is the library's manner", "[checks][expected][manners]")
{
    CHECK(expected(rejects("verify:expired")) ==
          "client-rejects fatal certificate_expired (45); the client reports verify:expired");
    CHECK_FALSE(expect(scenario(rejects("verify:self-signed")), kCurl).alert);
    CHECK_FALSE(expect(scenario(rejects("verify:self-signed")), kCurl).resets);
    CHECK(expect(scenario(rejects("verify:revoked")), kCurl).resets);
}

TEST_CASE("a library that accepts is expected to connect, and it is said that it does", "[checks][expected][manners]")
{
    const auto accepting = expect(scenario(rejects("local:dh-too-small")), kCurl);
    CHECK(accepting.ends == Ending::connected);
    CHECK(accepting.symptom == Symptom::parse("connected"));
    CHECK(accepting.because == std::vector<std::string>{"openssl accepts it"});
}

TEST_CASE("a symptom without a manner is bad input: the place, and where the line is missing",
          "[checks][expected][manners]")
{
    CHECK_THROWS_WITH(expect(scenario(rejects("verify:constraint")), kCurl),
                      Catch::Matchers::StartsWith("x.toml:5:") && Catch::Matchers::Contains("'verify:constraint'") &&
                          Catch::Matchers::Contains("[manners] of client-checks/lexicons/openssl.toml"));
}

TEST_CASE("a symptom that does not exist is bad input with the nearest one", "[checks][expected]")
{
    CHECK_THROWS_WITH(expect(scenario(rejects("verify:expird")), kCurl),
                      Catch::Matchers::StartsWith("x.toml:7:") && Catch::Matchers::Contains("'verify:expired'"));
}

TEST_CASE("an exception for the library comes before the client's own", "[checks][expected][exceptions]")
{
    const auto text =
        kAlert + "[[expect.client]]\nname = \"curl\"\nbecause = \"curl retries\"\nsymptom = \"closed\"\n"
                 "[[expect.library]]\nname = \"openssl\"\nbecause = \"it is OpenSSL\"\nphase = \"after-server-hello\"\n"
                 "symptom = \"reset\"\n";
    const auto both = expect(scenario(text), kCurl);
    CHECK(describe(both) == "server-alert fatal handshake_failure (40), after-server-hello; the client reports closed");
    CHECK(both.because == std::vector<std::string>{"it is OpenSSL", "curl retries"});
    CHECK(both.where.text() == "x.toml:10:8"); // of the last that was applied
    CHECK(expected(text, client("openssl", "openssl")) ==
          "server-alert fatal handshake_failure (40), after-server-hello; the client reports reset");
    const auto none = expect(scenario(text), client("gnutls-cli", "gnutls"));
    CHECK(none.because.empty());
    CHECK(none.phase == Phase::before_server_hello);
}

Deviation deviation(std::vector<std::string> scenarios, std::string because, Ending ends)
{
    Deviation deviation;
    deviation.scenarios = std::move(scenarios);
    deviation.differs.because = std::move(because);
    deviation.differs.ends = ends;
    return deviation;
}

TEST_CASE("a deviation of a client's or a library's own file holds for the scenarios it names", "[checks][expected]")
{
    RosterEntry curl = kCurl;
    Lexicon lexicon = *curl.lexicon;
    curl.lexicon = &lexicon;
    lexicon.lineage = {"openssl", "openssl-1.0"};
    lexicon.differs = {deviation({"certificate/*"}, "the library", Ending::server_reset)};
    curl.definition.differs = {deviation({"cipher/*"}, "not this", Ending::timeout)};
    CHECK(expected(kAlert, curl) == "server-reset; the client reports reset");
    curl.definition.differs.push_back(deviation({"group/*", "certificate/x"}, "the client", Ending::server_close));
    const auto both = expect(scenario(kAlert), curl);
    CHECK(describe(both) == "server-close; the client reports closed");
    CHECK(both.because == std::vector<std::string>{"the library", "the client"});
    // What the scenario says of a library that this one is like stands above that library's file, below the client's.
    const auto like = kAlert + "[[expect.library]]\nname = \"openssl\"\nbecause = \"scenario\"\nends = \"timeout\"\n";
    CHECK(expect(scenario(like), curl).because == std::vector<std::string>{"the library", "scenario", "the client"});
}

TEST_CASE("another ending takes with it what belonged to the first", "[checks][expected][exceptions]")
{
    const auto text = kAlert + "[[expect.client]]\nname = \"curl\"\nbecause = \"b\"\nends = \"connected\"\n";
    const auto connected = expect(scenario(text), kCurl);
    CHECK(describe(connected) == "connected; the client reports connected");
    CHECK_FALSE(connected.alert);
}

TEST_CASE("an exception can be that nothing can be shown", "[checks][expected][exceptions]")
{
    const auto text =
        rejects("verify:constraint") + "[[expect.client]]\nname = \"curl\"\nbecause = \"b\"\nskip = \"why\"\n";
    CHECK(expect(scenario(text), kCurl).skip == "why"); // and no manner is asked for
}

} // namespace
} // namespace alert40
