// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/probe.h"

#include "client-checks/probes/choice.h"
#include "tests/probes/asked.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace test;

TEST_CASE("a probe reads a whole flight without keys", "[probes][probe]")
{
    const auto version = GENERATE(as<std::string>(), "1.2", "1.3");
    Asked asked("[server]\nversions = [\"" + version + "\"]\n");
    const auto answer = asked.ask(asked.usual());
    CHECK(answer.end == AnswerEnd::flight);
    CHECK(negotiates(answer));
    CHECK_THAT(describe(answer), Catch::StartsWith("ServerHello (TLS " + version));
    CHECK(answer.transcript.server_chain.empty() == (version == "1.3"));
}

TEST_CASE("a HelloRetryRequest is followed", "[probes][probe]")
{
    Asked asked("[server]\nversions = [\"1.3\"]\ngroups = [\"secp384r1\"]\n");
    const auto answer = asked.ask(asked.usual());
    CHECK(negotiates(answer));
    CHECK(answer.transcript.hello_retry_request);
    CHECK(answer.transcript.group == NamedGroup::secp384r1);
}

TEST_CASE("a refusal is told by what it is", "[probes][probe]")
{
    const auto [fault, words, end] = GENERATE(table<std::string, std::string, AnswerEnd>(
        {{R"(at = "client:client_hello", do = "alert", description = "handshake_failure")", "handshake_failure (40)",
          AnswerEnd::alert},
         {R"(at = "client:client_hello", do = "reset")", "a reset", AnswerEnd::reset},
         {R"(at = "client:client_hello", do = "close")", "a close", AnswerEnd::closed},
         {R"(at = "client:client_hello", do = "stall")", "silence", AnswerEnd::silent}}));
    Asked asked(with_fault(fault));
    const auto answer = asked.ask(asked.usual());
    CHECK(describe(answer) == words);
    CHECK(answer.end == end);
    CHECK_FALSE(negotiates(answer));
    CHECK(answer.connect == ConnectEnd::connected);
}

TEST_CASE("a port where nobody listens refuses the connection", "[probes][probe]")
{
    Asked asked("[server]\n");
    asio::ip::tcp::acceptor held(asked.served.io, {asio::ip::address_v4::loopback(), 0}, false);
    asio::ip::tcp::acceptor closed(asked.served.io);
    closed.open(asio::ip::tcp::v4());
    closed.bind({asio::ip::address_v4::loopback(), 0}); // bound and never listening
    Answer answer;
    asked.served.run([&]() -> asio::awaitable<void> {
        const ProbePlace place{*asked.gate, asked.target, closed.local_endpoint()};
        auto got = co_await probe(place, asked.usual());
        answer = std::move(got);
    });
    CHECK(answer.connect == ConnectEnd::refused);
    CHECK(describe(answer) == "connection refused");
}

TEST_CASE("a server that speaks another protocol is heard", "[probes][probe]")
{
    Asked asked(with_fault(R"(at = "connect", do = "send", text = "SSH-2.0-OpenSSH_9.2\r\n")"));
    Answer answer;
    asked.served.run([&]() -> asio::awaitable<void> {
        auto got = co_await speak_plainly(asked.place(), {}, 400ms);
        answer = std::move(got);
    });
    CHECK(to_text(answer.text) == "SSH-2.0-OpenSSH_9.2\r\n");
}

TEST_CASE("a server at its limit has not answered the ClientHello", "[probes][probe]")
{
    Asked asked(with_fault(R"(at = "connect", do = "send", text = "421 Too many concurrent connections\r\n")"));
    Answer answer;
    asked.served.run([&]() -> asio::awaitable<void> {
        auto got = co_await probe(asked.place(), asked.usual());
        answer = std::move(got);
    });
    CHECK(answer.end == AnswerEnd::no_connection);
    CHECK(answer.connect_why == "the server says: 421 Too many concurrent connections");
}

TEST_CASE("a ClientHello goes in two segments where that is asked for", "[probes][probe]")
{
    Asked asked("[server]\n");
    ProbeHello hello = asked.usual();
    hello.first_segment = 100;
    CHECK(negotiates(asked.ask(hello)));
}

TEST_CASE("equal answers have equal fingerprints, and other chains others", "[probes][probe]")
{
    Asked asked("[server]\nversions = [\"1.2\"]\n");
    const auto first = asked.ask(asked.usual());
    Answer other = first;
    CHECK(fingerprint(first) == fingerprint(other));
    other.transcript.server_chain.pop_back();
    CHECK(fingerprint(first) != fingerprint(other));
}

Answer chosen(ServerHello hello, std::size_t dh_bits = 0)
{
    Answer answer;
    answer.end = AnswerEnd::flight;
    answer.transcript.client_hello = modern_hello("a.example");
    answer.transcript.server_hello = std::move(hello);
    answer.transcript.dh_bits = dh_bits;
    return answer;
}

ServerHello tls12_hello()
{
    ServerHello hello;
    hello.cipher_suite = static_cast<CipherSuite>(0xC02F);
    hello.extensions = {renegotiation_info_extension(), extended_master_secret_extension()};
    return hello;
}

TEST_CASE("a choice that was not offered is no negotiation", "[probes][probe]")
{
    auto hello = tls12_hello();
    hello.cipher_suite = static_cast<CipherSuite>(0xC077);
    CHECK_FALSE(negotiates(chosen(hello)));
    CHECK(unoffered_choice(chosen(hello).transcript) == "TLS_ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384");
    hello = tls12_hello();
    hello.legacy_version = ProtocolVersion::tls10;
    CHECK(unoffered_choice(chosen(hello).transcript) == "TLS 1.0");
}

TEST_CASE("what a client refuses although it is negotiated depends on its library", "[probes][choice]")
{
    const auto causes = [](const Answer& answer, std::string_view library) {
        std::string text;
        for (const auto& finding : judge_choice(answer, library).findings) text += finding.cause + " ";
        return text;
    };
    CHECK(causes(chosen(tls12_hello()), "").empty());
    CHECK(causes(chosen(tls12_hello(), 1024), "openssl") == "weak-dh ");
    CHECK(causes(chosen(tls12_hello(), 1024), "gnutls").empty());
    CHECK(causes(chosen(tls12_hello(), 512), "gnutls") == "weak-dh ");
    CHECK(causes(chosen(tls12_hello(), 2048), "openssl").empty());

    auto without = tls12_hello();
    without.extensions.clear();
    CHECK(causes(chosen(without), "openssl") == "secure-renegotiation-missing ");
    CHECK(causes(chosen(without), "go").empty());
    CHECK(judge_choice(chosen(without), "go").notes.size() == 2);

    auto downgraded = tls12_hello();
    downgraded.set_downgrade_sentinel(DowngradeSentinel::tls12);
    CHECK(causes(chosen(downgraded), "go") == "downgrade-tampering ");
}

} // namespace
} // namespace alert40
