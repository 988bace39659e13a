// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/cell_server.h"

#include "client-checks/process/orphans.h"
#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <asio/redirect_error.hpp>
#include <fmt/format.h>

namespace alert40 {
namespace {

// After the client's exit its connections end by themselves; one that another process holds open is cut.
constexpr std::chrono::seconds kConnectionsEnd{1};

} // namespace

CellServer::CellServer(const RunContext& context, const Scenario& scenario, bool fixed, const std::string& client,
                       const std::string& address)
    : bound_(scenario, fixed, context.bind),
      quiet_(context.io),
      engine_(context.io, options(context, client))
{
    if (const auto absent = absent_address(context.io, bound_.addresses(address)))
        throw NotServable(bound_.scenario().where, fmt::format("this machine cannot listen on {}", *absent));
    if (!bound_.scenario().server.listens) {
        held_ = hold_all(context.io, bound_.addresses(address), 0);
        port_ = held_.front().local_endpoint().port();
        return;
    }
    for (auto& acceptor : listen_on_all(context.io, bound_.addresses(address), 0)) {
        port_ = acceptor.local_endpoint().port();
        start_listening(engine_, std::move(acceptor), &bound_);
    }
}

asio::awaitable<bool> CellServer::await_connection(std::chrono::milliseconds limit)
{
    const auto end = std::chrono::steady_clock::now() + limit;
    const auto has_come = [this] {
        return engine_.connections == 0 && std::ranges::any_of(transcripts_, [](const auto& transcript) {
                   return transcript.client_hello.has_value();
               });
    };
    // Awake every second: an interruption ends children, and this is none.
    while (listens() && !has_come() && !children_are_ended() && std::chrono::steady_clock::now() < end) {
        quiet_.expires_at(std::min(end, std::chrono::steady_clock::now() + std::chrono::seconds(1)));
        asio::error_code woken;
        co_await quiet_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        // A connection's report comes before the connection is counted as gone.
        if (engine_.connections > 0 && !transcripts_.empty()) co_await asio::post(asio::use_awaitable);
    }
    co_return has_come();
}

asio::awaitable<void> CellServer::cut()
{
    if (engine_.connections == 0) co_return;
    engine_.stop();
    co_await engine_.nursery().join();
}

asio::awaitable<std::vector<Transcript>> CellServer::settle()
{
    quiet_.expires_after(kConnectionsEnd);
    while (engine_.connections > 0 && quiet_.expiry() > std::chrono::steady_clock::now()) {
        asio::error_code woken;
        co_await quiet_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    auto ended = std::exchange(transcripts_, {});
    // In the order of their beginnings: a client may hold its first connection open beside the second.
    std::ranges::stable_sort(ended, {}, &Transcript::started);
    co_return ended;
}

asio::awaitable<void> CellServer::finish()
{
    engine_.stop();
    co_await engine_.nursery().join();
}

ListenerOptions CellServer::options(const RunContext& context, const std::string& client)
{
    ListenerOptions options;
    const auto name = fmt::format("{}{}-{}", bound_.scenario().id, bound_.fixed() ? "-fixed" : "", client);
    const auto warn = [](std::string_view text) { fmt::print(stderr, "alert40-check: {}\n", text); };
    options.capture = {context.captures, nullptr, "alert40-check", name, warn};
    options.on_end = [this](ConnectionReport& report) {
        transcripts_.push_back(std::move(report.transcript));
        quiet_.cancel();
    };
    return options;
}

} // namespace alert40
