// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/connection.h"

#include "tests/engine/client_script.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace test;

const std::string kOnlyTls12 = "[server]\nversions = [\"1.2\"]\n";
const std::string kOnlyTls13 = "[server]\nversions = [\"1.3\"]\n";
// A refusal of the policy's own for every hello of hello.h.
const std::string kRefusing = "[server]\nversions = [\"1.2\"]\nciphers = [\"ECDHE-ECDSA-AES256-GCM-SHA384\"]\n";
constexpr std::string_view kRefusal = "server sent fatal handshake_failure (40), before-server-hello";

std::vector<ProtocolVersion> one(ProtocolVersion version)
{
    return {version};
}

TEST_CASE("a client of the stack gets its page, and the connection is completed", "[engine][connection]")
{
    const auto version = GENERATE(ProtocolVersion::tls12, ProtocolVersion::tls13);
    Served served("[server]\n");
    std::string reply;
    served.run([&]() -> asio::awaitable<void> {
        ClientScript script(served, client_for(one(version)), kNever, Break::close);
        const auto played = co_await script.play();
        reply = played.reply;
    });
    CHECK_THAT(reply, Catch::StartsWith("HTTP/1.1 200 OK\r\n"));
    CHECK_THAT(reply, Catch::Contains("scenario: test/one\n"));
    CHECK_THAT(reply, Catch::Contains("server name: one.test.localhost\n"));
    REQUIRE(served.transcripts.size() == 1);
    CHECK_THAT(served.outcomes().front(), Catch::StartsWith("connected"));
    CHECK(served.transcripts.front().phase == Phase::after_application_data);
    CHECK(served.transcripts.front().server_chain.size() == 2);
}

TEST_CASE("a ClientHello is answered alike however it is cut", "[engine][connection]")
{
    const auto step = GENERATE(1u, 2u, 5u, 64u, 100'000u);
    Served served(kRefusing);
    Bytes answer;
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        peer.socket.set_option(tcp::no_delay(true));
        const Bytes hello = default_hello();
        for (std::size_t at = 0; at < hello.size(); at += step) {
            const auto piece = ByteView(hello).subspan(at, std::min<std::size_t>(step, hello.size() - at));
            co_await peer.send(Bytes(piece.begin(), piece.end()));
        }
        answer = co_await peer.read_all();
        CHECK(peer.error == asio::error::eof);
    });
    CHECK(only_alert(answer) == fatal(AlertDescription::handshake_failure));
    CHECK(served.outcomes() == std::vector<std::string>{std::string(kRefusal)});
}

TEST_CASE("a connection that breaks at any step of a healthy exchange ends, and the next one is served",
          "[engine][connection]")
{
    const auto version = GENERATE(ProtocolVersion::tls12, ProtocolVersion::tls13);
    const auto how = GENERATE(Break::close, Break::reset);
    Served served("[server]\n");
    std::size_t steps = 0;
    served.run([&]() -> asio::awaitable<void> {
        for (bool broken = true; broken; ++steps) {
            ClientScript script(served, client_for(one(version)), steps, how);
            const auto result = co_await script.play();
            co_await served.ended(steps + 1);
            broken = result.broken;
        }
    });
    REQUIRE(steps > 6); // so many at least: two halves and a reading, twice, and the whole
    REQUIRE(served.transcripts.size() == steps);
    CHECK(served.engine->connections == 0);
    const auto outcomes = served.outcomes();
    for (std::size_t step = 0; step + 2 < steps; ++step) {
        INFO("broken at step " << step);
        if (served.transcripts[step].phase == Phase::after_application_data) continue; // the reply was under way
        CHECK_THAT(outcomes[step], Catch::StartsWith(how == Break::reset ? "client reset" : "client "));
        CHECK_THAT(outcomes[step], !Catch::StartsWith("connected"));
    }
    CHECK_THAT(outcomes.front(), Catch::EndsWith("before-client-hello"));
    CHECK_THAT(outcomes.back(), Catch::StartsWith("connected"));
}

