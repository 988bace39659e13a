// SPDX-License-Identifier: GPL-2.0-or-later
// The handshake, the judgement of the client's certificate, the request and its answer.
#include "server/engine/connection.h"

#include "server/engine/http_answer.h"
#include "server/flights/composed_session.h"
#include "server/stack/tls_session.h"
#include "server/wire/record.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr std::size_t kSessionBuffer = 16 * 1024;

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

void Connection::note_alert_of(const ServerSession& session)
{
    const auto alert = session.last_received_alert();
    if (!alert) return;
    tap_.decrypted_alert(Direction::client_to_server, *alert);
    if (told_ != nullptr) told_->decrypted_alert(Direction::client_to_server, *alert);
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

} // namespace alert40
