// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/connection_maker.h"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace alert40;
using asio::ip::tcp;

namespace {

TcpEnd end_of(const tcp::endpoint& endpoint)
{
    if (endpoint.address().is_v4()) {
        const auto octets = endpoint.address().to_v4().to_bytes();
        return {{octets.begin(), octets.end()}, endpoint.port()};
    }
    const auto octets = endpoint.address().to_v6().to_bytes();
    return {{octets.begin(), octets.end()}, endpoint.port()};
}

/// A listener on loopback, a client of this process, and what was accepted of it.
struct Connected {
    explicit Connected(const char* address) : acceptor(io, {asio::ip::make_address(address), 0}), client(io), server(io)
    {
        client.connect(acceptor.local_endpoint());
        server = acceptor.accept();
    }
    std::optional<bool> asked() const
    {
        return is_from_descendant(end_of(server.remote_endpoint()), end_of(server.local_endpoint()));
    }

    asio::io_context io;
    tcp::acceptor acceptor;
    tcp::socket client;
    tcp::socket server;
};

} // namespace

TEST_CASE("a connection of this very process is no child's", "[lab][maker]")
{
    CHECK(Connected("127.0.0.1").asked() == false);
    CHECK(Connected("::1").asked() == false);
}

TEST_CASE("a client with an IPv6 socket and an IPv4-mapped address is found as well", "[lab][maker]")
{
    asio::io_context io;
    tcp::acceptor acceptor(io, {asio::ip::make_address("127.0.0.1"), 0});
    tcp::socket client(io, tcp::v6());
    client.connect({asio::ip::make_address("::ffff:127.0.0.1"), acceptor.local_endpoint().port()});
    const auto server = acceptor.accept();
    CHECK(is_from_descendant(end_of(server.remote_endpoint()), end_of(server.local_endpoint())) == false);
}

TEST_CASE("a connection that a child holds is known by it, and one that is closed is nobody's", "[lab][maker]")
{
    Connected connected("127.0.0.1");
    const auto child = fork();
    if (child == 0)
        for (;;) pause(); // it has inherited the client's end
    const auto peer = end_of(connected.server.remote_endpoint());
    const auto local = end_of(connected.server.local_endpoint());
    CHECK(is_from_descendant(peer, local) == true);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    connected.client.close();
    CHECK(is_from_descendant({peer.address, 1}, local) == std::nullopt);
}
