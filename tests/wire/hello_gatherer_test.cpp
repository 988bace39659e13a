// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/hello_gatherer.h"

#include "tests/wire/hex_file.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using Status = ClientHelloGatherer::Status;

/// Feeds `stream` in steps, until the gatherer knows.
Status gather(ByteView stream, std::size_t step, std::size_t* fed = nullptr)
{
    ClientHelloGatherer gatherer;
    Status status = NeedMore{1};
    while (!stream.empty() && std::holds_alternative<NeedMore>(status)) {
        const auto piece = stream.first(std::min(step, stream.size()));
        status = gatherer.feed(piece);
        stream = stream.subspan(piece.size());
    }
    if (fed != nullptr) *fed = gatherer.total();
    return status;
}

GatheredClientHello gathered(ByteView stream, std::size_t step)
{
    auto status = gather(stream, step);
    if (const auto* error = std::get_if<WireError>(&status)) FAIL(error->text);
    REQUIRE(std::holds_alternative<GatheredClientHello>(status));
    return std::get<GatheredClientHello>(std::move(status));
}

NotTlsKind kind_of(ByteView stream, std::size_t step = 1)
{
    const auto status = gather(stream, step);
    REQUIRE(std::holds_alternative<NotTls>(status));
    return std::get<NotTls>(status).kind;
}

WireError error_of(ByteView stream)
{
    const auto status = gather(stream, 1);
    REQUIRE(std::holds_alternative<WireError>(status));
    return std::get<WireError>(status);
}

TEST_CASE("real hellos are gathered from segments of any size", "[wire][gatherer]")
{
    for (const auto& file : client_hello_files()) {
        CAPTURE(file);
        const Bytes record = read_hex_file(file);
        for (const std::size_t step : {1, 2, 3, 5, 7, 100, 1460, 65536}) {
            const auto found = gathered(record, step);
            CHECK(to_hex(found.message) == to_hex(ByteView(record).subspan(5)));
            CHECK(found.record_version == read_record_header(record).version);
            CHECK(found.records == 1);
            CHECK(found.left_over.empty());
            CHECK(found.same_record.empty());
        }
    }
}

TEST_CASE("a hello is gathered from records of any size", "[wire][gatherer]")
{
    const Bytes record = read_hex_file("client_hello/curl-tls13.hex");
    const ByteView message = ByteView(record).subspan(5);
    for (std::size_t size = 1; size <= message.size(); ++size) {
        const Bytes stream = compose_records(ContentType::handshake, ProtocolVersion::tls10, message, size);
        for (const std::size_t step : {1, 1000}) {
            const auto found = gathered(stream, step);
            CHECK(found.records == (message.size() + size - 1) / size);
            REQUIRE(to_hex(found.message) == to_hex(message));
        }
    }
}

TEST_CASE("a gatherer finds the hello at its last byte, not before", "[wire][gatherer]")
{
    const Bytes record = read_hex_file("client_hello/gnutls.hex");
    for (std::size_t length = 1; length < record.size(); ++length)
        REQUIRE(std::holds_alternative<NeedMore>(gather(ByteView(record).first(length), 1)));
    CHECK(std::get<NeedMore>(gather(ByteView(record).first(100), 100)).bytes == record.size() - 100);
}

TEST_CASE("what follows the hello is handed back untouched", "[wire][gatherer]")
{
    const Bytes record = read_hex_file("client_hello/gnutls.hex");
    Bytes message(record.begin() + 5, record.end());
    append(message, Bytes{20, 0});
    Bytes stream = compose_record(ContentType::handshake, ProtocolVersion::tls12, message);
    append(stream, Bytes{20, 3, 3, 0, 1, 1});
    const auto found = gathered(stream, stream.size());
    CHECK(found.same_record == Bytes{20, 0});
    CHECK(found.left_over == Bytes{20, 3, 3, 0, 1, 1});
    CHECK(found.record_version == ProtocolVersion::tls12);
}

