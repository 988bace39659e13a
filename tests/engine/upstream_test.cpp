// SPDX-License-Identifier: GPL-2.0-or-later
// A server as a middlebox: in front of another scenario, of a real server, of none.
#include "tests/engine/served.h"

#include "certs/certificate.h"
#include "certs/inspection.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace alert40::test {
namespace {

std::string box(const std::string& to, const std::string& more = "")
{
    return "[server]\nupstream = { to = \"" + to + "\"" + more + " }\n";
}

/// Whole exchange of a client with the served box: the reply, or "" where the handshake failed.
asio::awaitable<std::string> ask(Served& served, TlsClientConfig config)
{
    Peer peer = co_await served.connect();
    TlsSession client(TlsContext::client(config));
    while (client.advance() == TlsProgress::wants_input) {
        co_await peer.send(client.take_output());
        const Bytes received = co_await peer.read_some();
        if (received.empty()) co_return "";
        client.receive(received);
    }
    if (client.error()) {
        co_await peer.send(client.take_output());
        co_return "";
    }
    client.write(to_bytes("GET / HTTP/1.1\r\nHost: test\r\n\r\n"));
    co_await peer.send(client.take_output());
    const Bytes rest = co_await peer.read_all();
    client.receive(rest);
    co_return to_text(client.read());
}

TlsClientConfig trusting_inspection(std::string_view name)
{
    TlsClientConfig config = client_for({}, name);
    config.anchors_pem = to_pem("CERTIFICATE", InspectionAuthority::of_process(now()).root());
    return config;
}

/// A server on loopback that speaks as the test says; nobody accepts on it until then.
struct PlainServer {
    asio::io_context unused{1};
    tcp::acceptor acceptor{unused, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};

    std::string address() const { return fmt::format("127.0.0.1:{}", acceptor.local_endpoint().port()); }
};

} // namespace

TEST_CASE("what a box passes on reaches the scenario behind it, and the answer comes back", "[engine][upstream]")
{
    const std::string version = GENERATE("12", "13");
    Served served(box("control/healthy-tls" + version));
    std::string reply;
    const auto config = client_for({});
    served.run([&]() -> asio::awaitable<void> { reply = co_await ask(served, config); });
    CHECK_THAT(reply, Catch::Contains("scenario: control/healthy-tls" + version));
    CHECK_THAT(served.outcomes().front(), Catch::StartsWith("connected"));
    CHECK(served.upstream_ends.front() == UpstreamEnd::answered);
}

TEST_CASE("a box's faults act on what the server behind sends, and it sees no TLS 1.3 inside", "[engine][upstream]")
{
    Served served(box("control/healthy-tls12") + "faults = [{ at = \"server:certificate\", do = \"reset\" }]\n");
    const auto config = client_for({ProtocolVersion::tls12});
    served.run([&]() -> asio::awaitable<void> { co_await ask(served, config); });
    CHECK_THAT(served.outcomes().front(), Catch::StartsWith("server reset, after-server-hello"));
    CHECK_THROWS_WITH(bind_scenario(box("control/healthy-tls13") +
                                    "faults = [{ at = \"server:encrypted_extensions\", do = \"reset\" }]\n"),
                      Catch::Contains("a box in between cannot see it"));
}

TEST_CASE("a server behind that is down ends the client's connection, and has a name", "[engine][upstream]")
{
    std::string address;
    {
        const PlainServer gone;
        address = gone.address();
    }
    Served served(box(address));
    Bytes answer;
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        co_await peer.send(default_hello());
        answer = co_await peer.read_all();
    });
    CHECK(answer.empty());
    CHECK(served.outcomes().front() == "server closed, before-server-hello");
    CHECK(served.upstream_ends.front() == UpstreamEnd::down);
}

TEST_CASE("a server behind that never answers is slow, not a hang", "[engine][upstream]")
{
    const PlainServer silent;
    ListenerOptions options;
    options.limits = short_limits();
    Served served(box(silent.address()), options);
    served.run([&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        co_await peer.send(default_hello());
        co_await peer.read_all();
    });
    CHECK(served.upstream_ends.front() == UpstreamEnd::slow);
}

TEST_CASE("a server behind that speaks no TLS is passed on and named", "[engine][upstream]")
{
    PlainServer plain;
    Served served(box(plain.address()));
    Bytes answer;
    served.run([&]() -> asio::awaitable<void> {
        tcp::acceptor acceptor = listen_beside(served.io, plain.acceptor);
        Peer peer = co_await served.connect();
        co_await peer.send(default_hello());
        tcp::socket behind = co_await acceptor.async_accept(asio::use_awaitable);
        const Bytes greeting = to_bytes("220 mail ready\r\n");
        co_await asio::async_write(behind, asio::buffer(greeting), asio::use_awaitable);
        behind.shutdown(tcp::socket::shutdown_send);
        answer = co_await peer.read_all();
    });
    CHECK(to_text(answer) == "220 mail ready\r\n");
    CHECK(served.upstream_ends.front() == UpstreamEnd::not_tls);
}

TEST_CASE("an inspecting box makes a certificate for the asked name, and asks the server behind", "[engine][upstream]")
{
    const std::string name = GENERATE("one.test.localhost", "whatever.alert40.test");
    Served served(box("control/healthy-tls12", ", inspect = true") + "versions = [\"1.2\"]\n");
    std::string reply;
    const auto config = trusting_inspection(name);
    served.run([&]() -> asio::awaitable<void> { reply = co_await ask(served, config); });
    CHECK_THAT(reply, Catch::Contains("scenario: control/healthy-tls12"));
    REQUIRE(served.transcripts.front().server_chain.size() == 2);
    CHECK(parse_certificate(served.transcripts.front().server_chain.front()).dns_names == std::vector{name});
}

TEST_CASE("a client that does not trust the box's root refuses it", "[engine][upstream]")
{
    Served served(box("control/healthy-tls13", ", inspect = true"));
    std::string reply;
    const auto config = client_for({});
    served.run([&]() -> asio::awaitable<void> { reply = co_await ask(served, config); });
    CHECK(reply.empty());
    CHECK_THAT(served.outcomes().front(), Catch::StartsWith("client sent fatal unknown_ca (48)"));
}

TEST_CASE("an inspecting box says in HTTP what is wrong behind it", "[engine][upstream]")
{
    std::string address;
    {
        const PlainServer gone;
        address = gone.address();
    }
    Served served(box(address, ", inspect = true"));
    std::string reply;
    const auto config = trusting_inspection(kServerName);
    served.run([&]() -> asio::awaitable<void> { reply = co_await ask(served, config); });
    CHECK_THAT(reply, Catch::StartsWith("HTTP/1.1 502 ") && Catch::Contains("the server behind is down"));
    CHECK(served.upstream_ends.front() == UpstreamEnd::down);
}

TEST_CASE("an upstream that cannot be is refused at its position", "[engine][upstream]")
{
    CHECK_THROWS_WITH(bind_scenario(box("control/helthy-tls12")), Catch::Contains("one.toml:6:19:"));
    CHECK_THROWS_WITH(bind_scenario(box("192.0.2.1:443")), Catch::Contains("'192.0.2.1:443' is not on loopback"));
    CHECK_THROWS_WITH(bind_scenario(box("127.0.0.1:0")), Catch::Contains("is neither a scenario nor HOST:PORT"));
    CHECK_THROWS_WITH(bind_scenario(box("control/through-a-box-tls12")), Catch::Contains("is a middlebox itself"));
}

} // namespace alert40::test
