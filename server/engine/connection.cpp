// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/connection.h"

#include "server/engine/within.h"

#include <asio/experimental/as_tuple.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr auto kAsTuple = asio::experimental::as_tuple(asio::use_awaitable);

// A ClientHello fits most often, and thousands of connections may wait with one; for a handshake it grows.
constexpr std::size_t kHelloBuffer = 2048;

std::chrono::steady_clock::time_point now()
{
    return std::chrono::steady_clock::now();
}

} // namespace

Connection::Connection(asio::ip::tcp::socket socket, std::shared_ptr<BoundScenario> only, const ChooseScenario& choose,
                       DeadlineQueue& deadlines, const ConnectionLimits& limits)
    : socket_(std::move(socket)),
      choose_(choose),
      limits_(limits),
      tap_(now()),
      deadlines_(deadlines),
      deadline_(deadlines,
                [this] {
                    asio::error_code ignored;
                    socket_.cancel(ignored);
                }),
      buffer_(kHelloBuffer)
{
    if (only != nullptr) meet(std::move(only));
}

/// From here on `scenario` answers.
void Connection::meet(std::shared_ptr<BoundScenario> scenario)
{
    scenario_ = std::move(scenario);
    if (observer_ != nullptr) observer_->chosen(*scenario_);
    number_ = scenario_->count_connection();
    asio::error_code gone; // then no address matches, and nothing will be sent either
    back_end_ = &scenario_->back_end_for(number_, socket_.local_endpoint(gone).address().to_string());
    answer_as(back_end_->server());
    const auto starttls = server_->settings().starttls;
    if (starttls != Starttls::none)
        dialogue_.emplace(starttls, fmt::format("alert40: connected ({})", scenario_->scenario().id));
}

void Connection::tell_choice(ConnectionObserver* observer)
{
    observer_ = observer;
    if (scenario_ != nullptr) observer_->chosen(*scenario_);
}

/// From here on this server's settings hold, its faults included.
void Connection::answer_as(BoundServer& server)
{
    if (server_ == &server) return;
    server_ = &server;
    interference_.reset();
    if (!server.faults().empty()) interference_.emplace(server.faults(), number_);
}

/// Faults and an upstream server get the first bytes as they came. A connection whose scenario is not known yet may
/// turn out to have them.
bool Connection::keeps_first_bytes() const
{
    return server_ == nullptr || interference_ || server_->upstream() != nullptr;
}

asio::awaitable<void> Connection::run()
{
    deadline_.expire_after(limits_.client_hello);
    co_await converse();
    if (!ended_) co_await close();
}

void Connection::note(SocketEventKind kind)
{
    tap_.socket(kind, now());
}

void Connection::tap(Direction direction, ByteView bytes)
{
    if (!taps_) return;
    if (in_clear_)
        tap_.plain_text(direction, bytes, now());
    else
        tap_.bytes(direction, bytes, now());
}

asio::awaitable<Connection::Received> Connection::receive()
{
    if (deadline_.expired()) { // it passed between two readings, when there was nothing to cancel
        note(SocketEventKind::deadline);
        co_return Received::deadline;
    }
    if (!ahead_.empty()) {
        received_ = ahead_.size();
        buffer_.resize(std::max(buffer_.size(), received_));
        std::copy(ahead_.begin(), ahead_.end(), buffer_.begin());
        ahead_.clear();
        co_return Received::bytes;
    }
    auto [error, count] = co_await socket_.async_read_some(asio::buffer(buffer_), kAsTuple);
    received_ = count;
    if (!error) {
        tap(Direction::client_to_server, ByteView(buffer_).first(count));
        co_return Received::bytes;
    }
    if (error == asio::error::eof) {
        note(SocketEventKind::client_fin);
        co_return Received::fin;
    }
    if (error == asio::error::operation_aborted) {
        if (!deadline_.expired()) throw asio::system_error(error); // stopped from outside
        note(SocketEventKind::deadline);
        co_return Received::deadline;
    }
    note(SocketEventKind::client_reset);
    ended_ = true;
    co_return Received::reset;
}

asio::awaitable<bool> Connection::send(ByteView bytes)
{
    tap(Direction::server_to_client, bytes);
    auto [error, count] = co_await asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()), kAsTuple);
    if (!error) co_return true;
    if (error == asio::error::operation_aborted && !deadline_.expired()) throw asio::system_error(error);
    if (error != asio::error::operation_aborted) read_last_words();
    note(error == asio::error::operation_aborted ? SocketEventKind::deadline : SocketEventKind::client_reset);
    ended_ = true;
    co_return false;
}

