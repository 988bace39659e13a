// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/request.h"

#include <catch2/catch.hpp>

using namespace alert40;

TEST_CASE("an HTTP answer gives status, software, date and the refusal's words", "[probes][request]")
{
    const auto reply =
        read_reply("", Starttls::none,
                   to_bytes("HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nDate: Sat, 21 Nov 2026 "
                            "13:43:32 GMT\r\n\r\n<center>No required SSL certificate was sent</center>"));
    CHECK(reply.status == 400);
    CHECK(reply.server == "nginx/1.22.1");
    using namespace std::chrono;
    CHECK(reply.date == sys_days(year(2026) / November / 21) + 13h + 43min + 32s);
    CHECK(reply.text == "<center>No required SSL certificate was sent</center>");
    CHECK_FALSE(reply.complete); // more of the body may follow
}

TEST_CASE("an answer that is not whole is waited for", "[probes][request]")
{
    CHECK_FALSE(read_reply("", Starttls::none, to_bytes("HTTP/1.1 200 OK\r\nServer: x\r\n")).complete);
    CHECK(read_reply("", Starttls::none, to_bytes("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n")).complete);
}

TEST_CASE("a date that is none is no date", "[probes][request]")
{
    const auto* date = GENERATE("", "yesterday", "Sat, 99 Nov 2026 13:43:32 GMT", "Sat, 21 Foo 2026 13:43:32 GMT",
                                "Sat, 21 Nov 99999 13:43:32 GMT");
    CHECK_FALSE(
        read_reply("", Starttls::none, to_bytes(std::string("HTTP/1.1 200 OK\r\nDate: ") + date + "\r\n\r\n")).date);
}

TEST_CASE("an HTTP/2 status is read, indexed, in digits, or in their Huffman code", "[probes][request]")
{
    struct Row {
        Bytes block;
        unsigned status;
    };
    const std::vector<Row> rows = {{{0x88}, 200},
                                   {{0x8C}, 400},
                                   {{0x20, 0x48, 0x03, '4', '2', '1'}, 421},
                                   {{0x48, 0x82, 0x64, 0x02}, 302}, // RFC 7541, appendix C.6.1
                                   {{0x08, 0x03, '4', '0', '3'}, 403}};
    for (const auto& row : rows) {
        Bytes frames = {0, 0, 0, 4, 0, 0, 0, 0, 0}; // SETTINGS
        append(frames, Bytes{0, 0, static_cast<std::uint8_t>(row.block.size()), 1, 4, 0, 0, 0, 1});
        append(frames, row.block);
        const auto reply = read_reply("h2", Starttls::none, frames);
        CHECK(reply.complete == (row.status < 400)); // a refusal's body may follow
        CHECK(reply.status == row.status);
    }
}

TEST_CASE("an HTTP/2 refusal's words are read to the end of its stream", "[probes][request]")
{
    Bytes frames = {0, 0, 1, 1, 4, 0, 0, 0, 1, 0x8C, 0, 0, 2, 0, 0, 0, 0, 0, 1, 'n', 'o'};
    CHECK_FALSE(read_reply("h2", Starttls::none, frames).complete);
    append(frames, Bytes{0, 0, 1, 0, 1, 0, 0, 0, 1, '!'});
    const auto reply = read_reply("h2", Starttls::none, frames);
    CHECK(reply.complete);
    CHECK(reply.text == "no!");
}

TEST_CASE("behind STARTTLS the protocol goes on, and where nothing harmless is known nothing is said",
          "[probes][request]")
{
    CHECK(to_text(compose_request("", Starttls::smtp, "x")) == "EHLO localhost\r\n");
    CHECK(compose_request("", Starttls::postgres, "x").empty());
    CHECK(compose_request("mqtt", Starttls::none, "x").empty());
    CHECK(to_text(compose_request("http/1.1", Starttls::none, "www.test")) ==
          "GET / HTTP/1.0\r\nHost: www.test\r\nUser-Agent: alert40-check\r\n\r\n");
}
