// SPDX-License-Identifier: GPL-2.0-or-later
// Reading a client's output, picking the connection that decides, and saying what differs: on made transcripts.
#include "client-checks/checks/observation.h"

#include "tests/diagnosis/evidence_maker.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace test;

const auto& lexicons()
{
    static const auto loaded = load_lexicons(test_source_dir());
    return loaded;
}

/// A client on OpenSSL that says "HTTP 200" and leaves with 0 when it is happy.
RosterEntry client()
{
    RosterEntry entry;
    entry.definition.name = "made";
    entry.definition.library = "openssl";
    entry.definition.connected_exit_code = 0;
    entry.definition.connected_pattern = std::regex("^HTTP 200$");
    entry.lexicon = &lexicons().at("openssl");
    return entry;
}

Observation seen(std::vector<Transcript> connections, std::string errors, int exit_code = 1)
{
    Observation observation;
    observation.connections = std::move(connections);
    observation.child.errors = std::move(errors);
    observation.child.exit_code = exit_code;
    return observation;
}

Expected alert40()
{
    Expected expected;
    expected.ends = Ending::server_alert;
    expected.alert = AlertDescription::handshake_failure;
    expected.phase = Phase::before_server_hello;
    expected.symptom = Symptom::parse("alert-received:handshake_failure");
    return expected;
}

Expected ending(Ending ends, std::optional<AlertDescription> alert = {})
{
    Expected expected;
    expected.ends = ends;
    expected.alert = alert;
    return expected;
}

const char* const kSays40 = "error:0A000410:SSL routines::sslv3 alert handshake failure";

Transcript refusing(AlertDescription description = AlertDescription::handshake_failure,
                    AlertLevel level = AlertLevel::fatal)
{
    return WireMaker(modern_hello()).server_alert(description, level).wire();
}

Transcript ended(SocketEventKind kind)
{
    return WireMaker(modern_hello()).socket(kind).wire();
}

std::vector<std::string> judged(Observation observation, const Expected& expected)
{
    interpret(observation, expected, client());
    return differences(observation, expected);
}

TEST_CASE("what is as expected has no differences", "[checks][observation]")
{
    CHECK(judged(seen({refusing()}, kSays40), alert40()).empty());
}

TEST_CASE("alert, level, phase and symptom are each looked at", "[checks][observation]")
{
    const auto after_hello = WireMaker(modern_hello())
                                 .server_hello(ProtocolVersion::tls12)
                                 .server_alert(AlertDescription::handshake_failure)
                                 .wire();
    const auto by_client = WireMaker(modern_hello()).client_alert(AlertDescription::handshake_failure).wire();
    for (const auto& wire : {refusing(AlertDescription::protocol_version),
                             refusing(AlertDescription::handshake_failure, AlertLevel::warning), after_hello, by_client,
                             ended(SocketEventKind::server_fin)}) {
        const auto found = judged(seen({wire}, kSays40), alert40());
        REQUIRE(found.size() == 1);
        CHECK_THAT(found.front(),
                   Catch::Matchers::StartsWith("on the wire: expected server-alert fatal handshake_failure"));
    }
    const auto found =
        judged(seen({refusing()}, "error:0A00042E:SSL routines::tlsv1 alert protocol version"), alert40());
    REQUIRE(found.size() == 1);
    CHECK(found.front() ==
          "the client reports alert-received:protocol_version, expected alert-received:handshake_failure");
}

TEST_CASE("each ending is recognised, and taken for no other", "[checks][observation]")
{
    struct Case {
        Expected expected;
        Transcript wire;
    };
    Expected resets = ending(Ending::client_rejects);
    resets.resets = true;
    const auto rejecting = WireMaker(modern_hello())
                               .server_hello(ProtocolVersion::tls12)
                               .client_alert(AlertDescription::certificate_expired)
                               .wire();
    const std::vector<Case> cases = {
        {ending(Ending::server_alert, AlertDescription::handshake_failure), refusing()},
        {ending(Ending::server_close), ended(SocketEventKind::server_fin)},
        {ending(Ending::server_reset), ended(SocketEventKind::server_reset)},
        {ending(Ending::client_rejects, AlertDescription::certificate_expired), rejecting},
        {ending(Ending::client_rejects), ended(SocketEventKind::client_fin)},
        {resets, ended(SocketEventKind::client_reset)},
    };
    for (std::size_t expected = 0; expected < cases.size(); ++expected)
        for (std::size_t wire = 0; wire < cases.size(); ++wire) {
            CAPTURE(expected, wire);
            const auto found = judged(seen({cases[wire].wire}, ""), cases[expected].expected);
            CHECK(found.empty() == (expected == wire));
        }
    for (const auto kind : {SocketEventKind::client_fin, SocketEventKind::client_reset})
        CHECK(judged(seen({ended(kind)}, ""), ending(Ending::client_closes)).empty());
}

TEST_CASE("the connection that decides is the first that ended as expected, of those with a ClientHello",
          "[checks][observation]")
{
    Transcript without_hello = ended(SocketEventKind::client_fin);
    without_hello.client_hello.reset();
    auto observation = seen({without_hello, ended(SocketEventKind::client_fin), refusing(), refusing()}, kSays40);
    interpret(observation, alert40(), client());
    CHECK(observation.deciding == 2);
    interpret(observation, ending(Ending::server_reset), client());
    CHECK(observation.deciding == 1);
    auto none = seen({}, "");
    CHECK(judged(none, alert40()).front() == "the client never connected");
}

