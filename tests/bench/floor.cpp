// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-floor: what scripts/bench measures alert40-server against. The least a coroutine server on Asio can do for a
// fatal alert: accept, read once, write the alert, close. No parsing, no deadline, no transcript; one thread.
//
//   alert40-floor [--hold]     prints its address as alert40-server does; SIGTERM ends it. --hold never answers.

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/experimental/as_tuple.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <string_view>

namespace {

using asio::ip::tcp;

constexpr auto kAsTuple = asio::experimental::as_tuple(asio::use_awaitable);

// RFC 5246, section 7.2: a record of type alert (21), TLS 1.2, two octets: fatal (2), handshake_failure (40).
constexpr std::array<std::uint8_t, 7> kAlert{21, 3, 3, 0, 2, 2, 40};

asio::awaitable<void> answer(tcp::socket socket, bool hold)
{
    std::array<char, 4096> buffer;
    auto [read_error, count] = co_await socket.async_read_some(asio::buffer(buffer), kAsTuple);
    while (hold && !read_error)
        std::tie(read_error, count) = co_await socket.async_read_some(asio::buffer(buffer), kAsTuple);
    if (read_error) co_return;
    co_await asio::async_write(socket, asio::buffer(kAlert), kAsTuple);
}

asio::awaitable<void> accept_for_ever(tcp::acceptor& listener, bool hold)
{
    for (;;) {
        auto [error, socket] = co_await listener.async_accept(kAsTuple);
        if (error) continue;
        // Detached, against the house rule that a coroutine has an owner: an owner is not part of the floor.
        asio::co_spawn(listener.get_executor(), answer(std::move(socket), hold), asio::detached);
    }
}

} // namespace

int main(int count, char** arguments)
{
    const bool hold = count == 2 && std::string_view(arguments[1]) == "--hold";
    if (count > 1 && !hold) {
        fmt::print(stderr, "usage: alert40-floor [--hold]\n");
        return 2;
    }
    asio::io_context io(1);
    tcp::acceptor listener(io, {asio::ip::make_address("127.0.0.1"), 0});
    asio::co_spawn(io, accept_for_ever(listener, hold), asio::detached);
    fmt::print("{{\"event\":\"listening\",\"scenario\":\"floor\",\"address\":\"127.0.0.1\",\"port\":{}}}\n"
               "{{\"event\":\"ready\"}}\n",
               listener.local_endpoint().port());
    std::fflush(stdout);
    io.run();
}
