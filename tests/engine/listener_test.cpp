// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/listener.h"

#include "tests/engine/client_script.h"

#include <catch2/catch.hpp>
#include <sys/socket.h>

namespace alert40 {
namespace {

using namespace test;

const tcp::endpoint kAnyLoopback{asio::ip::address_v4::loopback(), 0};

TEST_CASE("connections over the cap are closed at once and counted, those below it are served", "[engine][listener]")
{
    ListenerOptions options;
    options.max_connections = 2;
    Served served("[server]\n", std::move(options));
    served.run([&]() -> asio::awaitable<void> {
        std::vector<Peer> peers;
        for (int count = 0; count < 6; ++count) peers.push_back(co_await served.connect());
        std::size_t closed = 0;
        while (served.refused < 4) { // the first two keep their places
            Peer& refused = peers[2 + closed++];
            const Bytes read = co_await refused.read_some();
            CHECK(read.empty());
        }
        CHECK(served.engine->connections == 2);
        peers.clear();
        co_await served.ended(2);
        ClientScript script(served, client_for({}), kNever, Break::close);
        const auto played = co_await script.play();
        CHECK_FALSE(played.reply.empty());
    });
    CHECK(served.refused == 4);
    CHECK(served.transcripts.size() == 3);
}

TEST_CASE("a port in use is an error that names the address", "[engine][listener]")
{
    asio::io_context io(1);
    const auto first = listen_on(io, kAnyLoopback);
    const auto port = first.local_endpoint().port();
    CHECK_THROWS_AS(listen_on(io, first.local_endpoint()), std::system_error);
    CHECK_THROWS_WITH(listen_on(io, first.local_endpoint()),
                      Catch::Contains("cannot listen on 127.0.0.1 port " + std::to_string(port)));
    try {
        listen_on(io, first.local_endpoint());
    } catch (const std::system_error& error) {
        CHECK(error.code() == asio::error_code(asio::error::address_in_use));
    }
}

TEST_CASE("an address that is not this machine's is an error that names it", "[engine][listener]")
{
    asio::io_context io(1);
    CHECK_THROWS_WITH(listen_on(io, {asio::ip::make_address("192.0.2.1"), 0}),
                      Catch::Contains("cannot listen on 192.0.2.1"));
}

TEST_CASE("a port that two io_contexts share takes nobody else in", "[engine][listener]")
{
    asio::io_context io(1);
    asio::io_context other(1);
    auto first = listen_on(io, kAnyLoopback);
    const auto second = listen_beside(other, first);
    CHECK(second.local_endpoint() == first.local_endpoint());
    CHECK_THROWS_AS(listen_on(io, first.local_endpoint()), std::system_error);

    using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
    tcp::acceptor intruder(io, tcp::v4());
    intruder.set_option(asio::socket_base::reuse_address(true));
    intruder.set_option(ReusePort(true));
    asio::error_code error;
    intruder.bind(first.local_endpoint(), error);
    if (!error) intruder.listen(asio::socket_base::max_listen_connections, error);
    CHECK(error == asio::error::address_in_use);
}

TEST_CASE("three io_contexts can share a port", "[engine][listener]")
{
    asio::io_context first_io(1);
    asio::io_context second_io(1);
    asio::io_context third_io(1);
    auto first = listen_on(first_io, kAnyLoopback);
    const auto second = listen_beside(second_io, first);
    const auto third = listen_beside(third_io, first);
    CHECK(third.local_endpoint() == first.local_endpoint());
}

TEST_CASE("stopping the engine ends listeners and connections in every state, and the io_context runs dry",
          "[engine][listener]")
{
    const auto bound = bind_scenario("[server]\n");
    const auto stalling = bind_scenario(with_fault("at = \"client:client_hello\", do = \"stall\""));
    std::size_t ended = 0;
    asio::io_context io(1);
    ListenerOptions options;
    options.on_end = [&](const ConnectionReport&) { ++ended; };
    Engine engine(io, std::move(options));
    auto acceptor = listen_on(io, kAnyLoopback);
    auto stalling_acceptor = listen_on(io, kAnyLoopback);
    const auto endpoint = acceptor.local_endpoint();
    const auto stalling_endpoint = stalling_acceptor.local_endpoint();
    start_listening(engine, std::move(acceptor), bound.get());
    start_listening(engine, std::move(stalling_acceptor), stalling.get());

    // Nothing sent; in the middle of a handshake; stalled.
    const std::vector<std::pair<tcp::endpoint, bool>> states{
        {endpoint, false}, {endpoint, true}, {stalling_endpoint, true}};
    std::vector<Peer> peers;
    auto work = [&]() -> asio::awaitable<void> {
        for (const auto& [where, hello] : states) {
            Peer peer{tcp::socket(io)};
            co_await peer.socket.async_connect(where, asio::use_awaitable);
            TlsSession client(TlsContext::client(client_for({})));
            client.advance();
            if (hello) co_await peer.send(client.take_output());
            if (hello && where == endpoint) co_await peer.read_some(); // in the middle of its handshake
            peers.push_back(std::move(peer));
        }
        while (engine.connections < 3) co_await asio::post(io, asio::use_awaitable);
        engine.stop();
    };
    asio::co_spawn(io, work, [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
    });
    const auto before = std::chrono::steady_clock::now();
    io.run();
    CHECK(std::chrono::steady_clock::now() - before < 5s); // no deadline is waited for: the shortest has 10 s
    CHECK(engine.connections == 0);
    CHECK(engine.nursery().size() == 0);
    CHECK(ended == 0); // what was stopped from outside has no outcome
}

TEST_CASE("an engine that was stopped in its draining close runs dry too", "[engine][listener]")
{
    Served served("[server]\nversions = [\"1.2\"]\nciphers = [\"ECDHE-ECDSA-AES256-GCM-SHA384\"]\n");
    auto work = [&]() -> asio::awaitable<void> {
        Peer peer = co_await served.connect();
        co_await peer.send(default_hello());
        co_await peer.read_all(); // the server drains now
        served.engine->stop();
        peer.socket.release(); // stays open beyond this: no FIN helps
    };
    asio::co_spawn(served.io, work, [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
    });
    served.io.run();
    CHECK(served.engine->connections == 0);
}

} // namespace
} // namespace alert40
