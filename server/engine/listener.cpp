// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/listener.h"

#include <asio/experimental/as_tuple.hpp>
#include <asio/ip/v6_only.hpp>
#include <fmt/format.h>

namespace alert40 {
namespace {

using asio::ip::tcp;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr auto kAsTuple = asio::experimental::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kWaitForDescriptors{50};

/// One listening socket: who answers on it.
struct Port {
    Engine& engine;
    tcp::acceptor acceptor;
    BoundScenario* only;
    ChooseScenario choose;
};

asio::awaitable<void> converse(std::shared_ptr<Port> port, tcp::socket socket)
{
    Engine& engine = port->engine;
    struct Counted {
        std::size_t& count;
        explicit Counted(std::size_t& connections) : count(++connections) {}
        ~Counted() { --count; }
    } counted(engine.connections);
    Connection connection(std::move(socket), port->only, port->choose, engine.deadlines(), engine.options().limits);
    co_await connection.run();
    engine.options().on_end({connection.scenario(), connection.take_transcript()});
}

asio::awaitable<void> accept_connections(std::shared_ptr<Port> port)
{
    Engine& engine = port->engine;
    for (;;) {
        auto [error, socket] = co_await port->acceptor.async_accept(kAsTuple);
        if (error == asio::error::operation_aborted) co_return;
        if (error ==
            asio::error::no_descriptors) { // they come back when connections end; accepting again at once would spin
            asio::steady_timer timer(engine.io(), kWaitForDescriptors);
            co_await timer.async_wait(asio::use_awaitable);
            continue;
        }
        if (error) continue; // the peer was gone before it was accepted
        if (engine.connections >= engine.options().max_connections) {
            engine.options().on_refused();
            continue; // closes the socket
        }
        auto serve = [port, accepted = std::move(socket)]() mutable { return converse(port, std::move(accepted)); };
        engine.nursery().spawn(std::move(serve));
    }
}

tcp::acceptor open_acceptor(asio::io_context& io, const tcp::endpoint& endpoint)
{
    tcp::acceptor acceptor(io, endpoint.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true)); // a port in TIME_WAIT may be taken again
    if (endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true));
    return acceptor;
}

} // namespace

Engine::Engine(asio::io_context& io, ListenerOptions options)
    : io_(io),
      options_(std::move(options)),
      deadlines_(io.get_executor()),
      nursery_(io.get_executor())
{
}

void Engine::stop()
{
    nursery_.stop();
    deadlines_.stop();
}

tcp::acceptor listen_on(asio::io_context& io, const tcp::endpoint& endpoint)
{
    try {
        tcp::acceptor acceptor = open_acceptor(io, endpoint);
        acceptor.bind(endpoint);
        acceptor.listen();
        return acceptor;
    } catch (const asio::system_error& error) {
        throw std::system_error(
            error.code(), fmt::format("cannot listen on {} port {}", endpoint.address().to_string(), endpoint.port()));
    }
}

tcp::acceptor listen_beside(asio::io_context& io, tcp::acceptor& first)
{
    // Shared from here on only: `first` was bound without SO_REUSEPORT, so that a port that another process holds, even
    // one that shares it, was refused then. The kernel asks both sockets at the second bind.
    first.set_option(ReusePort(true));
    tcp::acceptor acceptor = open_acceptor(io, first.local_endpoint());
    acceptor.set_option(ReusePort(true));
    acceptor.bind(first.local_endpoint());
    acceptor.listen();
    // Nobody else may join, not even a process of the same user.
    first.set_option(ReusePort(false));
    return acceptor;
}

void start_listening(Engine& engine, tcp::acceptor acceptor, BoundScenario* only, ChooseScenario choose)
{
    auto port = std::make_shared<Port>(Port{engine, std::move(acceptor), only, std::move(choose)});
    auto accept = [port] { return accept_connections(port); };
    engine.nursery().spawn(std::move(accept));
}

} // namespace alert40
