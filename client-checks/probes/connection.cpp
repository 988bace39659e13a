// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/connection.h"

#include "client-checks/probes/preparation.h"
#include "server/engine/within.h"

#include <asio/experimental/as_tuple.hpp>
#include <asio/redirect_error.hpp>
#include <asio/write.hpp>

namespace alert40 {
namespace {

using asio::ip::tcp;
constexpr auto kAsTuple = asio::experimental::as_tuple(asio::use_awaitable);
constexpr std::size_t kBuffer = 16 * 1024;

using Clock = std::chrono::steady_clock;

ConnectEnd end_of(const asio::error_code& error)
{
    if (!error) return ConnectEnd::connected;
    if (error == asio::error::connection_refused) return ConnectEnd::refused;
    if (error == asio::error::timed_out) return ConnectEnd::silent;
    if (error == asio::error::network_unreachable || error == asio::error::host_unreachable ||
        error == asio::error::network_down || error == asio::error::access_denied ||
        error == asio::error::connection_reset)
        return ConnectEnd::unreachable;
    return ConnectEnd::failed;
}

/// Default-constructible, so that it can come out of within().
struct Attempt {
    asio::error_code error;
};

asio::awaitable<Attempt> connect(tcp::socket& socket, tcp::endpoint endpoint)
{
    Attempt attempt;
    co_await socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, attempt.error));
    co_return attempt;
}

struct Reading {
    asio::error_code error;
    std::size_t count = 0;
};

asio::awaitable<Reading> read_some(tcp::socket& socket, Bytes& buffer)
{
    auto [error, count] = co_await socket.async_read_some(asio::buffer(buffer), kAsTuple);
    Reading reading{error, count};
    co_return reading;
}

} // namespace

std::string_view name(ConnectEnd end)
{
    switch (end) {
    case ConnectEnd::connected:
        return "connected";
    case ConnectEnd::refused:
        return "refused";
    case ConnectEnd::unreachable:
        return "unreachable";
    case ConnectEnd::silent:
        return "silent";
    case ConnectEnd::failed:
        return "failed";
    case ConnectEnd::before_tls:
        return "ended before TLS";
    case ConnectEnd::not_made:
        return "not made";
    }
    return "";
}

ProbeConnection::ProbeConnection(tcp::socket socket, ConnectionGate::Pass pass, std::chrono::microseconds round_trip)
    : socket_(std::move(socket)),
      pass_(std::move(pass)),
      round_trip_(round_trip),
      tap_(Clock::now()),
      buffer_(kBuffer)
{
}

ProbeConnection::~ProbeConnection()
{
    asio::error_code ignored;
    socket_.close(ignored);
}

void ProbeConnection::note(ByteView bytes, Direction direction)
{
    if (clear_)
        tap_.plain_text(direction, bytes, Clock::now());
    else
        tap_.bytes(direction, bytes, Clock::now());
}

void ProbeConnection::note(SocketEventKind kind)
{
    if (std::exchange(ended_, true)) return;
    tap_.socket(kind, Clock::now());
}

asio::awaitable<bool> ProbeConnection::send(ByteView bytes)
{
    note(bytes, Direction::client_to_server);
    auto [error, count] = co_await asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()), kAsTuple);
    if (error == asio::error::operation_aborted) throw asio::system_error(error);
    co_return !error;
}

asio::awaitable<Received> ProbeConnection::receive(std::chrono::milliseconds deadline)
{
    received_ = 0;
    auto reading = co_await within(deadline, read_some(socket_, buffer_));
    if (!reading) {
        note(SocketEventKind::deadline);
        co_return Received::silent;
    }
    if (reading->error == asio::error::operation_aborted) throw asio::system_error(reading->error);
    received_ = reading->count;
    if (!reading->error) {
        note(received(), Direction::server_to_client);
        co_return Received::bytes;
    }
    const bool closed = reading->error == asio::error::eof;
    note(closed ? SocketEventKind::server_fin : SocketEventKind::server_reset);
    co_return closed ? Received::closed : Received::reset;
}

void ProbeConnection::shut_down()
{
    asio::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

asio::awaitable<Opened> open_connection(ConnectionGate& gate, const LiveTarget& target, tcp::endpoint endpoint,
                                        ConnectionGate::Company company)
{
    Opened opened;
    auto pass = co_await gate.enter(company);
    if (!pass) {
        opened.why = "no connection is left in the budget";
        co_return opened;
    }
    const auto executor = co_await asio::this_coro::executor;
    tcp::socket socket(executor);
    const auto start = Clock::now();
    const auto attempt = co_await within(gate.limits().connect, connect(socket, endpoint));
    const auto round_trip = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
    opened.end = attempt ? end_of(attempt->error) : ConnectEnd::silent;
    if (opened.end != ConnectEnd::connected) {
        opened.why = attempt ? attempt->error.message() : "no answer to the SYN";
        co_return opened;
    }
    asio::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    gate.note_round_trip(round_trip);
    opened.connection = std::make_unique<ProbeConnection>(std::move(socket), *std::move(pass), round_trip);
    if (!target.proxy && target.starttls == Starttls::none) co_return opened;
    opened.why = co_await prepare(*opened.connection, target, gate.limits().answer);
    if (opened.why.empty()) co_return opened;
    opened.end = ConnectEnd::before_tls;
    opened.transcript = opened.connection->take_transcript();
    opened.connection.reset();
    co_return opened;
}

} // namespace alert40