TEST_CASE("a connection that falls silent at any step ends with a deadline", "[engine][connection]")
{
    const auto version = GENERATE(ProtocolVersion::tls12, ProtocolVersion::tls13);
    ListenerOptions options;
    options.limits = short_limits();
    Served served("[server]\n", std::move(options));
    std::size_t steps = 0;
    served.run([&]() -> asio::awaitable<void> {
        for (bool broken = true; broken; ++steps) {
            ClientScript script(served, client_for(one(version)), steps, Break::silence);
            const auto played = co_await script.play();
            broken = played.broken;
        }
    });
    REQUIRE(served.transcripts.size() == steps);
    const auto outcomes = served.outcomes();
    CHECK(outcomes.front() == "deadline passed, before-client-hello");
    for (std::size_t step = 0; step + 1 < steps; ++step) {
        INFO("silent at step " << step);
        if (served.transcripts[step].phase != Phase::after_application_data)
            CHECK_THAT(outcomes[step], Catch::StartsWith("deadline passed"));
    }
}

TEST_CASE("a peer that sends one byte and no more meets the deadline for the ClientHello", "[engine][connection]")
{
    ListenerOptions options;
    options.limits = short_limits();
    Served served(kOnlyTls12, std::move(options));
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        co_await peer.send(Bytes(1, 0x16));
        const Bytes read = co_await peer.read_all();
        CHECK(read.empty());
        CHECK(peer.error == asio::error::eof);
    });
    CHECK(served.outcomes() == std::vector<std::string>{"deadline passed, before-client-hello"});
}

TEST_CASE("a deadline that passes while bytes are handed over is not lost", "[engine][connection]")
{
    // Two readings of what has already come are complete when the deadline passes: there is nothing to cancel then.
    ListenerOptions options;
    options.limits = short_limits();
    options.limits.client_hello = 0ms;
    Served served(kOnlyTls12, std::move(options));
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        Bytes beginning = {0x16, 0x03, 0x01, 0x40, 0x00, 0x01, 0x00, 0x3f, 0xfc}; // of a hello of 16 KiB
        beginning.resize(5000);
        co_await peer.send(beginning);
        co_await peer.read_all();
    });
    CHECK(served.outcomes() == std::vector<std::string>{"deadline passed, before-client-hello"});
}

TEST_CASE("64 KiB of random bytes do no harm", "[engine][connection]")
{
    Served served(kOnlyTls12);
    served.run([&]() -> asio::awaitable<void> {
        for (int round = 0; round < 20; ++round) {
            Peer peer = co_await served.connect();
            auto [error, count] =
                co_await asio::async_write(peer.socket, asio::buffer(random_bytes(64 * 1024)), kAsTuple);
            (void)error, (void)count; // the server may have gone
            peer.close();
        }
        co_await served.ended(20);
        ClientScript script(served, client_for(one(ProtocolVersion::tls12)), kNever, Break::close);
        const auto played = co_await script.play();
        CHECK_FALSE(played.reply.empty());
    });
    CHECK(served.transcripts.size() == 21);
}

TEST_CASE("random bytes behind a record's header do no harm either", "[engine][connection]")
{
    Served served(kOnlyTls13);
    served.run([&]() -> asio::awaitable<void> {
        for (int round = 0; round < 50; ++round) {
            Peer peer = co_await served.connect();
            Bytes bytes = compose_record(ContentType::handshake, ProtocolVersion::tls12, random_bytes(300));
            bytes[5] = 1; // client_hello
            bytes[6] = bytes[7] = 0;
            co_await peer.send(bytes);
            peer.finish_sending();
            co_await peer.read_all();
        }
    });
    CHECK(served.transcripts.size() == 50);
}

