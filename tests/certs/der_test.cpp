// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/der.h"

#include "certs/der_reader.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace std::chrono_literals;

TEST_CASE("a length takes the fewest octets", "[certs][der]")
{
    CHECK(to_hex(der::tlv(0x04, {})) == "0400");
    CHECK(to_hex(der::tlv(0x04, Bytes(127))).starts_with("047f00"));
    CHECK(to_hex(der::tlv(0x04, Bytes(128))).starts_with("04818000"));
    CHECK(to_hex(der::tlv(0x04, Bytes(255))).starts_with("0481ff00"));
    CHECK(to_hex(der::tlv(0x04, Bytes(256))).starts_with("0482010000"));
    CHECK(to_hex(der::tlv(0x04, Bytes(65536))).starts_with("048301000000"));
}

TEST_CASE("an INTEGER is minimal and never negative", "[certs][der]")
{
    const auto [value, text] = GENERATE(table<std::uint64_t, std::string>({
        {0, "020100"},
        {1, "020101"},
        {127, "02017f"},
        {128, "02020080"},
        {256, "02020100"},
        {0xffffffffffffffff, "020900ffffffffffffffff"},
    }));
    CHECK(to_hex(der::integer(value)) == text);
    CHECK(to_hex(der::integer(Bytes{0, 0, 0x80})) == "02020080");
    CHECK(to_hex(der::integer(Bytes{})) == "020100");
}

TEST_CASE("the simple types have the octets of X.690", "[certs][der]")
{
    CHECK(to_hex(der::boolean(true)) == "0101ff");
    CHECK(to_hex(der::boolean(false)) == "010100");
    CHECK(to_hex(der::null()) == "0500");
    CHECK(to_hex(der::octet_string(Bytes{1, 2})) == "04020102");
    CHECK(to_hex(der::bit_string(Bytes{0x80}, 7)) == "03020780");
    CHECK(to_hex(der::utf8_string("A")) == "0c0141");
    CHECK(to_hex(der::set(der::null())) == "31020500");
    CHECK(to_hex(der::context(0, der::null())) == "a0020500");
    CHECK(to_hex(der::context(2, to_bytes("a"), false)) == "820161");
    CHECK(to_hex(der::sequence({der::null(), der::boolean(true)})) == "300505000101ff");
    CHECK(to_hex(der::sequence({})) == "3000");
}

TEST_CASE("an OBJECT IDENTIFIER is written and read back", "[certs][der]")
{
    const auto [dotted, text] = GENERATE(table<std::string, std::string>({
        {"2.5.4.3", "0603550403"},
        {"1.2.840.10045.2.1", "06072a8648ce3d0201"},
        {"1.3.101.112", "06032b6570"},
        {"2.999.1", "0603883701"},
        {"0.9.2342.19200300.100.1.25", "060a0992268993f22c640119"},
    }));
    const Bytes octets = der::object_identifier(dotted);
    CHECK(to_hex(octets) == text);
    CHECK(read_object_identifier(DerReader(octets).next("x"), "x") == dotted);
}

TEST_CASE("an arc beyond 64 bits is shown in hexadecimal", "[certs][der]")
{
    Bytes content{0x69}; // 2.25, whose arcs are UUIDs of 128 bits
    content.insert(content.end(), 18, 0xff);
    content.push_back(0x7f);
    const Bytes element = der::tlv(0x06, content);
    CHECK(read_object_identifier(DerReader(element).next("x"), "x") == "#" + to_hex(content));
}

TEST_CASE("a time is UTCTime from 1950 through 2049 and GeneralizedTime elsewhere", "[certs][der]")
{
    using namespace std::chrono;
    const auto [year_number, text] = GENERATE(table<int, std::string>({
        {1949, "19491231235959Z"},
        {1950, "501231235959Z"},
        {2049, "491231235959Z"},
        {2050, "20501231235959Z"},
    }));
    const auto when = sys_days(year(year_number) / 12 / 31) + 23h + 59min + 59s + 999ms;
    const Bytes octets = der::time(when);
    CHECK(to_text(ByteView(octets).subspan(2)) == text);
    CHECK(int(octets[0]) == (text.size() == 13 ? 0x17 : 0x18));
    CHECK(read_time(DerReader(octets).next("x"), "x") == floor<seconds>(when));
}

