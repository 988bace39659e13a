// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/proxy_header.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

const Bytes kVersion2{0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55,
                      0x49, 0x54, 0x0A, 0x20, 0x00, 0x00, 0x02, 7,    7};

TEST_CASE("a PROXY header is as long as it says", "[wire][proxy]")
{
    CHECK(proxy_header_length(to_bytes("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n\x16\x03")) == 36);
    auto behind = kVersion2;
    append(behind, to_bytes("\x16\x03\x01"));
    CHECK(proxy_header_length(behind) == kVersion2.size());
}

TEST_CASE("every beginning of a PROXY header is undecided", "[wire][proxy]")
{
    const auto line = to_bytes("PROXY UNKNOWN\r\n");
    for (const auto& header : {line, kVersion2})
        for (std::size_t length = 0; length < header.size(); ++length)
            CHECK(proxy_header_length(ByteView(header).first(length)) == std::nullopt);
}

TEST_CASE("a ClientHello, HTTP and an endless line are no PROXY header", "[wire][proxy]")
{
    CHECK(proxy_header_length(to_bytes("\x16\x03\x01")) == 0);
    CHECK(proxy_header_length(to_bytes("POST / HTTP/1.1")) == 0);
    CHECK(proxy_header_length(to_bytes("PROXY " + std::string(200, 'x'))) == 0);
}

} // namespace
} // namespace alert40