TEST_CASE("plain HTTP on the port is noted, and closed without a word", "[engine][connection]")
{
    Served served(kOnlyTls12);
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        co_await peer.send(to_bytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        const Bytes read = co_await peer.read_all();
        CHECK(read.empty());
    });
    REQUIRE(served.transcripts.size() == 1);
    REQUIRE(served.transcripts.front().not_tls);
    CHECK(served.transcripts.front().not_tls->kind == NotTlsKind::http);
    CHECK(served.outcomes().front() == "server closed, before-client-hello");
}

TEST_CASE("a malformed ClientHello is answered with the alert of its fault", "[engine][connection]")
{
    Served served(kOnlyTls12);
    Bytes answer;
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        Bytes hello = default_hello();
        hello[kRecordHeaderLength + kHandshakeHeaderLength + 34] = 0xff; // the session id's length
        co_await peer.send(hello);
        answer = co_await peer.read_all();
    });
    CHECK(only_alert(answer) == fatal(AlertDescription::decode_error));
    CHECK(served.transcripts.front().client_hello_error);
}

TEST_CASE("an alert arrives although the client went on sending", "[engine][connection][close]")
{
    // Closing over unread bytes would reset the connection, and the alert would be lost with it.
    Served served(kRefusing);
    Bytes answer;
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        Bytes bytes = default_hello();
        bytes.resize(bytes.size() + 200'000);
        co_await peer.send(bytes);
        answer = co_await peer.read_all();
        CHECK(peer.error == asio::error::eof);
        co_await peer.send(Bytes(1000)); // still being drained
    });
    CHECK(only_alert(answer) == fatal(AlertDescription::handshake_failure));
    CHECK(served.outcomes().front() == kRefusal);
}

TEST_CASE("a client that never closes is left after the time for draining", "[engine][connection][close]")
{
    ListenerOptions options;
    options.limits.drain = 50ms;
    Served served(kRefusing, std::move(options));
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        co_await peer.send(default_hello());
        co_await peer.read_all();
        co_await served.ended(1); // while the peer is still open
    });
    CHECK(served.outcomes().front() == kRefusal);
}

struct FaultCase {
    std::string fault;
    std::string outcome;
    std::string bytes; // in hexadecimal
    bool reset = false;
};

TEST_CASE("a fault at the ClientHello does what it says", "[engine][connection][faults]")
{
    const auto each = GENERATE(values<FaultCase>({
        {"at = \"client:client_hello\", do = \"reset\"", "server reset, before-server-hello", "", true},
        {"at = \"client:client_hello\", do = \"close\"", "server closed, before-server-hello", "", false},
        {"at = \"client:client_hello\", do = \"alert\", description = \"handshake_failure\"", std::string(kRefusal),
         "15030300020228", false},
        {"at = \"client:client_hello\", do = \"alert\", description = \"user_canceled\", level = \"warning\"",
         "server closed, before-server-hello", "1503030002015a", false},
        {"at = \"client:client_hello\", do = \"send\", text = \"HTTP\"", "server closed, before-server-hello",
         "48545450", false},
        {"at = \"client:record:1\", do = \"close\"", "server closed, before-server-hello", "", false},
        {"at = \"server:server_hello\", do = \"close\"", "server closed, before-server-hello", "", false},
        {"at = \"server:server_hello\", do = \"reset\"", "server reset, before-server-hello", "", true},
        {"at = \"server:record:1\", do = \"alert\", description = \"internal_error\"",
         "server sent fatal internal_error (80), before-server-hello", "15030300020250", false},
    }));
    INFO(each.fault);
    Served served(with_fault(each.fault));
    Bytes answer;
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        TlsSession client(TlsContext::client(client_for({})));
        client.advance();
        co_await peer.send(client.take_output());
        answer = co_await peer.read_all();
        CHECK(peer.error ==
              (each.reset ? asio::error_code(asio::error::connection_reset) : asio::error_code(asio::error::eof)));
    });
    CHECK(to_hex(answer) == each.bytes);
    CHECK(served.outcomes() == std::vector<std::string>{each.outcome});
}

