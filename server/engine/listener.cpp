// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/listener.h"

#include <asio/experimental/as_tuple.hpp>
#include <asio/ip/v6_only.hpp>
#include <fcntl.h>
#include <fmt/format.h>

namespace alert40 {
namespace {

using asio::ip::tcp;

constexpr auto kAsTuple = asio::experimental::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kWaitForDescriptors{50};

/// One listening socket: who answers on it.
struct Port final : OpenPort {
    Port(Engine& of, tcp::acceptor from, Answering who)
        : engine(of),
          acceptor(std::move(from)),
          answering(std::make_shared<const Answering>(std::move(who)))
    {
    }
    void answer_with(Answering who) override { answering = std::make_shared<const Answering>(std::move(who)); }
    void close() override
    {
        asio::error_code ignored;
        acceptor.close(ignored);
    }

    Engine& engine;
    tcp::acceptor acceptor;
    std::shared_ptr<const Answering> answering; // a connection keeps the one it began with
};

/// Tells two recorders.
class BothRecorders final : public WireRecorder {
public:
    BothRecorders(WireRecorder* first, WireRecorder* second) : first_(first), second_(second) {}

    void bytes(Direction direction, ByteView bytes, std::chrono::microseconds at) override
    {
        first_->bytes(direction, bytes, at);
        second_->bytes(direction, bytes, at);
    }
    void socket(SocketEventKind kind, std::chrono::microseconds at) override
    {
        first_->socket(kind, at);
        second_->socket(kind, at);
    }
    void secret(const KeyLogEntry& entry, const Transcript& so_far) override
    {
        first_->secret(entry, so_far);
        second_->secret(entry, so_far);
    }
    void message(Direction direction, const HandshakeMessage& message) override
    {
        first_->message(direction, message);
        second_->message(direction, message);
    }
    void event(const Transcript& so_far, std::size_t index) override
    {
        first_->event(so_far, index);
        second_->event(so_far, index);
    }

private:
    WireRecorder* first_;
    WireRecorder* second_;
};

TcpEnd end_of(const tcp::endpoint& endpoint)
{
    const auto address = endpoint.address();
    if (address.is_v4()) {
        const auto octets = address.to_v4().to_bytes();
        return {{octets.begin(), octets.end()}, endpoint.port()};
    }
    const auto octets = address.to_v6().to_bytes();
    return {{octets.begin(), octets.end()}, endpoint.port()};
}

/// Who is told of one connection: the capture's recorder, an observer, both or nobody.
struct Told {
    std::unique_ptr<ConnectionRecorder> recorder;
    std::unique_ptr<ConnectionObserver> observer;
    std::optional<BothRecorders> both;

