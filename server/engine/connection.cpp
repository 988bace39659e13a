// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/connection.h"

#include "server/flights/tls12_flight.h"
#include "server/personas/late_refusal.h"
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
constexpr std::size_t kLargestRequest = 64 * 1024;

std::chrono::steady_clock::time_point now()
{
    return std::chrono::steady_clock::now();
}

bool ends(const WireStep& step)
{
    return !std::holds_alternative<Send>(step) && !std::holds_alternative<Pause>(step);
}

/// An HTTP request is answered when it is whole; anything else at once, so that clients of other protocols get their
/// byte.
bool is_complete_request(std::string_view request)
{
    constexpr std::string_view kMethods[] = {"GET ", "HEAD ", "POST ", "PUT ", "OPTIONS ", "DELETE "};
    for (const auto method : kMethods)
        if (request.starts_with(method) || method.starts_with(request))
            return request.find("\r\n\r\n") != std::string_view::npos || request.size() >= kLargestRequest;
    return true;
}

std::string http_text(unsigned status, std::string_view body)
{
    constexpr std::pair<unsigned, std::string_view> kPhrases[] = {{200, "OK"},
                                                                  {400, "Bad Request"},
                                                                  {403, "Forbidden"},
                                                                  {421, "Misdirected Request"},
                                                                  {425, "Too Early"}};
    std::string_view phrase = "Refused";
    for (const auto& [known, words] : kPhrases)
        if (known == status) phrase = words;
    return fmt::format("HTTP/1.1 {} {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n"
                       "Connection: close\r\n\r\n{}",
                       status, phrase, body.size(), body);
}

