// SPDX-License-Identifier: GPL-2.0-or-later
// Up to the ClientHello, and the refusals before any session.
#include "server/engine/connection.h"

#include "server/engine/http_answer.h"
#include "server/personas/late_refusal.h"
#include "server/wire/proxy_header.h"
#include "server/wire/record.h"

namespace alert40 {

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
            tap_.plain_text(Direction::client_to_server, ByteView(early).first(*length),
                            std::chrono::steady_clock::now());
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

} // namespace alert40
