// SPDX-License-Identifier: GPL-2.0-or-later
// One direction of TCP put in order.
#include "client-checks/captures/tcp_stream.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace alert40 {
namespace {

class Heard final : public StreamListener {
public:
    void data(ByteView octets) override { text += to_text(octets); }
    void missing(std::uint64_t octets, Loss why) override
    {
        text += fmt::format("[{}{}]", octets, why == Loss::snap_length ? " cut" : "");
    }
    std::string text;
};

struct Stream {
    explicit Stream(std::uint32_t start = 0xFFFFFFFA) : first(start) { stream.start(start); }
    Stream& at(std::uint32_t offset, std::string_view text, std::uint32_t cut = 0)
    {
        stream.segment(first + offset, to_bytes(text), cut, heard);
        return *this;
    }
    Stream& acknowledged(std::uint32_t offset)
    {
        stream.acknowledged(first + offset, heard);
        return *this;
    }
    std::string all()
    {
        stream.flush(heard);
        return heard.text;
    }
    std::uint32_t first;
    TcpStream stream;
    Heard heard;
};

TEST_CASE("segments in order are told at once, past the end of the numbers", "[captures][tcp]")
{
    Stream stream;
    CHECK(stream.at(0, "abc").at(3, "defgh").at(8, "i").heard.text == "abcdefghi");
}

TEST_CASE("what comes again is told once, whatever the segments' bounds", "[captures][tcp]")
{
    Stream stream;
    CHECK(stream.at(0, "abc").at(0, "abc").at(2, "cde").at(1, "bcdef").at(0, "a").heard.text == "abcdef");
}

TEST_CASE("of what overlaps the first stands", "[captures][tcp]")
{
    CHECK(Stream().at(0, "abc").at(1, "XYZ").all() == "abcZ");
}

TEST_CASE("segments out of order are told in order", "[captures][tcp]")
{
    Stream stream;
    CHECK(stream.at(6, "gh").at(3, "def").heard.text.empty());
    CHECK(stream.at(0, "abc").heard.text == "abcdefgh");
    CHECK(stream.stream.held() == 0);
}

TEST_CASE("what nobody saw is told once its receiver has acknowledged it", "[captures][tcp]")
{
    Stream stream;
    stream.at(0, "abc").at(5, "fg").acknowledged(7).acknowledged(7);
    CHECK(stream.heard.text == "abc");
    CHECK(stream.acknowledged(7).heard.text == "abc[2]fg");
    CHECK(stream.at(3, "de").at(7, "h").heard.text == "abc[2]fgh");
}

TEST_CASE("acknowledgements of what was seen are no loss", "[captures][tcp]")
{
    Stream stream;
    stream.at(0, "abc");
    for (int times = 0; times < 10; ++times) stream.acknowledged(3);
    CHECK(stream.all() == "abc");
}

TEST_CASE("the end tells holes, also at the very end", "[captures][tcp]")
{
    CHECK(Stream().at(0, "a").at(3, "d").all() == "a[2]d");
    CHECK(Stream().at(0, "a").acknowledged(9).all() == "a[8]");
}

TEST_CASE("the number that a FIN takes is no octet that is missing", "[captures][tcp]")
{
    Stream stream;
    stream.at(0, "abc");
    for (int times = 0; times < 5; ++times) stream.acknowledged(4);
    CHECK(stream.all() == "abc");
}

TEST_CASE("what a snap length cut off is a loss of its own kind", "[captures][tcp]")
{
    CHECK(Stream().at(0, "ab", 3).at(5, "f").all() == "ab[3 cut]f");
    CHECK(Stream().at(0, "ab", 3).at(0, "abcde").at(5, "f").all() == "ab[3 cut]f");
    CHECK(Stream().at(1, "b", 2).at(0, "a").at(4, "e").all() == "ab[2 cut]e");
}

TEST_CASE("a hole is given up before too much waits behind it", "[captures][tcp]")
{
    Stream stream;
    const std::string piece(2000, 'x');
    for (std::uint32_t count = 0; count < 300; ++count) stream.at(10 + count * 4000, piece);
    CHECK(stream.stream.held() <= TcpStream::kMostHeld);
    CHECK_THAT(stream.heard.text, Catch::StartsWith("[10]x"));
}

TEST_CASE("a stream whose beginning was not seen begins with its first segment", "[captures][tcp]")
{
    Heard heard;
    TcpStream stream;
    stream.segment(5000, to_bytes("abc"), 0, heard);
    stream.segment(4990, to_bytes("before"), 0, heard);
    CHECK(heard.text == "abc");
}

TEST_CASE("keep-alives and numbers from nowhere change nothing", "[captures][tcp]")
{
    Stream stream;
    stream.at(0, "abc").at(2, "c");
    stream.at(0x60000000, "far away").at(3, "d");
    CHECK(stream.heard.text == "abcd");
}

TEST_CASE("nobody is told of what is forgotten, and nothing is held", "[captures][tcp]")
{
    Stream stream;
    stream.at(0, "abc").at(5, "f");
    stream.stream.forget();
    stream.at(3, "de").at(100, "x");
    CHECK(stream.all() == "abc");
    CHECK(stream.stream.held() == 0);
}

} // namespace
} // namespace alert40