TEST_CASE("a fault at a later message lets through what comes before it", "[engine][connection][faults]")
{
    Served served("[server]\nversions = [\"1.2\"]\nfaults = [{ at = \"server:certificate\", do = \"close\" }]\n");
    Bytes answer;
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        TlsSession client(TlsContext::client(client_for(one(ProtocolVersion::tls12))));
        client.advance();
        co_await peer.send(client.take_output());
        answer = co_await peer.read_all();
    });
    RecordReader records;
    records.feed(answer);
    auto first = records.next();
    REQUIRE(std::holds_alternative<Record>(first));
    CHECK(std::get<Record>(first).fragment.front() == 2); // server_hello
    CHECK(std::holds_alternative<NeedMore>(records.next()));
    CHECK_THAT(served.outcomes().front(), Catch::StartsWith("server closed, after-server-hello"));
}

TEST_CASE("a fault at the client's second flight acts after the handshake's first", "[engine][connection][faults]")
{
    Served served("[server]\nversions = [\"1.2\"]\nfaults = [{ at = \"client:client_key_exchange\", do = \"alert\", "
                  "description = \"handshake_failure\" }]\n");
    served.run([&]() -> asio::awaitable<void> {
        ClientScript script(served, client_for(one(ProtocolVersion::tls12)), kNever, Break::close);
        try {
            co_await script.play();
            FAIL("the fault did not act");
        } catch (const std::runtime_error&) {
        }
    });
    CHECK_THAT(served.outcomes().front(), Catch::StartsWith("server sent fatal handshake_failure (40), after-"));
}

TEST_CASE("a reset at the connect is what the client reads", "[engine][connection][faults]")
{
    Served served(with_fault("at = \"connect\", do = \"reset\""));
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        const Bytes read = co_await peer.read_all();
        CHECK(read.empty());
        CHECK(peer.error == asio::error::connection_reset);
    });
    CHECK(served.outcomes().front() == "server reset, before-client-hello");
}

TEST_CASE("a stalled connection answers nothing until the client goes", "[engine][connection][faults]")
{
    SECTION("the client closes")
    {
        Served served(with_fault("at = \"client:client_hello\", do = \"stall\""));
        served.run([&]() -> asio::awaitable<void> {
            Peer peer = co_await served.connect();
            co_await peer.send(default_hello());
            peer.finish_sending();
            const Bytes read = co_await peer.read_all();
            CHECK(read.empty());
        });
        CHECK(served.outcomes().front() == "client closed, before-server-hello");
    }
    SECTION("the client waits")
    {
        ListenerOptions options;
        options.limits.stall = 50ms;
        Served served(with_fault("at = \"client:client_hello\", do = \"stall\""), std::move(options));
        served.run([&]() -> asio::awaitable<void> {
            Peer peer = co_await served.connect();
            co_await peer.send(default_hello());
            const Bytes read = co_await peer.read_all();
            CHECK(read.empty());
        });
        CHECK(served.outcomes().front() == "deadline passed, before-server-hello");
    }
}

TEST_CASE("a client certificate that is required and not sent is refused as OpenSSL does", "[engine][connection]")
{
    struct Case {
        ProtocolVersion version;
        std::string outcome;
    };
    const auto each =
        GENERATE(values<Case>({{ProtocolVersion::tls12, "server sent fatal handshake_failure (40), after-"},
                               {ProtocolVersion::tls13, "server sent fatal certificate_required (116), after-"}}));
    Served served("[server]\nclient_certificate = \"required\"\n");
    served.run([&]() -> asio::awaitable<void> {
        ClientScript script(served, client_for(one(each.version)), kNever, Break::close);
        try {
            co_await script.play();
            FAIL("the client was served");
        } catch (const std::runtime_error&) {
        }
    });
    CHECK_THAT(served.outcomes().front(), Catch::StartsWith(each.outcome));
    CHECK(served.transcripts.front().client_certificate_seen);
    CHECK(served.transcripts.front().client_chain.empty());
}

