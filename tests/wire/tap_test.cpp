// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/outcome.h"
#include "server/wire/tap.h"
#include "tests/stack/exchange.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace alert40 {
namespace {

using namespace test;

const Tap::Time kAccepted{};
const std::vector<ProtocolVersion> kTls12{ProtocolVersion::tls12};
const std::vector<ProtocolVersion> kTls13{ProtocolVersion::tls13};

/// A transcript as text, one line per event: all that must not depend on how the bytes were cut.
std::string text_of(const Transcript& transcript)
{
    struct Line {
        std::string operator()(const RecordEvent& record) const
        {
            auto line =
                fmt::format("{} {} {} {} {}{}", name(record.phase), name(record.direction), name(record.type),
                            static_cast<int>(record.version), record.length, record.encrypted ? " encrypted" : "");
            if (record.inner_type) line += fmt::format(" inner {}", name(*record.inner_type));
            for (const auto message : record.messages) line += " " + name(message);
            if (record.alert) line += " " + display_name(*record.alert);
            return line + "\n";
        }
        std::string operator()(const SocketEvent& event) const
        {
            return fmt::format("{} {}\n", name(event.phase), name(event.kind));
        }
        std::string operator()(const PlainText& text) const
        {
            return fmt::format("{} {} plain {}\n", name(text.phase), name(text.direction), to_text(text.bytes));
        }
        std::string operator()(const OtherBytes& bytes) const
        {
            return fmt::format("{} {} other {} {}\n", name(bytes.phase), name(bytes.direction), bytes.total,
                               to_hex(bytes.first_bytes));
        }
    };
    std::string text;
    for (const auto& event : transcript.events) text += std::visit(Line{}, event);
    text += fmt::format("{}; {} and {} certificates; group {}; dh {}; {}", name(transcript.phase),
                        transcript.server_chain.size(), transcript.client_chain.size(),
                        transcript.group ? name(*transcript.group) : "none", transcript.dh_bits,
                        describe(outcome_of(transcript)));
    return text;
}

/// Gives the flights to a tap in pieces of `step` octets, with their secrets unless `secrets` is false.
Transcript tapped(const std::vector<Flight>& flights, std::size_t step = 100'000, bool secrets = true)
{
    Tap tap(kAccepted);
    for (const auto& flight : flights) {
        for (const auto& entry : flight.secrets)
            if (secrets) tap.secret(entry);
        for (std::size_t at = 0; at < flight.bytes.size(); at += step)
            tap.bytes(flight.direction, ByteView(flight.bytes).subspan(at, std::min(step, flight.bytes.size() - at)),
                      kAccepted);
    }
    return tap.take();
}

std::unique_ptr<Exchange> whole_exchange(const std::vector<ProtocolVersion>& versions, bool mutual = false)
{
    auto client = client_config(versions);
    auto server = server_config(versions);
    if (mutual) make_mutual(server, client);
    auto exchange = std::make_unique<Exchange>(TlsContext::client(client), TlsContext::server(server));
    exchange->handshake();
    REQUIRE(exchange->established());
    exchange->application_data();
    return exchange;
}

std::vector<HandshakeType> messages_of(const Transcript& transcript, Direction direction)
{
    std::vector<HandshakeType> all;
    for (const auto& event : transcript.events)
        if (const auto* record = std::get_if<RecordEvent>(&event); record != nullptr && record->direction == direction)
            all.insert(all.end(), record->messages.begin(), record->messages.end());
    return all;
}

TEST_CASE("the transcript does not depend on how the bytes were cut", "[wire][tap]")
{
    const auto versions = GENERATE(kTls12, kTls13);
    const auto mutual = GENERATE(false, true);
    const auto exchange = whole_exchange(versions, mutual);
    const auto whole = text_of(tapped(exchange->flights));
    for (const std::size_t step : {1u, 2u, 3u, 5u, 7u, 64u, 1000u})
        CHECK(text_of(tapped(exchange->flights, step)) == whole);
}

TEST_CASE("a healthy TLS 1.2 handshake is followed to its application data", "[wire][tap]")
{
    const auto exchange = whole_exchange(kTls12, true);
    const auto transcript = tapped(exchange->flights);
    using enum HandshakeType;
    CHECK(messages_of(transcript, Direction::client_to_server) ==
          std::vector{client_hello, certificate, client_key_exchange, certificate_verify});
    CHECK(messages_of(transcript, Direction::server_to_client) ==
          std::vector{server_hello, certificate, server_key_exchange, certificate_request, server_hello_done});
    CHECK(transcript.server_chain.size() == 2);
    CHECK(transcript.client_chain.size() == 2);
    CHECK(transcript.certificate_request);
    REQUIRE(transcript.group); // in TLS 1.2 wolfSSL takes the client's choice
    CHECK(name(*transcript.group).find("0x") == std::string::npos);
    CHECK(transcript.phase == Phase::after_application_data);
    REQUIRE(transcript.key_log.size() == 1);
    CHECK(transcript.key_log.front().label == "CLIENT_RANDOM");
    const auto outcome = outcome_of(transcript);
    CHECK(outcome.version == ProtocolVersion::tls12);
    CHECK(outcome.cipher_suite == exchange->server.cipher_suite());
}

TEST_CASE("with its secrets a TLS 1.3 handshake can be read like one in clear", "[wire][tap]")
{
    const auto exchange = whole_exchange(kTls13, true);
    const auto transcript = tapped(exchange->flights);
    using enum HandshakeType;
    CHECK(messages_of(transcript, Direction::client_to_server) ==
          std::vector{client_hello, certificate, certificate_verify, finished});
    const auto from_server = messages_of(transcript, Direction::server_to_client);
    REQUIRE(from_server.size() >= 6);
    CHECK(std::vector(from_server.begin(), from_server.begin() + 6) == std::vector{server_hello, encrypted_extensions,
                                                                                   certificate_request, certificate,
                                                                                   certificate_verify, finished});
    CHECK(transcript.server_chain.size() == 2);
    CHECK(transcript.client_chain.size() == 2);
    CHECK(transcript.phase == Phase::after_application_data);
    CHECK(transcript.key_log.size() == 5);
    for (const auto& event : transcript.events) {
        const auto& record = std::get<RecordEvent>(event);
        CHECK(record.encrypted == (record.type == ContentType::application_data));
        CHECK(record.inner_type.has_value() == record.encrypted);
    }
}

TEST_CASE("without secrets the tap sees what a capture shows, and claims no more", "[wire][tap]")
{
    const auto exchange = whole_exchange(kTls13);
    const auto transcript = tapped(exchange->flights, 100'000, false);
    CHECK(messages_of(transcript, Direction::server_to_client) == std::vector{HandshakeType::server_hello});
    CHECK(transcript.phase == Phase::after_server_hello);
    CHECK(transcript.server_chain.empty());
    for (const auto& event : transcript.events) CHECK_FALSE(std::get<RecordEvent>(event).inner_type);
}

TEST_CASE("wrong secrets decrypt nothing and disturb nothing", "[wire][tap]")
{
    auto exchange = whole_exchange(kTls13);
    for (auto& flight : exchange->flights)
        for (auto& entry : flight.secrets) entry.secret.front() ^= 1;
    const auto transcript = tapped(exchange->flights);
    CHECK(transcript.phase == Phase::after_server_hello);
}

TEST_CASE("each record is stamped with the phase before it", "[wire][tap]")
{
    const auto versions = GENERATE(kTls12, kTls13);
    const auto transcript = tapped(whole_exchange(versions)->flights);
    Phase last = Phase::before_client_hello;
    const auto phase_of = [&](HandshakeType message) {
        for (const auto& event : transcript.events) {
            const auto& record = std::get<RecordEvent>(event);
            if (std::find(record.messages.begin(), record.messages.end(), message) != record.messages.end())
                return record.phase;
        }
        FAIL("the message is missing: " << name(message));
        return Phase{};
    };
    for (const auto& event : transcript.events) {
        CHECK(std::get<RecordEvent>(event).phase >= last);
        last = std::get<RecordEvent>(event).phase;
    }
    CHECK(phase_of(HandshakeType::client_hello) == Phase::before_client_hello);
    CHECK(phase_of(HandshakeType::server_hello) == Phase::before_server_hello);
    CHECK(phase_of(HandshakeType::certificate) == Phase::after_server_hello);
    if (versions == kTls12)
        CHECK(phase_of(HandshakeType::client_key_exchange) == Phase::after_server_flight);
    else
        CHECK(phase_of(HandshakeType::finished) ==
              Phase::after_server_hello); // the server's, which completes its flight
}

TEST_CASE("alerts are read in clear and encrypted, and the first fatal one decides", "[wire][tap][outcome]")
{
    struct Case {
        std::vector<ProtocolVersion> versions;
        std::string outcome;
    };
    const auto each = GENERATE(values<Case>({
        {kTls12, "server sent fatal certificate_expired (45), after-client-finished"},
        {kTls13, "server sent fatal certificate_expired (45), "},
    }));
    auto client = client_config(each.versions);
    auto server = server_config(each.versions);
    make_mutual(server, client, "expired");
    Exchange exchange(TlsContext::client(client), TlsContext::server(server));
    exchange.handshake();
    const auto transcript = tapped(exchange.flights);
    CHECK_THAT(describe(outcome_of(transcript)), Catch::StartsWith(each.outcome));
    const auto* decisive = deciding_event(transcript);
    REQUIRE(decisive != nullptr);
    CHECK(std::get<RecordEvent>(*decisive).encrypted == (each.versions == kTls13));
}

Bytes hello_record_of_the_stack()
{
    TlsSession client(TlsContext::client(client_config(kTls12)));
    client.advance();
    return client.take_output();
}

/// What a tap is told, in order.
struct Told {
    std::variant<Bytes, SocketEventKind> what;
    Direction direction = Direction::client_to_server;
};

std::string outcome_after(const std::vector<Told>& all)
{
    Tap tap(kAccepted);
    for (const auto& each : all) {
        if (const auto* bytes = std::get_if<Bytes>(&each.what))
            tap.bytes(each.direction, *bytes, kAccepted);
        else
            tap.socket(std::get<SocketEventKind>(each.what), kAccepted);
    }
    return describe(outcome_of(tap.take()));
}

TEST_CASE("what came first decides how a connection ended", "[wire][outcome]")
{
    const Bytes hello = hello_record_of_the_stack();
    const Bytes decode_error = {0x15, 3, 3, 0, 2, 2, 50};
    const Bytes handshake_failure = {0x15, 3, 3, 0, 2, 2, 40};
    const Bytes warning = {0x15, 3, 3, 0, 2, 1, 112};
    const auto server = Direction::server_to_client;
    const auto client = Direction::client_to_server;
    using enum SocketEventKind;
    // OpenSSL 3 answers a bare FIN with an alert of its own.
    CHECK(outcome_after({{hello}, {server_fin}, {decode_error, client}, {client_fin}}) ==
          "server closed, before-server-hello");
    CHECK(outcome_after({{hello}, {handshake_failure, server}, {server_fin}, {client_fin}}) ==
          "server sent fatal handshake_failure (40), before-server-hello");
    CHECK(outcome_after({{hello}, {handshake_failure, client}, {client_fin}}) ==
          "client sent fatal handshake_failure (40), before-server-hello");
    CHECK(outcome_after({{hello}, {warning, server}, {client_reset}}) == "client reset, before-server-hello");
    CHECK(outcome_after({{hello}, {deadline}, {server_fin}, {client_fin}}) == "deadline passed, before-server-hello");
    CHECK(outcome_after({{server_reset}}) == "server reset, before-client-hello");
    CHECK(outcome_after({{client_fin}}) == "client closed, before-client-hello");
    CHECK(outcome_after({}) == "deadline passed, before-client-hello");
}

TEST_CASE("a connection is completed once application data went both ways, whatever comes then", "[wire][outcome]")
{
    const auto versions = GENERATE(kTls12, kTls13);
    auto exchange = whole_exchange(versions);
    const auto closed = GENERATE(SocketEventKind::client_fin, SocketEventKind::client_reset, SocketEventKind::deadline);
    Tap tap(kAccepted);
    for (const auto& flight : exchange->flights) {
        for (const auto& entry : flight.secrets) tap.secret(entry);
        CHECK(std::holds_alternative<Completed>(outcome_of(tap.transcript()).how) == false);
        tap.bytes(flight.direction, flight.bytes, kAccepted);
    }
    tap.socket(closed, kAccepted);
    CHECK(std::holds_alternative<Completed>(outcome_of(tap.transcript()).how));
}

TEST_CASE("a handshake without application data is not a connection", "[wire][outcome]")
{
    const auto versions = GENERATE(kTls12, kTls13);
    Exchange exchange(TlsContext::client(client_config(versions)), TlsContext::server(server_config(versions)));
    exchange.handshake();
    REQUIRE(exchange.established());
    exchange.client.write(to_bytes("ping"));
    exchange.carry(Direction::client_to_server);
    Tap tap(kAccepted);
    for (const auto& flight : exchange.flights) {
        for (const auto& entry : flight.secrets) tap.secret(entry);
        tap.bytes(flight.direction, flight.bytes, kAccepted);
    }
    tap.socket(SocketEventKind::client_fin, kAccepted);
    CHECK_THAT(describe(outcome_of(tap.transcript())), Catch::StartsWith("client closed, after-client-finished"));
}

TEST_CASE("bytes that are no TLS become one event, with their number and their beginning", "[wire][tap]")
{
    const Bytes request = to_bytes("GET / HTTP/1.1\r\nHost: " + std::string(200, 'x') + "\r\n\r\n");
    const auto step = GENERATE(1u, 7u, 1000u);
    const auto transcript = tapped({{Direction::client_to_server, request, {}}}, step);
    REQUIRE(transcript.events.size() == 1);
    const auto& other = std::get<OtherBytes>(transcript.events.front());
    CHECK(other.total == request.size());
    CHECK(other.first_bytes == Bytes(request.begin(), request.begin() + kFirstBytesKept));
    CHECK(transcript.phase == Phase::before_client_hello);
}

TEST_CASE("bytes that are no TLS in one direction leave the other one readable", "[wire][tap]")
{
    const auto transcript = tapped({{Direction::server_to_client, to_bytes("HTTP/1.1 400 Bad Request\r\n"), {}},
                                    {Direction::client_to_server, hello_record_of_the_stack(), {}},
                                    {Direction::server_to_client, to_bytes("\r\n"), {}}});
    REQUIRE(transcript.events.size() == 2);
    CHECK(std::get<OtherBytes>(transcript.events[0]).total == 28);
    CHECK(transcript.phase == Phase::before_server_hello);
}

TEST_CASE("an alert that only the stack could read is put into the last alert record without one", "[wire][tap]")
{
    const auto exchange = whole_exchange(kTls12);
    Tap tap(kAccepted);
    for (const auto& flight : exchange->flights) tap.bytes(flight.direction, flight.bytes, kAccepted);
    tap.bytes(Direction::client_to_server, compose_record(ContentType::alert, ProtocolVersion::tls12, Bytes(26)),
              kAccepted);
    CHECK_FALSE(tap.fatal_alert_from(Direction::client_to_server));
    tap.decrypted_alert(Direction::server_to_client,
                        {AlertLevel::fatal, AlertDescription::internal_error}); // it sent none
    CHECK_FALSE(std::get<RecordEvent>(tap.transcript().events.back()).alert);
    const Alert alert{AlertLevel::fatal, AlertDescription::bad_certificate};
    tap.decrypted_alert(Direction::client_to_server, alert);
    CHECK(std::get<RecordEvent>(tap.transcript().events.back()).alert == alert);
    CHECK(tap.fatal_alert_from(Direction::client_to_server));
}

TEST_CASE("damaged bytes in both directions do the tap no harm", "[wire][tap]")
{
    const auto exchange = whole_exchange(kTls13);
    for (int round = 0; round < 200; ++round) {
        auto flights = exchange->flights;
        for (auto& flight : flights) {
            const Bytes noise = random_bytes(4);
            if (!flight.bytes.empty()) flight.bytes[(noise[0] << 8 | noise[1]) % flight.bytes.size()] = noise[2];
        }
        CHECK(text_of(tapped(flights, 1)) == text_of(tapped(flights)));
    }
}

} // namespace
} // namespace alert40
