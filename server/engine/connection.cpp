// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/connection.h"

#include "server/engine/http_answer.h"
#include "server/flights/tls12_flight.h"
#include "server/stack/tls_session.h"
#include "server/wire/record.h"

#include <asio/experimental/as_tuple.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr auto kAsTuple = asio::experimental::as_tuple(asio::use_awaitable);

// A ClientHello fits most often, and thousands of connections may wait with one; for a handshake it grows.
constexpr std::size_t kHelloBuffer = 2048;
constexpr std::size_t kSessionBuffer = 16 * 1024;

std::chrono::steady_clock::time_point now()
{
    return std::chrono::steady_clock::now();
}

bool ends(const WireStep& step)
{
    return !std::holds_alternative<Send>(step) && !std::holds_alternative<Pause>(step);
}

} // namespace

Connection::Connection(asio::ip::tcp::socket socket, BoundScenario* only, const ChooseScenario& choose,
                       DeadlineQueue& deadlines, const ConnectionLimits& limits)
    : socket_(std::move(socket)),
      choose_(choose),
      limits_(limits),
      tap_(now()),
      deadline_(deadlines,
                [this] {
                    asio::error_code ignored;
                    socket_.cancel(ignored);
                }),
      buffer_(kHelloBuffer)
{
    if (only != nullptr) meet(only);
}

/// From here on `scenario` answers.
void Connection::meet(BoundScenario* scenario)
{
    scenario_ = scenario;
    asio::error_code gone; // then no address matches, and nothing will be sent either
    const auto number = scenario->count_connection();
    back_end_ = &scenario->back_end_for(number, socket_.local_endpoint(gone).address().to_string());
    server_ = &back_end_->server();
    const auto starttls = server_->settings().starttls;
    if (starttls != Starttls::none) dialogue_.emplace(starttls, fmt::format("alert40: connected ({})", scenario->scenario().id));
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
    note(error == asio::error::operation_aborted ? SocketEventKind::deadline : SocketEventKind::client_reset);
    ended_ = true;
    co_return false;
}

/// Carries out `steps` in order; false where they end the connection.
asio::awaitable<bool> Connection::carry_out(WireSteps steps)
{
    for (auto& step : steps) {
        if (auto* bytes = std::get_if<Send>(&step)) {
            if (!co_await send(bytes->bytes)) co_return false;
        } else if (auto* pause = std::get_if<Pause>(&step)) {
            asio::steady_timer timer(socket_.get_executor(), pause->length);
            co_await timer.async_wait(asio::use_awaitable);
        } else if (std::holds_alternative<ResetConnection>(step)) {
            reset();
        } else if (std::holds_alternative<Stall>(step)) {
            co_await stall();
        } else {
            co_await close();
        }
        if (ends(step)) co_return false;
    }
    co_return true;
}

/// Lets the faults act on what came from the client, or on the connect; false where they end the connection.
asio::awaitable<bool> Connection::act_on(Event event)
{
    if (server_ == nullptr || server_->faults().empty()) co_return true;
    WireSteps steps;
    for (const auto& fault : server_->faults()) steps = fault->act(event, std::move(steps));
    co_return co_await carry_out(std::move(steps));
}

asio::awaitable<bool> Connection::act_on_client_records(std::size_t first_event)
{
    if (server_ == nullptr || server_->faults().empty()) co_return true;
    std::size_t number = 0;
    for (std::size_t index = 0; index < tap_.transcript().events.size(); ++index) {
        const auto* record = std::get_if<RecordEvent>(&tap_.transcript().events[index]);
        if (record == nullptr || record->direction != Direction::client_to_server) continue;
        ++number;
        if (index < first_event) continue;
        const auto messages = record->messages; // the transcript grows while steps are carried out
        const bool goes_on = co_await act_on({false, Direction::client_to_server, messages, number});
        if (!goes_on) co_return false;
    }
    co_return true;
}

asio::awaitable<void> Connection::converse()
{
    Event connect;
    connect.connect = true;
    if (!co_await act_on(connect)) co_return;
    if (dialogue_ && !co_await agree_on_tls()) co_return;
    auto status = co_await gather();
    if (auto* gathered = std::get_if<GatheredClientHello>(&status)) co_return co_await answer(std::move(*gathered));
    if (const auto* error = std::get_if<WireError>(&status)) {
        tap_.client_hello_failed(*error);
        if (!ended_) co_await refuse_with(error->alert);
    }
    // Not TLS: closed without a word, as OpenSSL does (SSL_AD_NO_ALERT).
    if (auto* other = std::get_if<NotTls>(&status)) tap_.client_not_tls(std::move(*other));
}

