// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/engine/served.h"

#include <catch2/catch.hpp>

namespace alert40::test {
namespace {

constexpr auto kSmtp = "[server]\nstarttls = \"smtp\"\n";

/// What was said in clear, a line for each side's turn.
std::string dialogue_of(const Transcript& transcript)
{
    std::string text;
    for (const auto& event : transcript.events)
        if (const auto* plain = std::get_if<PlainText>(&event))
            text += std::string(name(plain->direction)) + " " + to_text(plain->bytes);
    return text;
}

} // namespace

TEST_CASE("TLS follows the dialogue, and the protocol goes on inside it", "[engine][starttls]")
{
    Served served(kSmtp);
    std::string reply;
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        co_await peer.read_some();
        co_await peer.send(to_bytes("EHLO one\r\n"));
        co_await peer.read_some();
        co_await peer.send(to_bytes("STARTTLS\r\n"));
        co_await peer.read_some();
        TlsSession client(TlsContext::client(client_for({})));
        while (client.advance() == TlsProgress::wants_input) {
            co_await peer.send(client.take_output());
            const Bytes received = co_await peer.read_some();
            client.receive(received);
        }
        client.write(to_bytes("HELP\r\nQUIT\r\n"));
        co_await peer.send(client.take_output());
        const Bytes rest = co_await peer.read_all();
        client.receive(rest);
        reply = to_text(client.read());
    });
    CHECK(reply == "214 2.0.0 alert40: connected (test/one)\r\n221 2.0.0 Bye\r\n");
    const Transcript& transcript = served.transcripts.front();
    CHECK(dialogue_of(transcript) == "server 220 alert40.test ESMTP\r\nclient EHLO one\r\n"
                                     "server 250-alert40.test\r\n250-PIPELINING\r\n250 STARTTLS\r\n"
                                     "client STARTTLS\r\nserver 220 2.0.0 Ready to start TLS\r\n");
    CHECK(transcript.client_hello);
    CHECK_FALSE(transcript.not_tls);
    CHECK_THAT(served.outcomes().front(), Catch::StartsWith("connected"));
}

TEST_CASE("a server that refuses does so behind the dialogue as well", "[engine][starttls]")
{
    Served served(
        "[server]\nstarttls = \"smtp\"\nversions = [\"1.2\"]\nciphers = [\"ECDHE-ECDSA-AES256-GCM-SHA384\"]\n");
    Bytes answer;
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        co_await peer.read_some();
        co_await peer.send(to_bytes("STARTTLS\r\n"));
        co_await peer.read_some();
        Offer offer;
        offer.cipher_suites = {CipherSuite{0xC02B}};
        co_await peer.send(hello_record(hello_of(offer)));
        answer = co_await peer.read_all();
    });
    CHECK(only_alert(answer) == fatal(AlertDescription::handshake_failure));
    CHECK(served.outcomes().front() == "server sent fatal handshake_failure (40), before-server-hello");
}

TEST_CASE("a client that speaks TLS without asking gets the protocol's error and a close", "[engine][starttls]")
{
    Served served(kSmtp);
    std::string answer;
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        co_await peer.send(default_hello());
        const Bytes all = co_await peer.read_all();
        answer = to_text(all);
    });
    CHECK(answer == "220 alert40.test ESMTP\r\n500 5.5.2 This is SMTP; STARTTLS comes before TLS\r\n");
    CHECK(served.outcomes().front() == "server closed, before-client-hello");
    CHECK_FALSE(served.transcripts.front().not_tls);
}

TEST_CASE("a client that says nothing, or never ends its line, meets the deadline", "[engine][starttls]")
{
    ListenerOptions options;
    options.limits = short_limits();
    Served served(kSmtp, std::move(options));
    const std::string said = GENERATE("", "EHLO with");
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        co_await peer.send(to_bytes(said));
        co_await peer.read_all();
    });
    CHECK(served.outcomes().front() == "deadline passed, before-client-hello");
}

} // namespace alert40::test