RecordEvent change_cipher_spec(Direction direction)
{
    RecordEvent record;
    record.direction = direction;
    record.type = ContentType::change_cipher_spec;
    return record;
}

TEST_CASE("up to TLS 1.2 a handshake is abbreviated where the server changes its keys first", "[checks][observation]")
{
    auto full = WireMaker(modern_hello()).server_hello(ProtocolVersion::tls12).wire();
    CHECK_FALSE(resumed(full));
    auto abbreviated = full;
    for (const auto direction : {Direction::client_to_server, Direction::server_to_client}) {
        full.events.push_back(change_cipher_spec(direction));
        abbreviated.events.insert(abbreviated.events.begin(), change_cipher_spec(direction));
    }
    CHECK_FALSE(resumed(full));
    CHECK(resumed(abbreviated));
}

TEST_CASE("of a client that resumes the second connection decides", "[checks][observation]")
{
    auto observation = seen({refusing(), ended(SocketEventKind::server_reset), refusing()}, kSays40);
    observation.resumes = true;
    interpret(observation, alert40(), client());
    CHECK(observation.deciding == 2);
    interpret(observation, ending(Ending::server_reset), client());
    CHECK(observation.deciding == 1);
    auto once = seen({refusing()}, kSays40);
    once.resumes = true;
    CHECK(judged(once, alert40()).front() == "the client did not connect a second time");
}

TEST_CASE("a full handshake is said where an abbreviated one was expected", "[checks][observation]")
{
    auto wire = WireMaker(modern_hello()).server_hello(ProtocolVersion::tls12).wire();
    wire.events.push_back(change_cipher_spec(Direction::server_to_client));
    SocketEvent reset;
    reset.kind = SocketEventKind::server_reset;
    wire.events.push_back(reset);
    auto expected = ending(Ending::server_reset);
    expected.resumed = true;
    CHECK(judged(seen({wire}, ""), expected).empty());
    expected.resumed = false;
    CHECK(judged(seen({wire}, ""), expected).front() == "on the wire: expected a full handshake");
}

TEST_CASE("where nobody listens no connection may be seen, and where the client never speaks no ClientHello",
          "[checks][observation]")
{
    CHECK(judged(seen({}, ""), ending(Ending::not_listening)).empty());
    CHECK(judged(seen({refusing()}, ""), ending(Ending::not_listening)).front() == "the client was connected");
    auto mute = ended(SocketEventKind::client_fin);
    mute.client_hello.reset();
    CHECK(judged(seen({}, ""), ending(Ending::client_never_speaks)).empty());
    CHECK(judged(seen({mute}, ""), ending(Ending::client_never_speaks)).empty());
    CHECK(judged(seen({mute, refusing()}, ""), ending(Ending::client_never_speaks)).front() ==
          "the client sent a ClientHello");
}

TEST_CASE("an HTTP status is no success", "[checks][observation]")
{
    auto observation = seen({refusing()}, "curl: (22) The requested URL returned error: 421", 22);
    interpret(observation, alert40(), client());
    CHECK(describe(observation.symptoms) == "http-status:421");
}

TEST_CASE("a scenario's own sign of success stands for the client's", "[checks][observation]")
{
    auto observation = seen({refusing()}, "", 0);
    observation.child.output = "221 bye\n";
    interpret(observation, alert40(), client());
    CHECK(describe(observation.symptoms) != "connected");
    observation.connected_pattern = std::regex("^221 ");
    interpret(observation, alert40(), client());
    CHECK(describe(observation.symptoms) == "connected");
}

TEST_CASE("success is what the client's file says, all of it", "[checks][observation]")
{
    const auto symptom = [](std::string output, int exit_code) {
        auto observation = seen({refusing()}, "", exit_code);
        observation.child.output = std::move(output);
        interpret(observation, alert40(), client());
        return describe(observation.symptoms);
    };
    CHECK(symptom("hello\nHTTP 200\n", 0) == "connected");
    CHECK(symptom("HTTP 200\n", 1) != "connected");
    CHECK(symptom("HTTP 2000\n", 0) != "connected");
    CHECK(symptom("HTTP 200" + std::string(256 * 1024, 'x'), 0) != "connected");
    CHECK(symptom("", 1) == "silent");
    CHECK(symptom("words that nobody knows", 1) == "nothing that the lexicon knows");
}

TEST_CASE("a client that was ended at its deadline timed out, whatever it had printed", "[checks][observation]")
{
    auto observation = seen({refusing()}, kSays40, -1);
    observation.child.timed_out = true;
    observation.child.wall = std::chrono::milliseconds(1000);
    interpret(observation, alert40(), client());
    CHECK(describe(observation.symptoms) == "timeout");
    CHECK(observation.says == "(ended after its deadline of 1000 ms)");
}

TEST_CASE("a client that a signal ended is silent, and it is said which", "[checks][observation]")
{
    auto observation = seen({}, "", -1);
    observation.child.signal = 11;
    interpret(observation, alert40(), client());
    CHECK(describe(observation.symptoms) == "silent");
    CHECK(observation.says == "(ended by signal 11)");
}

} // namespace
} // namespace alert40