RefusalReason reason_of(PeerFault fault)
{
    switch (fault) {
    case PeerFault::missing:
        return RefusalReason::client_certificate_missing;
    case PeerFault::expired:
        return RefusalReason::client_certificate_expired;
    case PeerFault::not_yet_valid:
        return RefusalReason::client_certificate_not_yet_valid;
    case PeerFault::untrusted:
        return RefusalReason::client_certificate_untrusted;
    case PeerFault::self_signed:
        return RefusalReason::client_certificate_self_signed;
    case PeerFault::unsuitable:
        return RefusalReason::client_certificate_unsuitable;
    case PeerFault::revoked:
        return RefusalReason::client_certificate_revoked;
    case PeerFault::wrong_signature:
        break;
    }
    return RefusalReason::client_signature_wrong;
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
    back_end_ = &scenario->next_back_end(socket_.local_endpoint(gone).address().to_string());
    server_ = &back_end_->server();
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

asio::awaitable<Connection::Received> Connection::receive()
{
    if (deadline_.expired()) { // it passed between two readings, when there was nothing to cancel
        note(SocketEventKind::deadline);
        co_return Received::deadline;
    }
    auto [error, count] = co_await socket_.async_read_some(asio::buffer(buffer_), kAsTuple);
    received_ = count;
    if (!error) {
        tap_.bytes(Direction::client_to_server, ByteView(buffer_).first(count), now());
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
    tap_.bytes(Direction::server_to_client, bytes, now());
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
    auto status = co_await gather();
    if (auto* gathered = std::get_if<GatheredClientHello>(&status)) co_return co_await answer(std::move(*gathered));
    if (const auto* error = std::get_if<WireError>(&status)) {
        tap_.client_hello_failed(*error);
        if (!ended_) co_await refuse_with(error->alert);
    }
    if (auto* other = std::get_if<NotTls>(&status)) {
        tap_.client_not_tls(*other);
        co_await answer_plainly(*other);
    }
}

asio::awaitable<ClientHelloGatherer::Status> Connection::gather()
{
    ClientHelloGatherer gatherer;
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
    Decision decision = decide(server_->policy(), hello);
    if (decision.refusal) co_return co_await refuse(std::move(*decision.refusal), gathered.message);
    http_refusal_ = decision.http_status;
    if (decision.warning) {
        const Bytes warning = compose_alert({AlertLevel::warning, *decision.warning});
        const bool goes_on = co_await send_records(compose_record(ContentType::alert, ProtocolVersion::tls12, warning));
        if (!goes_on) co_return;
    }
    if (!server_->settings().flight.empty()) co_return co_await fly(hello);
    co_await serve(std::move(gathered), decision.choice);
}

asio::awaitable<void> Connection::refuse_with(AlertDescription alert)
{
    const Bytes message = compose_alert({AlertLevel::fatal, alert});
    // OpenSSL's early alerts carry 0x0303, whatever the ClientHello's record said.
    co_await send_records(compose_record(ContentType::alert, ProtocolVersion::tls12, message));
}

/// What the persona shows of a refusal, and its end.
asio::awaitable<void> Connection::refuse(Refusal refusal, ByteView hello_message)
{
    if (refusal.choice && refusal.answer.moment != AnswerMoment::before_server_hello) {
        const auto& choice = *refusal.choice;
        StartedFlight flight{choice.version, choice.suite, choice.group, {}};
        if (server_->chain()) flight.chain = server_->chain()->certificates;
        auto late = compose_late_refusal(*server_->policy().persona, refusal.answer, flight,
                                         *tap_.transcript().client_hello, hello_message);
        if (late) {
            for (auto& entry : late->secrets) tap_.secret(std::move(entry));
            const bool goes_on = co_await send_records(std::move(late->records));
            if (goes_on && refusal.answer.reset) reset();
            co_return;
        }
    }
    co_await end_as(std::move(refusal.answer));
}

/// The alert in clear, or none, and RST where the persona resets.
asio::awaitable<void> Connection::end_as(RefusalAnswer answer)
{
    if (answer.kind == AnswerKind::alert) {
        const Bytes message = compose_alert(answer.alert);
        const auto version = answer.record_version.value_or(ProtocolVersion::tls12);
        const bool goes_on = co_await send_records(compose_record(ContentType::alert, version, message));
        if (!goes_on) co_return;
    }
    if (answer.reset) reset();
}

/// An HTTP request on the TLS port gets the persona's answer; whatever else is no TLS is closed without a word, as
/// OpenSSL does (SSL_AD_NO_ALERT).
asio::awaitable<void> Connection::answer_plainly(const NotTls& other)
{
    if (server_ == nullptr || other.kind != NotTlsKind::http) co_return;
    RefusalAnswer answer = server_->policy().persona->answer(RefusalReason::not_tls, std::nullopt);
    if (answer.kind != AnswerKind::http) co_return co_await end_as(std::move(answer));
    const std::string text = http_text(answer.http_status, "alert40: plain HTTP on a port for TLS\n");
    co_await send(to_bytes(text));
}

/// What is wrong with what the client proved itself with, as far as the server asked.
std::optional<PeerFault> Connection::certificate_fault(const TlsSession& session) const
{
    if (server_->settings().client_certificate == ClientCertificate::none) return std::nullopt;
    const auto& transcript = tap_.transcript();
    if (session.error() && transcript.client_certificate_seen && transcript.client_chain.empty())
        return PeerFault::missing; // wolfSSL tells one that is no X.509 from none by its code alone
    if (session.error()) return find_peer_fault(*session.error());
    if (const auto fault = session.peer_fault()) return fault;
    const bool required = server_->settings().client_certificate == ClientCertificate::required;
    return required && transcript.client_chain.empty() ? std::optional(PeerFault::missing) : std::nullopt;
}

RefusalAnswer Connection::certificate_answer(PeerFault fault) const
{
    const auto& hello = tap_.transcript().server_hello;
    const auto version = hello ? std::optional(hello->selected_version()) : std::nullopt;
    RefusalAnswer answer = server_->policy().persona->answer(reason_of(fault), version);
    if (version) answer.record_version = std::min(*version, ProtocolVersion::tls12);
    return answer;
}

/// The stack has refused the client's certificate: the persona's alert goes out in place of the stack's.
asio::awaitable<void> Connection::refuse_certificate(ServerSession& session, PeerFault fault)
{
    for (auto& entry : session.take_secrets()) tap_.secret(std::move(entry));
    const RefusalAnswer answer = certificate_answer(fault);
    RecordReader reader;
    reader.feed(session.take_output());
    Bytes output;
    bool told = false;
    for (;;) {
        auto next = reader.next();
        const auto* record = std::get_if<Record>(&next);
        if (record == nullptr) break;
        const auto other = record->type == ContentType::application_data
                               ? tap_.with_other_alert(Direction::server_to_client, *record, answer.alert)
                               : std::nullopt;
        if (record->type != ContentType::alert && !other) {
            append(output, compose_record(*record));
        } else if (other && answer.kind == AnswerKind::alert) {
            append(output, *other);
            told = true;
        }
    }
    const bool goes_on = output.empty() || co_await send_records(std::move(output));
    if (!goes_on) co_return;
    if (!told) co_return co_await end_as(answer);
    if (answer.reset) reset();
}

/// After a handshake that took any certificate; false where the connection ends here.
asio::awaitable<bool> Connection::judge_certificate(const TlsSession& session)
{
    const auto fault = certificate_fault(session);
    if (!fault) co_return true;
    const RefusalAnswer answer = certificate_answer(*fault);
    if (answer.kind == AnswerKind::http) http_refusal_ = answer.http_status;
    if (answer.kind == AnswerKind::http || answer.kind == AnswerKind::serve) co_return true;
    if (answer.reset) reset();
    co_return false;
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

asio::awaitable<bool> Connection::handshake(TlsSession& session)
{
    for (;;) {
        const TlsProgress progress = session.advance();
        if (progress == TlsProgress::failed) {
            if (const auto alert = session.last_received_alert())
                tap_.decrypted_alert(Direction::client_to_server, *alert);
            if (const auto fault = certificate_fault(session)) {
                co_await refuse_certificate(session, *fault);
                co_return false;
            }
            co_await flush(session);
            co_return false;
        }
        if (!co_await flush(session)) co_return false;
        if (progress == TlsProgress::established) co_return true;
        if (!co_await feed(session)) co_return false;
    }
}

asio::awaitable<void> Connection::serve(GatheredClientHello gathered, const Choice& choice)
{
    TlsSession session(server_->context_for(choice));
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
    if (!co_await judge_certificate(session)) co_return;
    deadline_.expire_after(limits_.request);
    co_await reply(session);
}

asio::awaitable<void> Connection::reply(ServerSession& session)
{
    std::string request;
    for (;;) {
        request += to_text(session.read());
        if (!request.empty() && is_complete_request(request)) break;
        if (session.error()) {
            if (const auto alert = session.last_received_alert())
                tap_.decrypted_alert(Direction::client_to_server, *alert);
            co_await flush(session);
            co_return;
        }
        if (!co_await flush(session)) co_return;
        if (!co_await feed(session)) co_return;
    }
    session.write(to_bytes(page(session)));
    session.shut_down();
    co_await flush(session);
}

std::string Connection::page(ServerSession& session) const
{
    const auto& transcript = tap_.transcript();
    const unsigned status = http_status();
    if (status != 200) return http_text(status, fmt::format("alert40: refused with HTTP {}\n", status));
    std::string body =
        fmt::format("alert40: connected\nscenario: {}{}\nversion: {}\ncipher suite: {}\n", scenario_->scenario().id,
                    scenario_->fixed() ? " (fixed)" : "", session.version_name(), name(session.cipher_suite()));
    if (transcript.group) body += fmt::format("group: {}\n", name(*transcript.group));
    const auto asked = transcript.client_hello->server_name();
    body += fmt::format("server name: {}\n", asked ? *asked : "none");
    return http_text(200, body);
}

unsigned Connection::http_status() const
{
    return http_refusal_.value_or(server_->settings().http_status.value_or(200));
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
