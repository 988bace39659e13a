// SPDX-License-Identifier: GPL-2.0-or-later
// The connection as a middlebox: what the client says goes on to the server behind, past the faults, and back; or TLS
// ends here, and the server behind is asked in another session. One coroutine does both directions, so that a fault
// that closes or waits meets nobody else at the client's socket.
#include "server/engine/connection.h"

#include "server/engine/http_answer.h"
#include "server/engine/within.h"

#include <asio/experimental/as_tuple.hpp>
#include <asio/write.hpp>

#include <fmt/format.h>

namespace alert40 {
namespace {

using asio::ip::tcp;

constexpr auto kAsTuple = asio::experimental::as_tuple(asio::use_awaitable);

/// Until one of the two can be read or has ended: true where that is `first`. A cancelled wait counts as readable: the
/// reading that follows says why.
asio::awaitable<bool> wait_for_either(tcp::socket& first, tcp::socket& second)
{
    auto race = asio::experimental::make_parallel_group(
        first.async_wait(tcp::socket::wait_read, asio::experimental::deferred),
        second.async_wait(tcp::socket::wait_read, asio::experimental::deferred));
    auto [order, first_error, second_error] =
        co_await race.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    co_return order[0] == 0;
}

const ChooseScenario kNobody;

} // namespace

/// `gathered`: the ClientHello that this box answers itself; without it everything goes on as it comes.
asio::awaitable<void> Connection::stand_between(std::optional<GatheredClientHello> gathered)
{
    const auto executor = co_await asio::this_coro::executor;
    const BoundUpstream& upstream = *server_->upstream();
    if (upstream.scenario() == nullptr) {
        tcp::socket behind(executor);
        upstream_end_ = co_await connect_to(behind, upstream.endpoint(), limits_.handshake);
        co_await act_as_box(behind, std::move(gathered));
        co_return;
    }
    auto [near, far] = connected_pair(executor);
    Connection server(std::move(far), unowned(upstream.scenario()), kNobody, deadlines_, limits_);
    // Who passes bytes on has no keys; who watches both ends of this process does.
    if (!upstream.inspects()) server.tell(tap_);
    upstream_end_ = UpstreamEnd::answered;
    tcp::socket behind(std::move(near));
    auto box = asio::co_spawn(executor, act_as_box(behind, std::move(gathered)), asio::experimental::deferred);
    auto other = asio::co_spawn(executor, server.run(), asio::experimental::deferred);
    auto both = asio::experimental::make_parallel_group(std::move(box), std::move(other));
    auto [order, failure, other_failure] =
        co_await both.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
    if (failure) std::rethrow_exception(failure);
    if (other_failure) std::rethrow_exception(other_failure);
}

/// Closes `behind` at its end, so that the server there ends too.
asio::awaitable<void> Connection::act_as_box(tcp::socket& behind, std::optional<GatheredClientHello> gathered)
{
    std::exception_ptr failure;
    try {
        if (gathered) {
            behind_ = &behind;
            auto context = server_->identity_for(gathered->hello).context;
            co_await serve(std::move(*gathered), std::move(context));
        } else if (*upstream_end_ == UpstreamEnd::answered) {
            co_await pass_between(behind);
        }
    } catch (...) { // stopped from outside
        failure = std::current_exception();
    }
    behind_ = nullptr;
    asio::error_code ignored;
    behind.close(ignored);
    if (failure) std::rethrow_exception(failure);
    if (!ended_) co_await close();
}

asio::awaitable<void> Connection::pass_between(tcp::socket& behind)
{
    asio::error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    behind.set_option(tcp::no_delay(true), ignored);
    upstream_end_ = UpstreamEnd::slow; // until something comes
    deadline_.expire_after(limits_.handshake + limits_.request);
    if (!co_await hand_to(behind, std::exchange(first_bytes_, {}))) co_return;
    for (;;) {
        bool from_the_client = !ahead_.empty();
        if (!from_the_client && client_done_) {
            auto readable = [&]() -> asio::awaitable<void> {
                co_await behind.async_wait(tcp::socket::wait_read, asio::use_awaitable);
            };
            const bool in_time = co_await within(limits_.request, readable());
            if (!in_time) co_return;
        } else if (!from_the_client) {
            from_the_client = co_await wait_for_either(socket_, behind);
        }
        bool goes_on = false;
        if (from_the_client)
            goes_on = co_await from_client(behind);
        else
            goes_on = co_await from_behind(behind);
        if (!goes_on) co_return;
    }
}

asio::awaitable<bool> Connection::from_client(tcp::socket& behind)
{
    asio::error_code ignored;
    const Received received = co_await receive();
    if (received == Received::bytes) {
        Bytes came(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(received_));
        const bool goes_on = co_await hand_to(behind, std::move(came));
        co_return goes_on;
    }
    if (received == Received::reset) behind.set_option(asio::socket_base::linger(true, 0), ignored);
    if (received != Received::fin) co_return false;
    client_done_ = true;
    behind.shutdown(tcp::socket::shutdown_send, ignored);
    co_return true;
}

/// `came` past the faults and on to the server behind; false where the connection has ended.
asio::awaitable<bool> Connection::hand_to(tcp::socket& behind, Bytes came)
{
    if (!co_await pass_on(came)) co_return false;
    const Bytes on = std::exchange(inbox_, {});
    if (on.empty()) co_return true;
    auto write = [&]() -> asio::awaitable<asio::error_code> {
        auto [error, count] = co_await asio::async_write(behind, asio::buffer(on), kAsTuple);
        co_return error;
    };
    const auto error = co_await within(limits_.request, write());
    co_return error.has_value(); // an error shows again when `behind` is read
}

asio::awaitable<bool> Connection::from_behind(tcp::socket& behind)
{
    Bytes bytes(16 * 1024);
    asio::error_code error;
    const auto count = behind.read_some(asio::buffer(bytes), error); // is there, so this does not block
    bytes.resize(error ? 0 : count);
    const bool first = *upstream_end_ == UpstreamEnd::slow;
    if (first && error) upstream_end_ = UpstreamEnd::closed;
    if (first && !error) upstream_end_ = begins_like_tls(bytes) ? UpstreamEnd::answered : UpstreamEnd::not_tls;
    if (!error) {
        const bool goes_on = co_await send_records(std::move(bytes));
        co_return goes_on;
    }
    if (error != asio::error::eof) {
        reset();
        co_return false;
    }
    const Bytes rest = interference_ ? interference_->rest_of_server() : Bytes();
    if (!rest.empty() && !co_await send(rest)) co_return false;
    co_return false; // act_as_box() closes
}

/// What the server behind answers to `request`; where it does not, what such boxes show instead (RFC 9110 section
/// 15.6.3).
asio::awaitable<Bytes> Connection::answer_of_upstream(std::string_view request)
{
    UpstreamAnswer answer{*upstream_end_, {}};
    if (answer.end == UpstreamEnd::answered) {
        const auto asked = tap_.transcript().client_hello->server_name();
        deadline_.expire_after(limits_.request + limits_.request);
        auto asking = ask_in_tls(*behind_, server_->upstream()->client_context(asked.value_or("")), to_bytes(request));
        auto in_time = co_await within(limits_.request, std::move(asking));
        answer = in_time ? std::move(*in_time) : UpstreamAnswer();
    }
    upstream_end_ = answer.end;
    if (answer.end == UpstreamEnd::answered) co_return std::move(answer.bytes);
    co_return to_bytes(http_answer(502, fmt::format("alert40: the server behind is {}\n", name(answer.end))));
}

} // namespace alert40