TEST_CASE("a peer that speaks something else is recognised by its first bytes", "[wire][gatherer]")
{
    const auto step = GENERATE(std::size_t{1}, std::size_t{1000});
    CHECK(kind_of(to_bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), step) == NotTlsKind::http);
    CHECK(kind_of(to_bytes("CONNECT a:443 HTTP/1.1\r\n"), step) == NotTlsKind::http);
    CHECK(kind_of(to_bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), step) == NotTlsKind::http);
    CHECK(kind_of(to_bytes("PROXY TCP4 127.0.0.1"), step) == NotTlsKind::proxy_v1);
    CHECK(kind_of(from_hex("0d0a0d0a000d0a515549540a2111"), step) == NotTlsKind::proxy_v2);
    CHECK(kind_of(from_hex("802e0100020015"), step) == NotTlsKind::ssl2_client_hello);
    CHECK(kind_of(from_hex("80670103010040"), step) == NotTlsKind::ssl2_client_hello);
    CHECK(kind_of(from_hex("80670203010040"), step) == NotTlsKind::unknown);
    CHECK(kind_of(from_hex("16feff0000"), step) == NotTlsKind::unknown); // DTLS
    CHECK(kind_of(to_bytes("SSH-2.0-x\r\n"), step) == NotTlsKind::unknown);
    CHECK(kind_of(to_bytes("GETTING"), step) == NotTlsKind::unknown);
}

TEST_CASE("of a peer that speaks something else the first 64 bytes are kept", "[wire][gatherer]")
{
    const std::string request = "GET /" + std::string(200, 'a');
    ClientHelloGatherer gatherer;
    const auto status = gatherer.feed(to_bytes(request));
    REQUIRE(std::holds_alternative<NotTls>(status));
    CHECK(to_text(std::get<NotTls>(status).first_bytes) == request.substr(0, kFirstBytesKept));
    CHECK(gatherer.total() == request.size());
}

TEST_CASE("a peer that stops half-way leaves its first bytes", "[wire][gatherer]")
{
    ClientHelloGatherer gatherer;
    CHECK(std::holds_alternative<NeedMore>(gatherer.feed(to_bytes("PU"))));
    CHECK(to_text(gatherer.first_bytes()) == "PU");
}

TEST_CASE("what begins like TLS and goes wrong is malformed, as early as it shows", "[wire][gatherer]")
{
    using A = AlertDescription;
    CHECK(error_of(from_hex("15 0301 0002 0228")).alert == A::unexpected_message);
    CHECK(error_of(from_hex("16 0301 0004 02000000")).text ==
          "Handshake.msg_type: server_hello instead of client_hello");
    CHECK(error_of(from_hex("16 0301 0000")).alert == A::unexpected_message);
    CHECK(error_of(from_hex("16 0301 4001")).alert == A::record_overflow);
    CHECK(error_of(from_hex("16 0301 0004 01010000")).alert == A::illegal_parameter); // 64 KiB with its header
    CHECK(error_of(from_hex("16 0301 0006 01000002 0303")).text == "ClientHello.random: 32 bytes needed, 0 left");
    CHECK(error_of(from_hex("16 0301 0004 01000010 15 0301 0002 0100")).text ==
          "Record.type: alert before the ClientHello ends");
}

TEST_CASE("a long hello byte by byte takes no more than linear time", "[wire][gatherer]")
{
    ClientHello hello;
    hello.cipher_suites = {CipherSuite{0xC02F}};
    hello.extensions = {{ExtensionType::padding, Bytes(60000)}};
    const Bytes message = compose_handshake(HandshakeType::client_hello, compose_client_hello(hello));
    const Bytes stream = compose_records(ContentType::handshake, ProtocolVersion::tls10, message, 1);
    CHECK(gathered(stream, 1).records == message.size()); // quadratic work would take minutes here
}

TEST_CASE("endless one-byte records end at the limit of the hello", "[wire][gatherer]")
{
    Bytes message = {1, 0, 0xFF, 0xFC};
    message.resize(kMaxClientHelloLength);
    std::size_t fed = 0;
    const Bytes stream = compose_records(ContentType::handshake, ProtocolVersion::tls10, message, 1);
    CHECK(std::holds_alternative<WireError>(gather(stream, 4096, &fed)));
    CHECK(fed <= 6 * kMaxClientHelloLength);
}

} // namespace
} // namespace alert40