/// What the protocol says before TLS (STARTTLS); false where it does not come to that.
asio::awaitable<bool> Connection::agree_on_tls()
{
    in_clear_ = true;
    const Bytes greeting = dialogue_->greeting();
    if (!greeting.empty() && !co_await send(greeting)) co_return false;
    for (;;) {
        const Received received = co_await receive();
        if (received != Received::bytes) co_return false;
        const StarttlsAnswer answer = dialogue_->feed(ByteView(buffer_).first(received_));
        if (!answer.bytes.empty() && !co_await send(answer.bytes)) co_return false;
        if (answer.then == StarttlsAnswer::Then::over) co_return false;
        if (answer.then == StarttlsAnswer::Then::tls) break;
    }
    in_clear_ = false;
    co_return true;
}

asio::awaitable<ClientHelloGatherer::Status> Connection::gather()
{
    ClientHelloGatherer gatherer;
    if (dialogue_) {
        const Bytes early = dialogue_->take_left_over();
        tap(Direction::client_to_server, early);
        auto status = gatherer.feed(early);
        if (!early.empty() && !std::holds_alternative<NeedMore>(status)) co_return status;
    }
    for (;;) {
        const Received received = co_await receive();
        if (received != Received::bytes) co_return NeedMore{1};
        auto status = gatherer.feed(ByteView(buffer_).first(received_));
        if (!std::holds_alternative<NeedMore>(status)) co_return status;
    }
}

asio::awaitable<void> Connection::answer(GatheredClientHello gathered)
{
    tap_.client_hello(std::move(gathered.hello), gathered.record_version);
    const ClientHello& hello = *tap_.transcript().client_hello;
    if (scenario_ == nullptr) {
        BoundScenario* chosen = choose_(hello);
        if (chosen == nullptr) co_return co_await refuse_with(AlertDescription::unrecognized_name);
        meet(chosen);
    }
    server_ = &back_end_->server_for(hello);
    if (!co_await act_on_client_records(0)) co_return;
    server_->meet(hello);
    if (server_->not_applicable()) co_return;
    const BoundIdentity& identity = server_->identity_for(hello);
    const auto refusal = refuse(identity.policy, hello);
    if (refusal) co_return co_await refuse_with(refusal->alert);
    if (const auto alert = server_->ticket_refusal(hello)) co_return co_await refuse_with(*alert);
    if (!server_->settings().flight.empty()) co_return co_await fly(hello);
    co_await serve(std::move(gathered), identity.context);
}

asio::awaitable<void> Connection::refuse_with(AlertDescription alert)
{
    const Bytes message = compose_alert({AlertLevel::fatal, alert});
    // OpenSSL's early alerts carry 0x0303, whatever the ClientHello's record said.
    co_await send_records(compose_record(ContentType::alert, ProtocolVersion::tls12, message));
}

asio::awaitable<void> Connection::fly(const ClientHello& hello)
{
    const auto flight =
        compose_tls12_flight(server_->settings().flight, hello, *server_->chain(), server_->policy().cipher_suites);
    if (!flight) co_return co_await refuse_with(AlertDescription::handshake_failure);
    if (!co_await send_records(*flight)) co_return;
    deadline_.expire_after(limits_.handshake);
    for (;;) { // what the client says to it, until it goes
        const Received received = co_await receive();
        if (received != Received::bytes || tap_.fatal_alert_from(Direction::client_to_server)) co_return;
    }
}

/// Sends the records in `bytes`, each past the faults; false where the connection has ended.
asio::awaitable<bool> Connection::send_records(Bytes bytes)
{
    if (server_ == nullptr || server_->faults().empty()) co_return co_await send(bytes);
    // A second tap reads what would be sent, so that a fault sees the messages in a record before it goes out.
    Tap intended = tap_;
    RecordReader records;
    records.feed(bytes);
    for (;;) {
        auto next = records.next();
        const auto* record = std::get_if<Record>(&next);
        if (record == nullptr) co_return true;
        Bytes octets = compose_record(*record);
        intended.bytes(Direction::server_to_client, octets, now());
        const auto* written = std::get_if<RecordEvent>(&intended.transcript().events.back());
        const auto messages = written != nullptr ? written->messages : std::vector<HandshakeType>{};
        const Event event{false, Direction::server_to_client, messages, ++server_records_};
        WireSteps steps{Send{std::move(octets)}};
        for (const auto& fault : server_->faults()) steps = fault->act(event, std::move(steps));
        const bool goes_on = co_await carry_out(std::move(steps));
        if (!goes_on) co_return false;
    }
}

asio::awaitable<bool> Connection::flush(ServerSession& session)
{
    for (auto& entry : session.take_secrets()) tap_.secret(std::move(entry));
    Bytes output = session.take_output();
    if (output.empty()) co_return true;
    const bool goes_on = co_await send_records(std::move(output));
    co_return goes_on;
}