/// The client has reset the connection while more was sent to it: what it said before that, an alert most often, is
/// still there to be read (Linux keeps it behind the error).
void Connection::read_last_words()
{
    asio::error_code error;
    socket_.non_blocking(true, error);
    while (!error) {
        const auto count = socket_.read_some(asio::buffer(buffer_), error);
        if (!error) tap(Direction::client_to_server, ByteView(buffer_).first(count));
    }
}

/// Carries out `steps` in order; false where they end the connection.
asio::awaitable<bool> Connection::carry_out(WireSteps steps)
{
    for (auto& step : steps) {
        const bool goes_on = co_await carry_out(step);
        if (!goes_on) co_return false;
    }
    co_return true;
}

asio::awaitable<bool> Connection::carry_out(WireStep& step)
{
    if (auto* send_step = std::get_if<Send>(&step)) {
        const bool sent = co_await send(send_step->bytes);
        co_return sent;
    }
    if (auto* wait = std::get_if<Pause>(&step)) {
        const bool still_there = co_await pause(wait->length);
        co_return still_there;
    }
    if (auto* on = std::get_if<HandOn>(&step)) append(inbox_, on->bytes);
    if (std::holds_alternative<ResetConnection>(step)) reset();
    if (std::holds_alternative<Stall>(step)) co_await stall();
    if (std::holds_alternative<HalfClose>(step)) co_await half_close();
    if (std::holds_alternative<CloseConnection>(step)) co_await close();
    co_return !ends_connection(step);
}

/// Waits; what comes meanwhile is kept for receive(). False where the client has gone.
asio::awaitable<bool> Connection::pause(std::chrono::milliseconds length)
{
    const auto until = now() + length;
    deadline_.expire_after(length + limits_.handshake);
    auto readable = [this]() -> asio::awaitable<void> {
        co_await socket_.async_wait(asio::ip::tcp::socket::wait_read, asio::use_awaitable);
    };
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now());
        if (left.count() <= 0) co_return true;
        const bool something = co_await within(left, readable());
        if (!something) co_return true;
        asio::error_code error;
        socket_.non_blocking(true, error); // the wait ends at times with nothing there: this must not block
        const auto count = socket_.read_some(asio::buffer(buffer_), error);
        if (error == asio::error::would_block) continue;
        if (error) break;
        tap_.bytes(Direction::client_to_server, ByteView(buffer_).first(count), now());
        append(ahead_, ByteView(buffer_).first(count));
    }
    note(SocketEventKind::client_fin);
    co_return false;
}

/// Lets the faults act on what came from the client: what they hand on is in `inbox_`. False where they end the
/// connection.
asio::awaitable<bool> Connection::pass_on(ByteView bytes)
{
    if (!interference_) {
        append(inbox_, bytes);
        co_return true;
    }
    auto steps = interference_->from_client(bytes, tap_.transcript());
    const bool goes_on = co_await carry_out(std::move(steps));
    co_return goes_on;
}

/// Sends the records in `bytes`, each past the faults; false where the connection has ended.
asio::awaitable<bool> Connection::send_records(Bytes bytes)
{
    if (!interference_) co_return co_await send(bytes);
    auto steps = interference_->from_server(bytes, tap_, now());
    const bool goes_on = co_await carry_out(std::move(steps));
    co_return goes_on;
}

/// FIN now; the socket stays until the client goes.
asio::awaitable<void> Connection::half_close()
{
    asio::error_code ignored;
    note(SocketEventKind::server_fin);
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    deadline_.expire_after(limits_.stall);
    for (;;) {
        const Received received = co_await receive();
        if (received != Received::bytes) break;
    }
    ended_ = true;
    socket_.close(ignored);
}

asio::awaitable<void> Connection::stall()
{
    deadline_.expire_after(limits_.stall);
    for (;;) {
        const Received received = co_await receive();
        if (received != Received::bytes) break;
    }
    if (!ended_) co_await close();
}

asio::awaitable<void> Connection::close()
{
    ended_ = true;
    asio::error_code ignored;
    note(SocketEventKind::server_fin);
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    deadline_.expire_after(limits_.drain);
    for (;;) {
        const Received received = co_await receive();
        if (received != Received::bytes) break;
    }
    socket_.close(ignored);
}

void Connection::reset()
{
    ended_ = true;
    asio::error_code ignored;
    note(SocketEventKind::server_reset);
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
}

} // namespace alert40
