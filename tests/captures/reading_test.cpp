// SPDX-License-Identifier: GPL-2.0-or-later
// Whole captures: what is said of each connection in them.
#include "client-checks/captures/capture_reading.h"
#include "server/wire/outcome.h"
#include "server/wire/record_protection.h"
#include "server/wire/server_hello.h"
#include "tests/captures/captured.h"
#include "tests/wire/rfc8448.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace alert40 {
namespace {

using namespace test;
using State = TlsConnection::State;

const Bytes kRefusal = alert_record(AlertDescription::handshake_failure);

Talk refused(std::uint16_t client_port = 50000)
{
    Talk talk(client_port);
    talk.open().says(kClient, client_hello_record()).says(kServer, kRefusal).closes(kServer).closes(kClient);
    return talk;
}

constexpr auto kRefused = "server sent fatal handshake_failure (40), before-server-hello";

Bytes record(ContentType type, const Bytes& fragment)
{
    return compose_record(type, ProtocolVersion::tls12, fragment);
}

Bytes joined(std::initializer_list<Bytes> parts)
{
    Bytes all;
    for (const auto& part : parts) append(all, part);
    return all;
}

Bytes server_flight12()
{
    return joined({record(ContentType::handshake, read_hex_file("server_message/server_hello-tls12.hex")),
                   record(ContentType::handshake, compose_handshake(HandshakeType::server_hello_done, {}))});
}

/// A whole TLS 1.2 handshake, as far as a capture without secrets sees it, up to the server's Finished.
Talk& shakes_hands(Talk& talk)
{
    const auto change = record(ContentType::change_cipher_spec, {1});
    const auto finished = record(ContentType::handshake, Bytes(40, 0xEE));
    talk.says(kClient, client_hello_record()).says(kServer, server_flight12());
    talk.says(kClient, joined({record(ContentType::handshake,
                                      compose_handshake(HandshakeType::client_key_exchange, Bytes(33, 1))),
                               change, finished}));
    return talk.says(kServer, joined({change, finished}));
}

Talk& exchanges_data(Talk& talk)
{
    return talk.says(kClient, record(ContentType::application_data, Bytes(100, 1)))
        .says(kServer, record(ContentType::application_data, Bytes(200, 1)));
}

std::vector<Frame> mixed(std::initializer_list<Talk> talks)
{
    std::vector<Frame> all;
    for (const auto& talk : talks) all.insert(all.end(), talk.frames.begin(), talk.frames.end());
    std::stable_sort(all.begin(), all.end(), [](const auto& left, const auto& right) { return left.at < right.at; });
    return all;
}

TEST_CASE("an alert is told with its sender and its place", "[captures][reading]")
{
    const auto reading = read(refused().frames);
    REQUIRE(reading.lines.size() == 1);
    const auto& line = reading.lines.front();
    CHECK(line.ended == kRefused);
    CHECK(line.state == State::failed);
    CHECK(line.client.text() == "192.0.2.1:50000");
    CHECK(line.server.text() == "198.51.100.1:443");
    REQUIRE(reading.failures.size() == 1);
    const auto& wire = *reading.failures.front().kept.front().wire;
    CHECK(wire.client_hello);
    CHECK(wire.started == Conversation::Time(kDay));
    CHECK(line.name == wire.client_hello->server_name().value_or(""));
}

TEST_CASE("how the connection ended is told, whoever ended it", "[captures][reading]")
{
    const auto hello = client_hello_record();
    const auto ended = [&](auto end) {
        Talk talk;
        talk.open().says(kClient, hello);
        end(talk);
        return ends_of(read(talk.frames));
    };
    CHECK(ended([](Talk& talk) { talk.resets(kServer); }) == "no ServerHello: reset by the server");
    CHECK(ended([](Talk& talk) { talk.closes(kServer).closes(kClient); }) == "no ServerHello: closed by the server");
    CHECK(ended([](Talk& talk) { talk.closes(kClient).closes(kServer); }) == "no ServerHello: closed by the client");
    CHECK(ended([](Talk& talk) { talk.acknowledges(kServer).waits(12s).closes(kClient); }) ==
          "no ServerHello: the client gave up after 12.0 s");
    CHECK(ended([](Talk& talk) { talk.acknowledges(kServer); }) == "no ServerHello: open when the capture ends");
}

TEST_CASE("silence until the capture ends is told as such", "[captures][reading]")
{
    Talk waiting;
    waiting.open().says(kClient, client_hello_record()).acknowledges(kServer);
    Talk later(50001);
    later.waits(9s).open();
    CHECK_THAT(ends_of(read(mixed({waiting, later}))), Catch::StartsWith("no ServerHello: no answer for 9.0 s"));
}

TEST_CASE("a handshake of TLS 1.2 with data is established", "[captures][reading]")
{
    Talk talk;
    shakes_hands(talk.open());
    exchanges_data(talk).resets(kClient);
    const auto reading = read(talk.frames);
    CHECK(reading.by_state.at(State::established) == 1);
    CHECK(ends_of(reading) == "established (TLS 1.2, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384)");
    CHECK(reading.failures.empty());
}

TEST_CASE("a handshake that is followed by nothing has a state of its own", "[captures][reading]")
{
    Talk talk;
    shakes_hands(talk.open()).closes(kClient).closes(kServer);
    CHECK(read(talk.frames).by_state.at(State::no_data) == 1);
}

TEST_CASE("lost, doubled and swapped segments change nothing where the other copy is there", "[captures][reading]")
{
    const auto hello = client_hello_record();
    const Bytes first(hello.begin(), hello.begin() + 200);
    const Bytes second(hello.begin() + 200, hello.end());
    Talk talk;
    talk.open().says(kClient, first).says(kClient, second).says(kServer, kRefusal).closes(kServer).closes(kClient);
    auto frames = talk.frames;
    std::swap(frames[3], frames[4]);
    CHECK(ends_of(read(frames)) == kRefused);
    frames.insert(frames.begin() + 5, frames[4]);
    frames.insert(frames.begin() + 3, frames[3]);
    const auto reading = read(frames);
    CHECK(ends_of(reading) == kRefused);
    CHECK(reading.failures.front().kept.front().notes.empty());
}

TEST_CASE("a missing part of the server's flight is told, and nothing is made up for it", "[captures][reading][loss]")
{
    Talk talk;
    const auto hello = record(ContentType::handshake, read_hex_file("server_message/server_hello-tls12.hex"));
    const auto certificate = record(ContentType::handshake, read_hex_file("server_message/certificate-tls12.hex"));
    const auto done = record(ContentType::handshake, compose_handshake(HandshakeType::server_hello_done, {}));
    talk.open()
        .says(kClient, client_hello_record())
        .says(kServer, hello)
        .says(kServer, certificate)
        .says(kServer, done);
    talk.says(kClient, alert_record(AlertDescription::unknown_ca)).closes(kClient).closes(kServer);
    CHECK(read(talk.frames).failures.front().kept.front().wire->server_chain.size() > 0);
    talk.frames.erase(talk.frames.begin() + 5);
    const auto reading = read(talk.frames);
    CHECK_THAT(ends_of(reading), Catch::StartsWith("client sent fatal unknown_ca (48)"));
    const auto& connection = reading.failures.front().kept.front();
    CHECK(connection.parts_missing);
    CHECK(connection.wire->server_chain.empty());
    CAPTURE(connection.notes);
    REQUIRE(connection.notes.size() == 1);
    CHECK(connection.notes.front() ==
          fmt::format("{} octets of the server's are missing in 1 place: the diagnosis rests on what was seen",
                      certificate.size()));
}

TEST_CASE("without the ServerHello nothing but an alert is judged", "[captures][reading][loss]")
{
    Talk talk;
    shakes_hands(talk.open());
    exchanges_data(talk).closes(kClient).closes(kServer);
    talk.frames.erase(talk.frames.begin() + 4);
    const auto reading = read(talk.frames);
    CHECK(reading.by_state.at(State::unclear) == 1);
    CHECK_THAT(ends_of(reading), Catch::StartsWith("the ServerHello is missing in the capture"));
}

TEST_CASE("what is missing inside of an encrypted record does no harm", "[captures][reading][loss]")
{
    Talk talk;
    shakes_hands(talk.open());
    const auto data = record(ContentType::application_data, Bytes(3000, 1));
    talk.says(kClient, record(ContentType::application_data, Bytes(100, 1)));
    talk.says(kServer, Bytes(data.begin(), data.begin() + 1000))
        .says(kServer, Bytes(data.begin() + 1000, data.begin() + 2000));
    talk.says(kServer, Bytes(data.begin() + 2000, data.end()));
    talk.frames.erase(talk.frames.end() - 2);
    CHECK(read(talk.frames).by_state.at(State::established) == 1);
}

TEST_CASE("a snap length that leaves the headers leaves the alert's sender at least", "[captures][reading][loss]")
{
    auto frames = refused().frames;
    for (auto& frame : frames) {
        const std::size_t kept = std::min<std::size_t>(frame.octets.size(), 96);
        frame.cut = static_cast<std::uint32_t>(frame.octets.size() - kept);
        frame.octets.resize(kept);
    }
    const auto reading = read(frames);
    CHECK_THAT(ends_of(reading), Catch::StartsWith("server sent fatal handshake_failure (40)"));
    CHECK_THAT(reading.failures.front().kept.front().notes.front(), Catch::Contains("tcpdump -s 0"));
}

TEST_CASE("one side's packets alone are not judged", "[captures][reading][loss]")
{
    auto frames = refused().frames;
    std::vector<Frame> client;
    for (const auto index : {0U, 2U, 3U, 6U}) client.push_back(frames[index]);
    CHECK(ends_of(read(client)) == "only the client's packets are in the capture");
}

TEST_CASE("a capture that begins in the middle of a connection", "[captures][reading]")
{
    const auto frames = refused().frames;
    CHECK(ends_of(read({frames.begin() + 3, frames.end()})) == kRefused); // the ClientHello is there
    Talk talk;
    shakes_hands(talk.open());
    exchanges_data(talk);
    exchanges_data(talk);
    CHECK(ends_of(read({talk.frames.end() - 3, talk.frames.end()})) == "TLS that had begun before the capture");
}

TEST_CASE("the same ports again are another connection", "[captures][reading]")
{
    auto first = refused();
    Talk second;
    second.waits(1s);
    second.send(kClient, TcpFlags::ack, Bytes(100, 1)); // moves the numbers on: another initial sequence number
    second.frames.clear();
    second.open().says(kClient, client_hello_record()).resets(kServer);
    CHECK(ends_of(read(mixed({first, second}))) == std::string(kRefused) + "; no ServerHello: reset by the server");
}

TEST_CASE("late segments of a connection that has ended begin none", "[captures][reading]")
{
    auto talk = refused();
    talk.acknowledges(kServer).acknowledges(kClient).resets(kClient);
    CHECK(read(talk.frames).connections.connections == 1);
}

TEST_CASE("connections at the same time are kept apart, and failures that are alike stand together",
          "[captures][reading]")
{
    Talk healthy(50003);
    shakes_hands(healthy.open());
    exchanges_data(healthy);
    const auto reading = read(mixed({refused(50000), refused(50001), refused(50002), healthy}));
    CHECK(reading.tls_connections == 4);
    CHECK(reading.by_state.at(State::failed) == 3);
    CHECK(reading.by_state.at(State::established) == 1);
    REQUIRE(reading.failures.size() == 1);
    CHECK(reading.failures.front().count == 3);
    CHECK(reading.failures.front().numbers == std::vector<std::size_t>{1, 2, 3});
    CHECK(beside(reading, reading.failures.front().kept.front()).size() == 3);
}

TEST_CASE("IPv6 is as good", "[captures][reading]")
{
    auto talk = Talk::ipv6();
    talk.open().says(kClient, client_hello_record()).says(kServer, kRefusal);
    CHECK(ends_of(read(talk.frames)) == kRefused);
}

TEST_CASE("TLS behind STARTTLS and behind a proxy", "[captures][reading]")
{
    Talk smtp(50000, 25);
    smtp.open().says(kServer, "220 mail ESMTP\r\n").says(kClient, "EHLO me\r\n").says(kServer, "250 STARTTLS\r\n");
    smtp.says(kClient, "STARTTLS\r\n").says(kServer, "220 go\r\n").says(kClient, client_hello_record());
    smtp.says(kServer, kRefusal).closes(kServer).closes(kClient);
    const auto mail = read(smtp.frames);
    CHECK(ends_of(mail) == kRefused);
    CHECK(mail.lines.front().before == "SMTP STARTTLS");
    Talk proxy(50000, 3128);
    proxy.open()
        .says(kClient, "CONNECT www.example.org:443 HTTP/1.1\r\n\r\n")
        .says(kServer, "HTTP/1.1 503 No way\r\n\r\n");
    CHECK(ends_of(read(proxy.frames)) == "HTTP CONNECT was refused: HTTP/1.1 503 No way");
}

TEST_CASE("plain text is TLS failing where the server says so, or the port does", "[captures][reading]")
{
    Talk told(50000, 8080);
    told.open().says(kClient, "GET / HTTP/1.1\r\n\r\n");
    told.says(kServer, "HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port");
    CHECK(read(told.frames).by_state.at(State::failed) == 1);
    Talk alerted(50000, 8080);
    alerted.open()
        .says(kClient, "GET / HTTP/1.1\r\n\r\n")
        .says(kServer, alert_record(AlertDescription::protocol_version));
    const auto reading = read(alerted.frames);
    REQUIRE(reading.failures.size() == 1);
    CHECK(reading.failures.front().kept.front().wire->not_tls->kind == NotTlsKind::http);
    Talk silent;
    silent.open().says(kClient, "GET / HTTP/1.1\r\n\r\n").closes(kServer).closes(kClient);
    CHECK(read(silent.frames).by_state.at(State::failed) == 1);
    Talk plain(50000, 80);
    plain.open().says(kClient, "GET / HTTP/1.1\r\n\r\n").says(kServer, "HTTP/1.1 200 OK\r\n\r\n");
    CHECK(read(plain.frames).tls_connections == 0);
}

TEST_CASE("what TCP never connected is told for ports of TLS", "[captures][reading]")
{
    Talk refused_port;
    refused_port.send(kClient, TcpFlags::syn, {}).resets(kServer);
    CHECK(ends_of(read(refused_port.frames)) == "TCP was refused (RST)");
    Talk silent;
    silent.send(kClient, TcpFlags::syn, {});
    const auto syn = silent.frames.front();
    silent.frames.push_back({1s, syn.octets, 0});
    silent.frames.push_back({3s, syn.octets, 0});
    CHECK(ends_of(read(silent.frames)) == "TCP never connected: 3 SYNs in 3.0 s, no answer");
    Talk other(50000, 22);
    other.send(kClient, TcpFlags::syn, {}).resets(kServer);
    CHECK(read(other.frames).tls_connections == 0);
}

TEST_CASE("with its secrets TLS 1.3 is read", "[captures][reading][keylog]")
{
    const auto client_hello = from_hex(kRfc8448ClientHello);
    const auto server_hello = from_hex(kRfc8448ServerHello);
    const auto algorithms = *tls13_algorithms(CipherSuite{0x1301});
    const Bytes secret(32, 0x5A);
    RecordProtection keys(algorithms, secret);
    Talk talk;
    talk.open().says(kClient, record(ContentType::handshake, client_hello));
    talk.says(kServer,
              joined({record(ContentType::handshake, server_hello), keys.seal(ContentType::alert, Bytes{2, 120}, 0)}));
    talk.closes(kServer).closes(kClient);
    const auto file = pcap_of(talk.frames);
    CHECK_THAT(ends_of(read(file)), Catch::StartsWith("closed by the server"));
    KeyLog secrets;
    const auto random = to_hex(ByteView(client_hello).subspan(6, 32));
    secrets.add("SERVER_HANDSHAKE_TRAFFIC_SECRET " + random + " " + to_hex(secret));
    const auto reading = read(file, std::move(secrets));
    CHECK_THAT(ends_of(reading), Catch::StartsWith("server sent fatal no_application_protocol (120)"));
    CHECK_THAT(reading.failures.front().kept.front().notes.front(), Catch::Contains("decrypted"));
}

TEST_CASE("a packet from somewhere else is told by its hop limit", "[captures][reading]")
{
    Talk talk;
    talk.open().says(kClient, client_hello_record()).resets(kServer);
    talk.frames.back().octets[14 + 8] = 255;
    const auto reading = read(talk.frames);
    REQUIRE(reading.failures.front().kept.front().notes.size() == 1);
    CHECK_THAT(reading.failures.front().kept.front().notes.front(),
               Catch::Contains("a hop limit of 255, the others with 64"));
}

TEST_CASE("a capture of another link type is refused by its name", "[captures][reading]")
{
    const auto file = pcap_of(refused().frames, {false, false, 127});
    CHECK_THROWS_WITH(read(file), Catch::Contains("link type IEEE802_11_RADIOTAP (127), of which no IP is read"));
}

TEST_CASE("a capture cut in the middle is used up to there", "[captures][reading]")
{
    const auto whole = pcap_of(refused().frames);
    const auto reading = read(ByteView(whole).first(whole.size() - 10));
    CHECK(ends_of(reading) == kRefused);
    CHECK_THAT(reading.damage, Catch::StartsWith("the file is cut within a packet"));
}

TEST_CASE("more handshakes than are held at a time are judged as they stand", "[captures][reading]")
{
    std::vector<Frame> frames;
    const auto count = TcpConnections::kMostConversations + 10;
    for (std::size_t number = 0; number < count; ++number) {
        Talk talk(static_cast<std::uint16_t>(number));
        talk.open().says(kClient, client_hello_record());
        frames.insert(frames.end(), talk.frames.begin(), talk.frames.end());
    }
    const auto reading = read(frames);
    CHECK(reading.tls_connections == count);
    CHECK(reading.connections.pushed == 10);
}

} // namespace
} // namespace alert40