/// Waits for bytes of the client and gives them to the session; false where none will come.
asio::awaitable<bool> Connection::feed(ServerSession& session)
{
    const auto events = tap_.transcript().events.size();
    const Received received = co_await receive();
    if (received == Received::fin) session.peer_closed();
    if (received != Received::bytes) co_return false;
    // In TLS 1.3 OpenSSL sends its alert in clear where wolfSSL awaits an encrypted one; its answer (a stray
    // unexpected_message) is not what a real server says: the connection just ends.
    if (tap_.fatal_alert_from(Direction::client_to_server)) co_return false;
    session.receive(ByteView(buffer_).first(received_));
    const bool goes_on = co_await act_on_client_records(events);
    co_return goes_on;
}

asio::awaitable<bool> Connection::handshake(ServerSession& session)
{
    for (;;) {
        const TlsProgress progress = session.advance();
        if (progress == TlsProgress::failed) {
            if (const auto alert = session.last_received_alert())
                tap_.decrypted_alert(Direction::client_to_server, *alert);
            const bool silent = !session.last_sent_alert() && !session.last_received_alert();
            if (!co_await flush(session)) co_return false;
            // wolfSSL 5.5.4 closes without a word on a TLS 1.2 client that sends no certificate; OpenSSL says 40.
            const bool no_certificate =
                tap_.transcript().client_certificate_seen && tap_.transcript().client_chain.empty();
            if (silent && no_certificate) co_await refuse_with(AlertDescription::handshake_failure);
            co_return false;
        }
        if (!co_await flush(session)) co_return false;
        if (progress == TlsProgress::established) co_return true;
        if (!co_await feed(session)) co_return false;
    }
}

asio::awaitable<void> Connection::serve(GatheredClientHello gathered, std::shared_ptr<TlsContext> context)
{
    TlsSession session(std::move(context));
    // wolfSSL refuses a ClientHello whose first record holds less than 4 octets of it: the gathered message goes in as
    // one record, which changes nothing, since the transcript hash covers messages.
    append(gathered.message, gathered.same_record);
    session.receive(compose_records(ContentType::handshake, gathered.record_version, gathered.message));
    session.receive(gathered.left_over);
    asio::error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored); // several small writes follow one another
    buffer_.resize(kSessionBuffer);
    deadline_.expire_after(limits_.handshake);
    if (!co_await handshake(session)) co_return;
    deadline_.expire_after(limits_.request);
    co_await reply(session);
}

asio::awaitable<void> Connection::reply(ServerSession& session)
{
    if (dialogue_) dialogue_->secured();
    std::string request;
    for (;;) {
        request += to_text(session.read());
        if (dialogue_ && !request.empty() && !may_be_http(request)) {
            const StarttlsAnswer answer = dialogue_->feed(to_bytes(std::exchange(request, {})));
            if (!answer.bytes.empty()) session.write(answer.bytes);
            if (answer.then != StarttlsAnswer::Then::goes_on) break;
        }
        if (!request.empty() && is_complete_request(request)) {
            session.write(to_bytes(page(session, request)));
            break;
        }
        if (session.error()) {
            if (const auto alert = session.last_received_alert())
                tap_.decrypted_alert(Direction::client_to_server, *alert);
            co_await flush(session);
            co_return;
        }
        if (!co_await flush(session)) co_return;
        if (!co_await feed(session)) co_return;
    }
    session.shut_down();
    co_await flush(session);
}

/// RFC 9110 section 7.4: what is asked for a host that has settings of its own, over a connection with those of another,
/// is misdirected.
unsigned Connection::http_status(std::string_view request) const
{
    if (server_->settings().http_status) return *server_->settings().http_status;
    const auto host = requested_host(request);
    return host && back_end_->has_own_settings(*host, *server_) ? 421 : 200;
}

std::string Connection::page(ServerSession& session, std::string_view request) const
{
    const auto& transcript = tap_.transcript();
    const unsigned status = http_status(request);
    std::string body =
        fmt::format("alert40: {}\nscenario: {}{}\nversion: {}\ncipher suite: {}\n",
                    status == 200 ? "connected" : fmt::format("connected, and refused with {}", status),
                    scenario_->scenario().id, scenario_->fixed() ? " (fixed)" : "", session.version_name(),
                    name(session.cipher_suite()));
    if (transcript.group) body += fmt::format("group: {}\n", name(*transcript.group));
    const auto asked = transcript.client_hello->server_name();
    body += fmt::format("server name: {}\n", asked ? *asked : "none");
    return http_answer(status, body);
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
