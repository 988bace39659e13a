// SPDX-License-Identifier: GPL-2.0-or-later
// A whole healthy exchange of a client, request and reply included, as numbered steps, and the breaking of the
// connection at any one of them.
#pragma once

#include "tests/engine/served.h"

namespace alert40::test {

enum class Break { close, reset, silence };

struct ScriptResult {
    bool broken = false; // false: the script was over before the step at which it should break
    std::string reply;
};

/// Plays a client on `served`. Each half of what it sends is a step, and each reading: at step `at` (from 0) the
/// connection is broken as `how` says instead. Silence lasts until the server gives up.
class ClientScript {
public:
    ClientScript(Served& served, const TlsClientConfig& config, std::size_t at, Break how)
        : served_(served),
          session_(TlsContext::client(config)),
          at_(at),
          how_(how)
    {
    }

    asio::awaitable<ScriptResult> play()
    {
        Peer peer = co_await served_.connect();
        auto progress = session_.advance();
        while (progress == TlsProgress::wants_input) {
            const bool goes_on = co_await exchange(peer);
            if (!goes_on) co_return result_;
            progress = session_.advance();
        }
        if (progress == TlsProgress::failed)
            throw std::runtime_error("the client's handshake failed: " + session_.error()->text);
        session_.write(to_bytes("GET / HTTP/1.1\r\nHost: test\r\n\r\n"));
        while (!result_.reply.ends_with("localhost\n")) {
            const bool goes_on = co_await exchange(peer);
            if (!goes_on) co_return result_;
            result_.reply += to_text(session_.read());
        }
        session_.shut_down();
        co_await send(peer);
        co_return result_;
    }

private:
    /// Sends what there is, then reads once; false where the script broke off.
    asio::awaitable<bool> exchange(Peer& peer)
    {
        const bool sent = co_await send(peer);
        if (!sent) co_return false;
        const bool broken = co_await broke(peer);
        if (broken) co_return false;
        const Bytes bytes = co_await peer.read_some(); // g++ 12.2 loops for ever over one that is converted unnamed
        session_.receive(bytes);
        if (peer.error) throw std::runtime_error("the server ended a healthy exchange: " + peer.error.message());
        co_return true;
    }

    asio::awaitable<bool> send(Peer& peer)
    {
        const Bytes output = session_.take_output();
        const auto half = static_cast<std::ptrdiff_t>(output.size() / 2);
        if (output.empty()) co_return true;
        Bytes first(output.begin(), output.begin() + half);
        Bytes second(output.begin() + half, output.end());
        const bool first_sent = co_await send_part(peer, std::move(first));
        if (!first_sent) co_return false;
        const bool second_sent = co_await send_part(peer, std::move(second));
        co_return second_sent;
    }

    asio::awaitable<bool> send_part(Peer& peer, Bytes part)
    {
        const bool broken = co_await broke(peer);
        if (broken) co_return false;
        co_await peer.send(std::move(part));
        co_return true;
    }

    asio::awaitable<bool> broke(Peer& peer)
    {
        if (step_++ != at_) co_return false;
        result_.broken = true;
        if (how_ == Break::reset) peer.reset();
        if (how_ == Break::silence) co_await peer.read_all();
        co_return true; // the peer's destructor closes
    }

    Served& served_;
    TlsSession session_;
    std::size_t at_;
    Break how_;
    std::size_t step_ = 0;
    ScriptResult result_;
};

constexpr std::size_t kNever = static_cast<std::size_t>(-1);

} // namespace alert40::test
