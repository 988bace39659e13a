// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/handshake.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

TEST_CASE("handshake messages are put together from fragments of any size", "[wire][handshake]")
{
    const HandshakeMessage first{HandshakeType::server_hello, Bytes(70, 1)};
    const HandshakeMessage second{HandshakeType::server_hello_done, {}};
    const HandshakeMessage third{HandshakeType::certificate, Bytes(300, 3)};
    Bytes stream;
    for (const auto& message : {first, second, third}) append(stream, compose_handshake(message));

    const auto step = GENERATE(range<std::size_t>(1, 400));
    HandshakeReader reader;
    std::vector<HandshakeMessage> received;
    for (ByteView left = stream; !left.empty(); left = left.subspan(std::min(step, left.size()))) {
        reader.feed(left.first(std::min(step, left.size())));
        for (auto next = reader.next(); std::holds_alternative<HandshakeMessage>(next); next = reader.next())
            received.push_back(std::get<HandshakeMessage>(next));
    }
    CHECK(received == std::vector<HandshakeMessage>{first, second, third});
    CHECK(reader.pending().empty());
}

TEST_CASE("a handshake reader says how many bytes are missing", "[wire][handshake]")
{
    HandshakeReader reader;
    CHECK(reader.next() == HandshakeReader::Next(NeedMore{4}));
    reader.feed(Bytes{11, 0, 1, 0, 0xFF});
    CHECK(reader.next() == HandshakeReader::Next(NeedMore{255}));
    CHECK(reader.pending().size() == 5);
}

TEST_CASE("a message over the limit is refused by its header, again and again", "[wire][handshake]")
{
    HandshakeReader reader;
    reader.feed(Bytes{11, 0x02, 0x00, 0x00});
    const auto next = reader.next();
    REQUIRE(std::holds_alternative<WireError>(next));
    CHECK(std::get<WireError>(next).alert == AlertDescription::illegal_parameter);
    CHECK(reader.next() == next);
}

} // namespace
} // namespace alert40
