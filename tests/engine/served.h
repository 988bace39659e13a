// SPDX-License-Identifier: GPL-2.0-or-later
// A scenario served on a free loopback port, and scripted peers, all on one io_context.
//
//   Served served(scenario_text("[server]\nversions = [\"1.2\"]"));
//   served.run([&]() -> asio::awaitable<void> { Peer peer = co_await served.connect(); ... });
//   served.outcomes()   one for each connection, once the run is over
//
// run() ends when the peer is done and the server has reported every connection that it accepted; a deadline of its own
// turns a server that never does into a failure.
#pragma once

#include "scenarios/loader/recipe_file.h"
#include "server/engine/listener.h"
#include "server/engine/within.h"
#include "tests/engine/hello.h"
#include "tests/engine/personas.h"
#include "tests/source_dir.h"
#include "tests/stack/exchange.h"

#include <asio/connect.hpp>
#include <asio/experimental/as_tuple.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include <stdexcept>

namespace alert40::test {

using namespace std::chrono_literals;
using asio::ip::tcp;

constexpr auto kAsTuple = asio::experimental::as_tuple(asio::use_awaitable);
constexpr auto kLongest = 30s; // no case that passes comes near it
constexpr std::string_view kServerName = "one.test.localhost";

/// A scenario "test/one" whose settings are `sections`; it expects an alert, since most of these cases end in one.
inline Scenario scenario_of(const std::string& sections)
{
    const std::string text = "title = \"One\"\ncause = \"cipher-mismatch\"\nstory = \"s\"\nlesson = \"l\"\n" +
                             sections +
                             "\n[expect]\nends = \"server-alert\"\nalert = \"handshake_failure\"\n"
                             "[fix]\nsummary = \"f\"\nclient.server_name = \"fixed.test.localhost\"\n";
    return parse_scenario(text, "one.toml", "test/one");
}

inline std::unique_ptr<BoundScenario> bind_scenario(const std::string& sections)
{
    static const auto recipes = load_recipes(test_source_dir() / "certs" / "recipes");
    return std::make_unique<BoundScenario>(
        scenario_of(sections), false,
        BindContext{shared_state(), recipes, shared_personas(), now(), test_source_dir()});
}

/// A fault at one place: "at = ..., do = ..." of a TLS 1.2 and 1.3 server.
inline std::string with_fault(const std::string& fault)
{
    return "[server]\nfaults = [{ " + fault + " }]\n";
}

/// Deadlines for cases that are about them.
inline ConnectionLimits short_limits()
{
    // Long enough for a handshake under a sanitizer on a loaded machine.
    return {400ms, 400ms, 400ms, 400ms, 400ms};
}

/// A client's end of a connection.
struct Peer {
    tcp::socket socket;

    asio::awaitable<void> send(Bytes bytes)
    {
        co_await asio::async_write(socket, asio::buffer(bytes), asio::use_awaitable);
    }
    /// What comes until the server's FIN or RST; `error` then tells which: eof or connection_reset.
    asio::awaitable<Bytes> read_all()
    {
        Bytes all;
        for (;;) {
            Bytes piece = co_await read_some();
            if (piece.empty()) co_return all;
            append(all, piece);
        }
    }
    /// The next bytes; none at the end, with `error` set.
    asio::awaitable<Bytes> read_some()
    {
        Bytes buffer(16 * 1024);
        auto [failure, count] = co_await socket.async_read_some(asio::buffer(buffer), kAsTuple);
        error = failure;
        buffer.resize(failure ? 0 : count);
        co_return buffer;
    }
    void close() { socket.close(); }
    void finish_sending() { socket.shutdown(tcp::socket::shutdown_send); }
    void reset()
    {
        socket.set_option(asio::socket_base::linger(true, 0));
        socket.close();
    }

    asio::error_code error{};
};

class Served {
public:
    explicit Served(const std::string& sections, ListenerOptions options = {})
        : bound(sections.empty() ? nullptr : bind_scenario(sections))
    {
        options.on_end = [this](ConnectionReport& report) {
            upstream_ends.push_back(report.upstream_end);
            transcripts.push_back(std::move(report.transcript));
            changed_.cancel();
        };
        options.on_refused = [this] { ++refused; };
        options.on_failure = [this](std::exception_ptr failure) { failure_ = failure; };
        engine.emplace(io, std::move(options));
        changed_.expires_at(asio::steady_timer::time_point::max());
        auto acceptor = listen_on(io, {asio::ip::address_v4::loopback(), 0});
        endpoint = acceptor.local_endpoint();
        Answering answering;
        if (bound)
            answering.only = [this]() -> asio::awaitable<std::shared_ptr<BoundScenario>> {
                co_return unowned(bound.get());
            };
        answering.choose = [this](const ClientHello& hello) -> asio::awaitable<std::shared_ptr<BoundScenario>> {
            co_return unowned(choose ? choose(hello) : nullptr);
        };
        start_listening(*engine, std::move(acceptor), std::move(answering));
    }

    asio::awaitable<Peer> connect()
    {
        Peer peer{tcp::socket(io)};
        co_await peer.socket.async_connect(endpoint, asio::use_awaitable);
        ++connected_;
        co_return peer;
    }

    /// Returns when `count` connections have ended.
    asio::awaitable<void> ended(std::size_t count)
    {
        while (transcripts.size() < count) {
            asio::error_code cancelled;
            co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        }
    }

    /// Runs `work` and then the engine to its end. Throws what `work` throws.
    template <class Work> void run(Work work)
    {
        std::exception_ptr failure;
        bool timely = false;
        auto whole = [&]() -> asio::awaitable<void> {
            auto both = [&]() -> asio::awaitable<void> {
                co_await work();
                co_await ended(connected_ - refused);
            };
            timely = co_await within(kLongest, both());
        };
        auto on_done = [&](std::exception_ptr thrown) {
            failure = thrown;
            engine->stop();
        };
        asio::co_spawn(io, whole, on_done);
        io.run();
        if (failure) std::rethrow_exception(failure);
        if (failure_) std::rethrow_exception(failure_);
        if (!timely) throw std::runtime_error("the server did not end a connection");
    }

    std::vector<std::string> outcomes() const
    {
        std::vector<std::string> all;
        for (const auto& transcript : transcripts) all.push_back(describe(outcome_of(transcript)));
        return all;
    }

    asio::io_context io{1};
    std::unique_ptr<BoundScenario> bound;
    std::function<BoundScenario*(const ClientHello&)> choose; // where there is no scenario of its own
    std::optional<Engine> engine;
    tcp::endpoint endpoint;
    std::vector<Transcript> transcripts;
    std::vector<std::optional<UpstreamEnd>> upstream_ends; // of a box
    std::size_t refused = 0;

private:
    asio::steady_timer changed_{io};
    std::size_t connected_ = 0;
    std::exception_ptr failure_; // what a connection threw
};

/// A client of the stack for what bind_scenario() serves.
inline TlsClientConfig client_for(std::vector<ProtocolVersion> versions, std::string_view name = kServerName)
{
    TlsClientConfig config = client_config(std::move(versions));
    config.server_name = name;
    return config;
}

/// The only alert in clear of `bytes`, where that is all there is.
inline std::optional<Alert> only_alert(const Bytes& bytes)
{
    if (bytes.size() != kRecordHeaderLength + 2 || read_record_header(bytes).type != ContentType::alert)
        return std::nullopt;
    return Alert{static_cast<AlertLevel>(bytes[5]), static_cast<AlertDescription>(bytes[6])};
}

inline Alert fatal(AlertDescription description)
{
    return {AlertLevel::fatal, description};
}

} // namespace alert40::test