    /// Nobody where the peer has gone already: there is nothing to tell.
    Told(CaptureOptions& options, const Answering& answering, const tcp::socket& socket)
    {
        if (!options.wanted() && !answering.observe) return;
        asio::error_code gone;
        const auto client = socket.remote_endpoint(gone);
        if (gone) return;
        const auto server = socket.local_endpoint(gone);
        if (gone) return;
        if (options.wanted()) recorder = std::make_unique<ConnectionRecorder>(options, end_of(client), end_of(server));
        if (answering.observe) observer = answering.observe(end_of(client), end_of(server));
        if (recorder && observer) both.emplace(recorder.get(), observer.get());
    }
    WireRecorder* wire()
    {
        if (both) return &*both;
        if (recorder) return recorder.get();
        return observer.get();
    }
};

void finish_recording(ConnectionRecorder& recorder, const Connection& connection, std::string_view ended)
{
    const auto* scenario = connection.scenario();
    const auto id = scenario != nullptr ? scenario->scenario().id : std::string();
    recorder.finish(connection.transcript(), scenario != nullptr && scenario->fixed() ? id + "-fixed" : id, ended);
}

asio::awaitable<void> converse(std::shared_ptr<Port> port, tcp::socket socket)
{
    Engine& engine = port->engine;
    const auto answering = port->answering;
    struct Counted {
        std::size_t& count;
        explicit Counted(std::size_t& connections) : count(++connections) {}
        ~Counted() { --count; }
    } counted(engine.connections);
    std::shared_ptr<BoundScenario> only;
    if (answering->only) {
        only = co_await answering->only();
        if (only == nullptr) co_return;
    }
    Told told(engine.capture(), *answering, socket);
    Connection connection(std::move(socket), only, answering->choose, engine.deadlines(), engine.options().limits);
    connection.record_to(told.wire());
    if (told.observer) connection.tell_choice(told.observer.get());
    try {
        co_await connection.run();
    } catch (...) {
        const std::string stopped = "it was open when the server was stopped";
        if (told.recorder) finish_recording(*told.recorder, connection, stopped);
        auto transcript = connection.take_transcript();
        if (told.observer) told.observer->ended(transcript, stopped);
        throw;
    }
    const auto ended = describe(outcome_of(connection.transcript()));
    if (told.recorder) finish_recording(*told.recorder, connection, ended);
    ConnectionReport report{connection.scenario(), connection.take_transcript(), connection.upstream_end()};
    engine.options().on_end(report);
    if (told.observer) told.observer->ended(report.transcript, ended);
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

void report_failure(std::exception_ptr failure)
{
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        fmt::print(stderr, "alert40: a connection was given up: {}\n", error.what());
    }
}

Engine::Engine(asio::io_context& io, ListenerOptions options)
    : io_(io),
      options_(std::move(options)),
      deadlines_(io.get_executor()),
      nursery_(io.get_executor(), [this](std::exception_ptr failure) { options_.on_failure(failure); })
{
}

void Engine::stop()
{
    nursery_.stop();
    deadlines_.stop();
}

namespace {

tcp::acceptor bind_to(asio::io_context& io, const tcp::endpoint& endpoint, bool listens)
{
    try {
        tcp::acceptor acceptor = open_acceptor(io, endpoint);
        acceptor.bind(endpoint);
        if (listens) acceptor.listen();
        return acceptor;
    } catch (const asio::system_error& error) {
        throw std::system_error(
            error.code(), fmt::format("cannot listen on {} port {}", endpoint.address().to_string(), endpoint.port()));
    }
}

std::vector<tcp::acceptor> bind_to_all(asio::io_context& io, const std::vector<std::string>& addresses,
                                       asio::ip::port_type port, bool listens)
{
    constexpr int kAttempts = 20; // a port that is free on the first address can be taken on another
    for (int attempt = 1;; ++attempt) {
        std::vector<tcp::acceptor> acceptors;
        try {
            asio::ip::port_type common = port;
            for (const auto& address : addresses) {
                acceptors.push_back(bind_to(io, {asio::ip::make_address(address), common}, listens));
                common = acceptors.front().local_endpoint().port();
            }
            return acceptors;
        } catch (const std::system_error& error) {
            if (port != 0 || acceptors.empty() || attempt == kAttempts ||
                error.code() != asio::error::address_in_use) // std::errc: never equal to Asio's
                throw;
        }
    }
}

} // namespace

tcp::acceptor listen_on(asio::io_context& io, const tcp::endpoint& endpoint)
{
    return bind_to(io, endpoint, true);
}

std::vector<tcp::acceptor> listen_on_all(asio::io_context& io, const std::vector<std::string>& addresses,
                                         asio::ip::port_type port)
{
    return bind_to_all(io, addresses, port, true);
}

std::vector<tcp::acceptor> hold_all(asio::io_context& io, const std::vector<std::string>& addresses,
                                    asio::ip::port_type port)
{
    return bind_to_all(io, addresses, port, false);
}

std::optional<std::string> absent_address(asio::io_context& io, const std::vector<std::string>& addresses)
{
    for (const auto& address : addresses) {
        const tcp::endpoint endpoint(asio::ip::make_address(address), 0);
        asio::error_code error;
        tcp::socket socket(io);
        socket.open(endpoint.protocol(), error); // EAFNOSUPPORT: the kernel has no such family
        if (!error) socket.bind(endpoint, error);
        if (error) return fmt::format("{}: {}", address, error.message());
    }
    return std::nullopt;
}

tcp::acceptor listen_beside(asio::io_context& io, tcp::acceptor& first)
{
    // The same listening socket under another descriptor. Not SO_REUSEPORT: once two sockets have bound with it, Linux
    // lets any further process of the same user join (inet_csk_get_port() asks the bucket's fastreuseport, no socket).
    const int descriptor = ::fcntl(first.native_handle(), F_DUPFD_CLOEXEC, 0);
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "cannot share a listening socket");
    return {io, first.local_endpoint().protocol(), descriptor};
}

std::shared_ptr<OpenPort> start_listening(Engine& engine, tcp::acceptor acceptor, Answering answering)
{
    auto port = std::make_shared<Port>(engine, std::move(acceptor), std::move(answering));
    auto accept = [port] { return accept_connections(port); };
    engine.nursery().spawn(std::move(accept));
    return port;
}

void start_listening(Engine& engine, tcp::acceptor acceptor, BoundScenario* only)
{
    Answering answering;
    answering.only = [only]() -> asio::awaitable<std::shared_ptr<BoundScenario>> { co_return unowned(only); };
    start_listening(engine, std::move(acceptor), std::move(answering));
}

} // namespace alert40
