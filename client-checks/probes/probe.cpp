// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/probe.h"

#include "server/wire/handshake.h"
#include "server/wire/record.h"

#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::size_t kMostReadings = 200; // of at most 16 KiB each
constexpr std::size_t kMostText = 4096;
/// A server that has begun to answer is not silent: a cold JSSE takes long over its first key of x448.
constexpr int kMorePatience = 3;

/// After the first octets that are no TLS: what follows in the same breath.
constexpr std::chrono::milliseconds kBreath{30};

asio::awaitable<void> pause(std::chrono::milliseconds length)
{
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, length);
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> send_flight(ProbeConnection& connection, const ProbeHello& what)
{
    connection.tap().client_hello(what.hello, what.record_version);
    if (!what.before.empty()) {
        connection.set_clear(true);
        co_await connection.send(what.before);
        connection.set_clear(false);
    }
    const Bytes flight = compose_flight(what);
    const auto first = what.first_segment == 0 ? flight.size() : std::min(what.first_segment, flight.size());
    co_await connection.send(ByteView(flight).first(first));
    if (first == flight.size()) co_return;
    co_await pause(kBetweenSegments);
    co_await connection.send(ByteView(flight).subspan(first));
}

bool said_its_last(const Transcript& transcript)
{
    if (flight_is_whole(transcript)) return true;
    for (const auto& event : transcript.events) {
        const auto* record = std::get_if<RecordEvent>(&event);
        if (record != nullptr && record->direction == Direction::server_to_client && record->alert &&
            record->alert->level == AlertLevel::fatal)
            return true;
    }
    return false;
}

bool is_not_tls(const Transcript& transcript)
{
    for (const auto& event : transcript.events)
        if (const auto* other = std::get_if<OtherBytes>(&event))
            if (other->direction == Direction::server_to_client) return true;
    return false;
}

bool wants_retry(const Transcript& transcript)
{
    return transcript.server_hello && transcript.server_hello->is_hello_retry_request();
}

/// HelloRetryRequests and ServerHellos. A change_cipher_spec behind the first may come in a reading of its own (JSSE).
std::size_t hellos_in(const Transcript& transcript)
{
    std::ptrdiff_t count = 0;
    for (const auto& event : transcript.events)
        if (const auto* record = std::get_if<RecordEvent>(&event))
            count += std::count(record->messages.begin(), record->messages.end(), HandshakeType::server_hello);
    return static_cast<std::size_t>(count);
}

/// Reads until the server has said all that it says without keys. `retries` counts HelloRetryRequests followed.
asio::awaitable<Received> read_answer(ProbeConnection& connection, ProbeHello what, std::chrono::milliseconds deadline)
{
    bool retried_once = false;
    bool not_tls = false;
    for (std::size_t reading = 0; reading < kMostReadings; ++reading) {
        const auto limit = not_tls ? kBreath : reading == 0 ? deadline : deadline * kMorePatience;
        const Received received = co_await connection.receive(limit);
        if (received != Received::bytes) co_return received;
        const Transcript& transcript = connection.tap().transcript();
        if (said_its_last(transcript)) co_return received;
        not_tls = is_not_tls(transcript);
        if (!wants_retry(transcript)) continue;
        if (retried_once && hellos_in(transcript) < 2) continue;
        const auto second = retried_once ? std::nullopt : retried(what.hello, *transcript.server_hello);
        if (!second) co_return received;
        retried_once = true;
        const Bytes message = compose_handshake(HandshakeType::client_hello, compose_client_hello(*second));
        const Bytes flight = compose_records(ContentType::handshake, ProtocolVersion::tls12, message);
        co_await connection.send(flight);
    }
    co_return Received::bytes;
}

} // namespace

Bytes compose_flight(const ProbeHello& what)
{
    const Bytes message = compose_handshake(HandshakeType::client_hello, compose_client_hello(what.hello));
    return compose_records(ContentType::handshake, what.record_version, message);
}

asio::awaitable<Answer> probe(const ProbePlace& place, ProbeHello what, ProbeManner manner)
{
    Answer answer;
    Opened opened = co_await open_connection(place.gate, place.target, place.endpoint, manner.company);
    if (!opened.connection) {
        answer.connect = opened.end;
        answer.connect_why = opened.why;
        answer.transcript = std::move(opened.transcript);
        co_return answer;
    }
    const auto patience = std::chrono::duration<double, std::milli>(
        manner.patience * static_cast<double>(place.gate.answer_deadline().count()));
    answer = co_await probe_on(*opened.connection, std::move(what),
                               std::chrono::duration_cast<std::chrono::milliseconds>(patience));
    co_return answer;
}

asio::awaitable<Answer> probe_on(ProbeConnection& connection, ProbeHello what, std::chrono::milliseconds deadline)
{
    Answer answer;
    what.hello = fresh(std::move(what.hello));
    answer.connect = ConnectEnd::connected;
    answer.round_trip = connection.round_trip();
    co_await send_flight(connection, what);
    const Received last = co_await read_answer(connection, std::move(what), deadline);
    answer.transcript = connection.take_transcript();
    read_end(answer, last);
    if (answer.end == AnswerEnd::silent && last == Received::bytes && wants_retry(answer.transcript))
        answer.end = AnswerEnd::retry;
    co_return answer;
}

asio::awaitable<Answer> speak_plainly(const ProbePlace& place, Bytes words, std::chrono::milliseconds limit,
                                      ConnectionGate::Company company)
{
    Answer answer;
    Opened opened = co_await open_connection(place.gate, place.target, place.endpoint, company);
    answer.connect = opened.end;
    answer.connect_why = opened.why;
    if (!opened.connection) co_return answer;
    ProbeConnection& connection = *opened.connection;
    answer.round_trip = connection.round_trip();
    if (!words.empty()) {
        connection.set_clear(true);
        co_await connection.send(words);
        connection.set_clear(false);
    }
    Received last = co_await connection.receive(limit);
    while (last == Received::bytes && answer.text.size() < kMostText) {
        append(answer.text, connection.received());
        last = co_await connection.receive(kBreath);
    }
    answer.transcript = connection.take_transcript();
    read_end(answer, last);
    co_return answer;
}

} // namespace alert40
