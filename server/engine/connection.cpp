// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/connection.h"

#include "server/engine/http_answer.h"
#include "server/engine/within.h"
#include "server/flights/composed_session.h"
#include "server/personas/late_refusal.h"
#include "server/stack/tls_session.h"
#include "server/wire/proxy_header.h"
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

RefusalReason reason_of(PeerFault fault)
{
    switch (fault) {
    case PeerFault::missing:
        return RefusalReason::client_certificate_missing;
    case PeerFault::expired:
        return RefusalReason::client_certificate_expired;
    case PeerFault::not_yet_valid:
        return RefusalReason::client_certificate_not_yet_valid;
    case PeerFault::self_signed:
        return RefusalReason::client_certificate_self_signed;
    case PeerFault::unsuitable:
        return RefusalReason::client_certificate_unsuitable;
    case PeerFault::revoked:
        return RefusalReason::client_certificate_revoked;
    case PeerFault::wrong_signature:
        return RefusalReason::client_signature_wrong;
    case PeerFault::untrusted:
        break;
    }
    return RefusalReason::client_certificate_untrusted;
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

void Connection::note_alert_of(const ServerSession& session)
{
    const auto alert = session.last_received_alert();
    if (!alert) return;
    tap_.decrypted_alert(Direction::client_to_server, *alert);
    if (told_ != nullptr) told_->decrypted_alert(Direction::client_to_server, *alert);
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

asio::awaitable<void> Connection::converse()
{
    if (interference_) {
        auto steps = interference_->at_connect();
        if (!co_await carry_out(std::move(steps))) co_return;
    }
    if (interference_ && interference_->takes_proxy_header() && !co_await take_proxy_header()) co_return;
    if (dialogue_ && !co_await agree_on_tls()) co_return;
    auto status = co_await gather();
    if (auto* gathered = std::get_if<GatheredClientHello>(&status)) co_return co_await answer(std::move(*gathered));
    const auto* upstream = server_ != nullptr ? server_->upstream() : nullptr;
    const bool no_hello = std::holds_alternative<WireError>(status) || std::holds_alternative<NotTls>(status);
    if (no_hello && upstream != nullptr && !upstream->inspects()) co_return co_await stand_between(std::nullopt);
    if (const auto* error = std::get_if<WireError>(&status)) {
        tap_.client_hello_failed(*error);
        if (!ended_) co_await refuse_with(error->alert);
    }
    auto* other = std::get_if<NotTls>(&status);
    if (other == nullptr) co_return;
    tap_.client_not_tls(*other);
    if (other->kind == NotTlsKind::http && interference_) {
        auto steps = interference_->at_http_request();
        const bool said = !steps.empty();
        const bool open = co_await carry_out(std::move(steps));
        if (said || !open) co_return;
    }
    co_await answer_plainly(*other);
}

/// Reads a PROXY header, where one comes; what stands behind it is left to receive(). False where nothing more comes.
asio::awaitable<bool> Connection::take_proxy_header()
{
    Bytes early;
    for (;;) {
        taps_ = false; // it is not known yet what comes
        const Received received = co_await receive();
        taps_ = true;
        if (received != Received::bytes) co_return false;
        append(early, ByteView(buffer_).first(received_));
        const auto length = proxy_header_length(early);
        if (!length) continue;
        if (*length > 0) {
            tap_.plain_text(Direction::client_to_server, ByteView(early).first(*length), now());
            interference_->note_proxy_header();
        }
        const auto rest = ByteView(early).subspan(*length);
        tap(Direction::client_to_server, rest);
        append(ahead_, rest);
        co_return true;
    }
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
        if (keeps_first_bytes()) append(first_bytes_, early);
        auto status = gatherer.feed(early);
        if (!early.empty() && !std::holds_alternative<NeedMore>(status)) co_return status;
    }
    for (;;) {
        const Received received = co_await receive();
        if (received != Received::bytes) co_return NeedMore{1};
        if (keeps_first_bytes()) append(first_bytes_, ByteView(buffer_).first(received_));
        auto status = gatherer.feed(ByteView(buffer_).first(received_));
        if (!std::holds_alternative<NeedMore>(status)) co_return status;
    }
}

asio::awaitable<void> Connection::answer(GatheredClientHello gathered)
{
    tap_.client_hello(std::move(gathered.hello), gathered.record_version);
    const ClientHello& hello = *tap_.transcript().client_hello;
    if (scenario_ == nullptr) {
        auto chosen = co_await choose_(hello);
        if (chosen == nullptr) co_return co_await refuse_with(AlertDescription::unrecognized_name);
        meet(std::move(chosen));
    }
    answer_as(back_end_->server_for(hello));
    gathered.hello = hello;
    if (server_->upstream() != nullptr && !server_->upstream()->inspects())
        co_return co_await stand_between(std::nullopt);
    auto passed = co_await gather_past_faults(std::move(gathered));
    if (!passed) co_return;
    server_->meet(passed->hello);
    if (server_->not_applicable()) co_return;
    BoundIdentity& identity = server_->identity_for(passed->hello);
    Decision decision = decide(identity.policy, passed->hello);
    if (decision.refusal) co_return co_await refuse(std::move(*decision.refusal), identity, *passed);
    if (const auto alert = server_->ticket_refusal(passed->hello)) co_return co_await refuse_with(*alert);
    http_refusal_ = decision.http_status;
    if (decision.warning) {
        const Bytes warning = compose_alert({AlertLevel::warning, *decision.warning});
        const bool goes_on = co_await send_records(compose_record(ContentType::alert, ProtocolVersion::tls12, warning));
        if (!goes_on) co_return;
    }
    if (server_->upstream() != nullptr) co_return co_await stand_between(std::move(passed));
    auto plan = server_->flight_for(identity, decision.agreed, passed->hello);
    if (plan) co_return co_await fly(std::move(*passed), std::move(plan), decision.agreed.version);
    co_await serve(std::move(*passed), server_->context_for(identity, decision.agreed));
}

/// The ClientHello as the faults let it through; nullopt where none came through until the end.
asio::awaitable<std::optional<GatheredClientHello>> Connection::gather_past_faults(GatheredClientHello gathered)
{
    std::optional<GatheredClientHello> passed;
    if (!interference_) {
        passed = std::move(gathered);
        co_return passed;
    }
    ClientHelloGatherer gatherer;
    Bytes came = std::exchange(first_bytes_, {});
    for (;;) {
        if (!co_await pass_on(came)) co_return passed;
        auto status = gatherer.feed(std::exchange(inbox_, {}));
        if (auto* whole = std::get_if<GatheredClientHello>(&status)) passed = std::move(*whole);
        const auto* error = std::get_if<WireError>(&status);
        if (error != nullptr) co_await refuse_with(error->alert);
        if (!std::holds_alternative<NeedMore>(status)) co_return passed;
        if (co_await receive() != Received::bytes) co_return passed;
        came.assign(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(received_));
    }
}

asio::awaitable<void> Connection::refuse_with(AlertDescription alert)
{
    const Bytes message = compose_alert({AlertLevel::fatal, alert});
    // OpenSSL's early alerts carry 0x0303, whatever the ClientHello's record said.
    co_await send_records(compose_record(ContentType::alert, ProtocolVersion::tls12, message));
}

/// What the persona shows of a refusal, and its end.
asio::awaitable<void> Connection::refuse(Refusal refusal, const BoundIdentity& identity,
                                         const GatheredClientHello& gathered)
{
    if (refusal.agreed && refusal.answer.moment != AnswerMoment::before_server_hello) {
        const auto& agreed = *refusal.agreed;
        StartedFlight flight{agreed.version, agreed.suite, agreed.group, {}, agreed.alpn};
        if (identity.chain) flight.chain = identity.chain->certificates;
        auto late =
            compose_late_refusal(*identity.policy.persona, refusal.answer, flight, gathered.hello, gathered.message);
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
    if (other.kind != NotTlsKind::http) co_return;
    if (server_ == nullptr) {
        const std::string hint = http_answer(400, "alert40: plain HTTP on a port for TLS; ask for https:// instead\n");
        co_await send(to_bytes(hint));
        co_return;
    }
    RefusalAnswer answer = server_->policy().persona->answer(RefusalReason::not_tls, std::nullopt);
    if (answer.kind != AnswerKind::http) co_return co_await end_as(std::move(answer));
    const std::string page = http_answer(answer.http_status, "alert40: plain HTTP on a port for TLS\n");
    co_await send(to_bytes(page));
}

/// What is wrong with what the client proved itself with, as far as the server asked.
std::optional<PeerFault> Connection::certificate_fault(const ServerSession& session) const
{
    const auto wanted = server_->settings().client_certificate;
    if (wanted == ClientCertificate::none) return std::nullopt;
    const auto& transcript = tap_.transcript();
    const bool none = transcript.client_certificate_seen && transcript.client_chain.empty();
    const auto fault = session.peer_fault();
    // wolfSSL tells a certificate that is no X.509 from none by its code alone, and closes on none without a word.
    if (session.error() && none && (fault || !session.last_sent_alert()) && !session.last_received_alert())
        return PeerFault::missing;
    if (fault || session.error()) return fault;
    return wanted == ClientCertificate::required && none ? std::optional(PeerFault::missing) : std::nullopt;
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
asio::awaitable<bool> Connection::judge_certificate(const ServerSession& session)
{
    const auto fault = certificate_fault(session);
    if (!fault) co_return true;
    const RefusalAnswer answer = certificate_answer(*fault);
    if (answer.kind == AnswerKind::http) http_refusal_ = answer.http_status;
    if (answer.kind == AnswerKind::http || answer.kind == AnswerKind::serve) co_return true;
    if (answer.reset) reset();
    co_return false;
}

asio::awaitable<void> Connection::fly(GatheredClientHello gathered, std::shared_ptr<const FlightPlan> plan,
                                      ProtocolVersion version)
{
    ComposedSession session(*plan, version, {std::move(gathered.hello), std::move(gathered.message)});
    session.receive(gathered.left_over);
    co_await drive(session);
}

/// Sends the records in `bytes`, each past the faults; false where the connection has ended.
asio::awaitable<bool> Connection::send_records(Bytes bytes)
{
    if (!interference_) co_return co_await send(bytes);
    auto steps = interference_->from_server(bytes, tap_, now());
    const bool goes_on = co_await carry_out(std::move(steps));
    co_return goes_on;
}

asio::awaitable<bool> Connection::flush(ServerSession& session)
{
    for (auto& entry : session.take_secrets()) {
        if (told_ != nullptr) told_->secret(entry);
        tap_.secret(std::move(entry));
    }
    Bytes output = session.take_output();
    if (output.empty()) co_return true;
    const bool goes_on = co_await send_records(std::move(output));
    co_return goes_on;
}

/// Waits for bytes of the client and gives them to the session; false where none will come.
asio::awaitable<bool> Connection::feed(ServerSession& session)
{
    const Received received = co_await receive();
    if (received == Received::fin) session.peer_closed();
    if (received != Received::bytes) co_return false;
    // In TLS 1.3 OpenSSL sends its alert in clear where wolfSSL awaits an encrypted one; its answer (a stray
    // unexpected_message) is not what a real server says: the connection just ends.
    if (tap_.fatal_alert_from(Direction::client_to_server)) co_return false;
    if (!interference_) {
        session.receive(ByteView(buffer_).first(received_));
        co_return true;
    }
    const bool goes_on = co_await pass_on(ByteView(buffer_).first(received_));
    session.receive(std::exchange(inbox_, {}));
    co_return goes_on;
}

asio::awaitable<bool> Connection::handshake(ServerSession& session)
{
    for (;;) {
        const TlsProgress progress = session.advance();
        if (progress == TlsProgress::failed) {
            note_alert_of(session);
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

asio::awaitable<void> Connection::serve(GatheredClientHello gathered, std::shared_ptr<TlsContext> context)
{
    TlsSession session(std::move(context));
    // wolfSSL refuses a ClientHello whose first record holds less than 4 octets of it: the gathered message goes in as
    // one record, which changes nothing, since the transcript hash covers messages.
    append(gathered.message, gathered.same_record);
    session.receive(compose_records(ContentType::handshake, gathered.record_version, gathered.message));
    session.receive(gathered.left_over);
    co_await drive(session);
}

asio::awaitable<void> Connection::drive(ServerSession& session)
{
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
            Bytes answer = behind_ == nullptr ? to_bytes(page(session, request)) : Bytes();
            if (behind_ != nullptr) answer = co_await answer_of_upstream(request);
            session.write(answer);
            break;
        }
        if (session.error()) {
            note_alert_of(session);
            co_await flush(session);
            co_return;
        }
        if (!co_await flush(session)) co_return;
        if (!co_await feed(session)) co_return;
    }
    session.shut_down();
    co_await flush(session);
}

/// RFC 9110 section 7.4: what is asked for a host that has settings of its own, over a connection with those of
/// another, is misdirected.
unsigned Connection::http_status(const ServerSession& session, std::string_view request) const
{
    // RFC 8470, section 5.2: what came early is not done, and the client sends it again after the handshake.
    if (server_->settings().early_data == EarlyData::too_early && session.read_early_data()) return 425;
    if (http_refusal_) return *http_refusal_;
    if (server_->settings().http_status) return *server_->settings().http_status;
    const auto host = requested_host(request);
    return host && back_end_->has_own_settings(*host, *server_) ? 421 : 200;
}

/// nginx's own, where it answers a handshake that it let pass (ngx_http_special_response.c, errors 495 and 496).
std::string Connection::words_of_refusal(unsigned status) const
{
    const bool certificate = http_refusal_ && server_->settings().client_certificate != ClientCertificate::none;
    if (!certificate || status != 400) return {};
    return tap_.transcript().client_chain.empty() ? "No required SSL certificate was sent\n"
                                                  : "The SSL certificate error\n";
}

std::string Connection::page(ServerSession& session, std::string_view request) const
{
    if (const auto& own = scenario_->own_answer()) return own(request);
    const auto& transcript = tap_.transcript();
    const unsigned status = http_status(session, request);
    std::string body = fmt::format("alert40: {}\nscenario: {}{}\nversion: {}\ncipher suite: {}\n",
                                   status == 200 ? "connected" : fmt::format("connected, and refused with {}", status),
                                   scenario_->scenario().id, scenario_->fixed() ? " (fixed)" : "",
                                   session.version_name(), name(session.cipher_suite()));
    body += words_of_refusal(status);
    if (transcript.group) body += fmt::format("group: {}\n", name(*transcript.group));
    const auto asked = transcript.client_hello->server_name();
    body += fmt::format("server name: {}\n", asked ? *asked : "none");
    return http_answer(status, body);
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