TEST_CASE("a client's alert is what decides, in either version", "[engine][connection]")
{
    const auto version = GENERATE(ProtocolVersion::tls12, ProtocolVersion::tls13);
    Served served("[server]\ncertificate = \"expired\"\n");
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        TlsSession client(TlsContext::client(client_for(one(version))));
        while (client.advance() == TlsProgress::wants_input) {
            co_await peer.send(client.take_output());
            const Bytes received = co_await peer.read_some();
            client.receive(received);
        }
        co_await peer.send(client.take_output());
        co_await peer.read_all();
    });
    CHECK_THAT(served.outcomes().front(), Catch::StartsWith("client sent fatal certificate_expired (45)"));
}

TEST_CASE("the common port chooses by name, and refuses a name that nobody answers for", "[engine][connection]")
{
    Served served("");
    const auto one_scenario = bind_scenario(kRefusing);
    served.choose = [&](const ClientHello& hello) {
        return hello.server_name() == kServerName ? one_scenario.get() : nullptr;
    };
    Bytes known;
    Bytes unknown;
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        co_await peer.send(default_hello());
        known = co_await peer.read_all();
        Offer offer;
        offer.server_name = "two.test.localhost";
        Peer other = co_await served.connect();
        co_await other.send(hello_record(hello_of(offer)));
        unknown = co_await other.read_all();
    });
    CHECK(only_alert(known) == fatal(AlertDescription::handshake_failure));
    CHECK(only_alert(unknown) == fatal(AlertDescription::unrecognized_name));
}

TEST_CASE("an adaptive mismatch refuses the first hello, and serves a probe that offers what is on the list",
          "[engine][connection][adaptive]")
{
    const std::string setting = GENERATE("ciphers", "groups");
    Served served("[server]\nversions = [\"1.2\"]\n" + setting + " = \"none-offered\"\n");
    std::string reply;
    served.run([&]() -> asio::awaitable<void> {
        for (int times = 0; times < 2; ++times) {
            Peer peer = co_await served.connect();
            co_await peer.send(default_hello());
            const Bytes answer = co_await peer.read_all();
            CHECK(only_alert(answer) == fatal(AlertDescription::handshake_failure));
        }
        auto probe = client_for(one(ProtocolVersion::tls12));
        probe.cipher_suites = served.bound->server().policy().cipher_suites;
        probe.groups = {NamedGroup::x25519, NamedGroup::secp256r1, served.bound->server().policy().groups.front()};
        ClientScript script(served, probe, kNever, Break::close);
        const auto played = co_await script.play();
        reply = played.reply;
    });
    CHECK_FALSE(reply.empty());
}

TEST_CASE("certificates that are forged anew serve the next connection, those in use stay", "[engine][connection]")
{
    Served served("[server]\n");
    const auto recipes = load_recipes(test_source_dir() / "certs" / "recipes");
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        TlsSession client(TlsContext::client(client_for({})));
        client.advance();
        co_await peer.send(client.take_output());
        const Bytes flight = co_await peer.read_some(); // the handshake is under way
        served.bound->forge_anew({shared_state(), recipes, shared_personas(), now()});
        client.receive(flight);
        while (client.advance() == TlsProgress::wants_input) {
            co_await peer.send(client.take_output());
            const Bytes received = co_await peer.read_some();
            client.receive(received);
        }
        CHECK_FALSE(client.error());
        client.write(to_bytes("x"));
        co_await peer.send(client.take_output());
        const Bytes received = co_await peer.read_all();
        client.receive(received);
        CHECK_THAT(to_text(client.read()), Catch::StartsWith("HTTP/1.1 200 OK"));
        ClientScript script(served, client_for({}), kNever, Break::close);
        const auto played = co_await script.play();
        CHECK_FALSE(played.reply.empty());
    });
    REQUIRE(served.transcripts.size() == 2);
    CHECK(served.transcripts[0].server_chain.front() != served.transcripts[1].server_chain.front());
}

} // namespace
} // namespace alert40
