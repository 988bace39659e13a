// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/reader.h"
#include "server/wire/writer.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

TEST_CASE("a reader reads big-endian numbers and vectors", "[wire][reader]")
{
    const Bytes bytes = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x00, 0x02, 0xAA, 0xBB, 0xCC};
    std::optional<WireError> error;
    Reader reader("Example", bytes, error);
    CHECK(reader.u8("one") == 0x01);
    CHECK(reader.u16("two") == 0x0203);
    CHECK(reader.u24("three") == 0x040506);
    Reader list = reader.vector16("list");
    CHECK(list.u8("item") == 0xAA);
    CHECK(list.more());
    CHECK(list.remaining() == 1);
    CHECK(list.rest().size() == 1);
    CHECK_FALSE(list.more());
    CHECK(to_hex(reader.rest()) == "cc");
    reader.expect_end();
    CHECK_FALSE(error);
}

TEST_CASE("the first failure of a reader sticks and names the field", "[wire][reader]")
{
    const Bytes bytes = {0x00, 0x05, 0x01};
    std::optional<WireError> error;
    Reader reader("Example", bytes, error);
    Reader list = reader.vector16("list");
    CHECK_FALSE(list.more());
    CHECK(reader.u8("next") == 0);
    CHECK(reader.rest().empty());
    reader.fail(AlertDescription::internal_error, "other", "later");
    REQUIRE(error);
    CHECK(*error == WireError{AlertDescription::decode_error, "Example.list: 5 bytes needed, 1 left"});
}

TEST_CASE("a vector outside its limits is a decode_error", "[wire][reader]")
{
    const Bytes bytes = {0x03, 0x01, 0x02, 0x03};
    std::optional<WireError> error;
    Reader reader("Example", bytes, error);
    const auto limits = GENERATE(VectorLimits{.min = 4, .max = 9}, VectorLimits{.min = 0, .max = 2});
    reader.vector8("list", limits);
    REQUIRE(error);
    CHECK(error->alert == AlertDescription::decode_error);
    CHECK(error->text.starts_with("Example.list: 3 bytes, allowed are"));
}

TEST_CASE("a failure inside a vector names the vector and the field", "[wire][reader]")
{
    const Bytes bytes = {0x01, 0xFF};
    std::optional<WireError> error;
    Reader reader("Example", bytes, error);
    reader.vector8("list").u16("item");
    REQUIRE(error);
    CHECK(error->text == "Example.list.item: 2 bytes needed, 1 left");
}

TEST_CASE("bytes that nobody read are a decode_error", "[wire][reader]")
{
    const Bytes bytes = {0x01, 0xFF};
    std::optional<WireError> error;
    Reader reader("Example", bytes, error);
    reader.u8("field");
    reader.expect_end();
    CHECK(error == WireError{AlertDescription::decode_error, "Example: 1 bytes too many"});
}

TEST_CASE("a writer fills in lengths when their scopes end", "[wire][writer]")
{
    Writer writer;
    writer.u16(0x0102);
    {
        const auto outer = writer.vector24();
        {
            const auto inner = writer.vector8();
            writer.u24(0x030405);
        }
        writer.vector16(Bytes{0x06});
    }
    CHECK(to_hex(writer.take()) == "0102"
                                   "000007"
                                   "03030405"
                                   "000106");
    CHECK(writer.size() == 0);
}

TEST_CASE("a vector too long for its prefix keeps the low bytes of the length", "[wire][writer]")
{
    Writer writer;
    writer.vector8(Bytes(0x102));
    const Bytes written = writer.take();
    CHECK(written.size() == 0x103);
    CHECK(written[0] == 0x02);
}

} // namespace
} // namespace alert40