TEST_CASE("a time beyond the clock's range is clamped to it", "[certs][der]")
{
    using Clock = std::chrono::system_clock;
    const Bytes end_of_time = der::tlv(0x18, to_bytes("99991231235959Z"));
    CHECK(read_time(DerReader(end_of_time).next("x"), "x") > Clock::time_point::max() - 1s);
    const Bytes year_zero = der::tlv(0x18, to_bytes("00000101000000Z"));
    CHECK(read_time(DerReader(year_zero).next("x"), "x") < Clock::time_point::min() + 1s);
}

TEST_CASE("what is no time by RFC 5280 is refused", "[certs][der]")
{
    const auto [tag, text] = GENERATE(table<int, std::string>({
        {0x17, "2601010000Z"},       // no seconds
        {0x17, "260101000000"},      // no zone
        {0x17, "260101000000+0000"}, // another zone
        {0x17, "261301000000Z"},     // month 13
        {0x17, "260230000000Z"},     // 30 February
        {0x17, "260101240000Z"},     // hour 24
        {0x17, "26010100000:Z"},     // no digit
        {0x17, "-60101000000Z"},     // no digit
        {0x18, "20260101000000.5Z"}, // a fraction
        {0x18, "260101000000Z"},     // UTCTime's content
        {0x04, "260101000000Z"},     // another type
        {0x17, ""},
    }));
    const Bytes element = der::tlv(static_cast<std::uint8_t>(tag), to_bytes(text));
    CHECK_THROWS_AS(read_time(DerReader(element).next("x"), "x"), CertificateError);
}

TEST_CASE("the reader refuses lengths that DER forbids", "[certs][der]")
{
    const Bytes element = GENERATE(Bytes{0x30, 0x80, 0x00, 0x00},                         // indefinite
                                   Bytes{0x04, 0x81, 0x01, 0x00},                         // long form of a short length
                                   Bytes{0x04, 0x82, 0x00, 0x01, 0x00},                   // a leading zero
                                   Bytes{0x04, 0x85, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00}, // 40 bits
                                   Bytes{0x04, 0x84, 0xff, 0xff, 0xff, 0xff, 0x00},       // longer than what is there
                                   Bytes{0x04, 0x82, 0x01},                               // cut in the length
                                   Bytes{0x04, 0x02, 0x00},                               // cut in the content
                                   Bytes{0x04},                                           // no length
                                   Bytes{0x1f, 0x81, 0x00, 0x00},                         // a high tag number
                                   Bytes{});
    CHECK_THROWS_AS(DerReader(element).next("x"), CertificateError);
}

TEST_CASE("the reader refuses contents that DER forbids", "[certs][der]")
{
    const auto first = [](const Bytes& octets) { return DerReader(octets).next("x"); };
    const auto integer = GENERATE(Bytes{0x02, 0x00}, Bytes{0x02, 0x02, 0x00, 0x01}, Bytes{0x02, 0x02, 0xff, 0x80});
    CHECK_THROWS_AS(read_integer(first(integer), "x"), CertificateError);
    const auto boolean = GENERATE(Bytes{0x01, 0x00}, Bytes{0x01, 0x01, 0x01}, Bytes{0x01, 0x02, 0xff, 0xff});
    CHECK_THROWS_AS(read_boolean(first(boolean), "x"), CertificateError);
    const auto identifier = GENERATE(Bytes{0x06, 0x00}, Bytes{0x06, 0x01, 0x80}, Bytes{0x06, 0x02, 0x55, 0x84});
    CHECK_THROWS_AS(read_object_identifier(first(identifier), "x"), CertificateError);
    const auto bits = GENERATE(Bytes{0x03, 0x00}, Bytes{0x03, 0x02, 0x01, 0x80});
    CHECK_THROWS_AS(read_bit_string(first(bits), "x"), CertificateError);
}

TEST_CASE("the reader says which field is wrong at which octet", "[certs][der]")
{
    const Bytes octets = der::sequence({der::null(), der::boolean(true)});
    DerReader inside(DerReader(octets).expect(der::kSequence, "outer"));
    inside.next("first");
    CHECK(inside.offset() == 4);
    CHECK_THROWS_WITH(inside.expect(der::kInteger, "second"), "second: tag 0x01 instead of 0x02, at octet 4");
    inside.next("second");
    CHECK_THROWS_WITH(inside.next("third"), "third: missing, at octet 7");
}
