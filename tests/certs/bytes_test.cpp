// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/bytes.h"
#include "certs/hex.h"

#include <catch2/catch.hpp>

using namespace alert40;

TEST_CASE("hexadecimal text has two lower-case digits per octet", "[certs][bytes]")
{
    CHECK(to_hex(Bytes{}).empty());
    CHECK(to_hex(Bytes{0x00, 0x0f, 0xa5, 0xff}) == "000fa5ff");
}

TEST_CASE("hexadecimal text is read as people paste it", "[certs][bytes]")
{
    CHECK(parse_hex("") == Bytes{});
    CHECK(parse_hex("000fa5ff") == Bytes{0x00, 0x0f, 0xa5, 0xff});
    CHECK(parse_hex(" 00:0F A5\nff\n") == Bytes{0x00, 0x0f, 0xa5, 0xff});
    const std::string wrong = GENERATE("0", "000", "0 0", "0g", "0x00", "00-00");
    CHECK_FALSE(parse_hex(wrong));
}

TEST_CASE("PEM text pads as RFC 4648 does", "[certs][bytes]")
{
    // RFC 4648, section 10.
    const auto [octets, text] = GENERATE(table<std::string, std::string>({
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foobar", "Zm9vYmFy"},
    }));
    CHECK(to_pem("DATA", to_bytes(octets)) == "-----BEGIN DATA-----\n" + text + "\n-----END DATA-----\n");
}

TEST_CASE("PEM text has lines of 64 characters and is read back", "[certs][bytes]")
{
    for (std::size_t size = 0; size < 200; ++size) {
        Bytes octets;
        for (std::size_t i = 0; i < size; ++i) octets.push_back(static_cast<std::uint8_t>(i * 37 + size));
        const std::string text = to_pem("CERTIFICATE", octets);
        CHECK(from_pem("CERTIFICATE", text) == octets);
        if (size > 48) CHECK(text.find('\n', 28) == 27 + 1 + 64);
    }
}

TEST_CASE("what is not PEM text is refused", "[certs][bytes]")
{
    const std::string body = GENERATE("Zg=", "Zg", "Z===", "Zg==Zg==", "Z!==", "====");
    CHECK_FALSE(from_pem("DATA", "-----BEGIN DATA-----\n" + body + "\n-----END DATA-----\n"));
    CHECK_FALSE(from_pem("DATA", "-----BEGIN DATA-----\nZg==\n"));
    CHECK_FALSE(from_pem("DATA", "-----BEGIN OTHER-----\nZg==\n-----END OTHER-----\n"));
}
