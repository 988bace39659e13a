// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/starttls_dialogue.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using Then = StarttlsAnswer::Then;

constexpr Starttls kProtocols[] = {Starttls::smtp,     Starttls::imap,  Starttls::pop3, Starttls::ftp,
                                   Starttls::postgres, Starttls::mysql, Starttls::ldap, Starttls::xmpp};

Bytes octets(std::initializer_list<int> values)
{
    Bytes bytes;
    for (const int value : values) bytes.push_back(static_cast<std::uint8_t>(value));
    return bytes;
}

// What OpenSSL's s_client sends to ask for TLS (apps/s_client.c, OpenSSL 3.0), last the request itself.
Bytes request_for_tls(Starttls protocol)
{
    switch (protocol) {
    case Starttls::smtp:
        return to_bytes("EHLO mail.example.com\r\nSTARTTLS\r\n");
    case Starttls::imap:
        return to_bytes(". CAPABILITY\r\n. STARTTLS\r\n");
    case Starttls::pop3:
        return to_bytes("STLS\r\n");
    case Starttls::ftp:
        return to_bytes("FEAT\r\nAUTH TLS\r\n");
    case Starttls::postgres:
        return octets({0, 0, 0, 8, 4, 210, 22, 47});
    case Starttls::mysql: {
        Bytes request = octets({32, 0, 0, 1, 0x85, 0xae, 0x7f, 0x00, 0x00, 0x00, 0x00, 0x01, 0x21});
        request.resize(36, 0);
        return request;
    }
    case Starttls::ldap: {
        Bytes request = octets({0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16});
        append(request, to_bytes("1.3.6.1.4.1.1466.20037"));
        return request;
    }
    case Starttls::xmpp:
        return to_bytes("<stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client' "
                        "to='one.test' version='1.0'><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    case Starttls::none:
        break;
    }
    return {};
}

StarttlsDialogue in_tls(Starttls protocol)
{
    StarttlsDialogue dialogue(protocol, "what there is to say");
    dialogue.feed(request_for_tls(protocol));
    dialogue.secured();
    return dialogue;
}

std::string said(StarttlsDialogue& dialogue, std::string_view text)
{
    return to_text(dialogue.feed(to_bytes(text)).bytes);
}

} // namespace

TEST_CASE("every protocol grants TLS to a client that asks as OpenSSL does, however the octets come",
          "[wire][starttls]")
{
    const auto protocol = GENERATE(from_range(std::begin(kProtocols), std::end(kProtocols)));
    INFO(display_name(protocol));
    const Bytes request = request_for_tls(protocol);

    SECTION("at once")
    {
        StarttlsDialogue dialogue(protocol);
        CHECK(dialogue.feed(request).then == Then::tls);
        CHECK(dialogue.take_left_over().empty());
    }
    SECTION("octet by octet")
    {
        StarttlsDialogue dialogue(protocol);
        for (std::size_t index = 0; index + 1 < request.size(); ++index)
            REQUIRE(dialogue.feed({&request[index], 1}).then == Then::goes_on);
        CHECK(dialogue.feed({&request.back(), 1}).then == Then::tls);
    }
    SECTION("with TLS behind it: that is left for TLS")
    {
        StarttlsDialogue dialogue(protocol);
        Bytes both = request;
        append(both, octets({22, 3, 1}));
        CHECK(dialogue.feed(both).then == Then::tls);
        CHECK(dialogue.take_left_over() == octets({22, 3, 1}));
    }
}

TEST_CASE("the servers speak first in all protocols but PostgreSQL, LDAP and XMPP", "[wire][starttls]")
{
    for (const auto protocol : kProtocols) {
        const bool client_first =
            protocol == Starttls::postgres || protocol == Starttls::ldap || protocol == Starttls::xmpp;
        CHECK(StarttlsDialogue(protocol).greeting().empty() == client_first);
    }
    CHECK(to_text(StarttlsDialogue(Starttls::smtp).greeting()).starts_with("220 "));
}

TEST_CASE("a client that speaks TLS at once is told which protocol this is, and is left", "[wire][starttls]")
{
    const Bytes client_hello = octets({22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3});
    struct Case {
        Starttls protocol;
        std::string_view begins;
    };
    const auto each = GENERATE(values<Case>({{Starttls::smtp, "500 5.5.2 "},
                                             {Starttls::imap, "* BYE "},
                                             {Starttls::pop3, "-ERR "},
                                             {Starttls::ftp, "500 "},
                                             {Starttls::postgres, "E"},
                                             {Starttls::ldap, "0"},
                                             {Starttls::xmpp, "<?xml "}}));
    StarttlsDialogue dialogue(each.protocol);
    const auto answer = dialogue.feed(client_hello);
    CHECK(answer.then == Then::over);
    CHECK(to_text(answer.bytes).starts_with(each.begins));
}

TEST_CASE("MySQL's client that speaks TLS at once sends no packet that could be one", "[wire][starttls]")
{
    StarttlsDialogue dialogue(Starttls::mysql);
    const auto answer = dialogue.feed(octets({22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3})); // a packet of 66326 octets
    CHECK(answer.then == Then::over);
    CHECK(answer.bytes[4] == 0xFF); // an ERR packet
}

TEST_CASE("what wants to go on without TLS is refused in the protocol's own words", "[wire][starttls]")
{
    SECTION("SMTP")
    {
        StarttlsDialogue dialogue(Starttls::smtp);
        CHECK(said(dialogue, "MAIL FROM:<a@b.test>\r\n").starts_with("530 5.7.0 "));
        CHECK(said(dialogue, "starttls\r\n").starts_with("220 ")); // commands have no case
    }
    SECTION("PostgreSQL")
    {
        StarttlsDialogue dialogue(Starttls::postgres);
        CHECK(to_text(dialogue.feed(octets({0, 0, 0, 8, 4, 210, 22, 48})).bytes) == "N"); // GSSAPI: no
        const auto answer = dialogue.feed(octets({0, 0, 0, 9, 0, 3, 0, 0, 0}));
        CHECK(to_text(answer.bytes).find("28000") != std::string::npos);
        CHECK(answer.then == Then::over);
    }
    SECTION("MySQL")
    {
        StarttlsDialogue dialogue(Starttls::mysql);
        Bytes login = octets({33, 0, 0, 1, 0x85, 0xa6}); // without CLIENT_SSL
        login.resize(37, 0);
        const auto answer = dialogue.feed(login);
        CHECK(to_text(answer.bytes).find("#HY000") != std::string::npos);
        CHECK(answer.then == Then::over);
    }
    SECTION("LDAP")
    {
        StarttlsDialogue dialogue(Starttls::ldap);
        const auto answer = dialogue.feed(octets({0x30, 12, 2, 1, 7, 0x60, 7, 2, 1, 3, 4, 0, 0x80, 0}));
        CHECK(answer.then == Then::goes_on);
        CHECK(answer.bytes[4] == 7);    // the same message id
        CHECK(answer.bytes[5] == 0x61); // a BindResponse
        CHECK(answer.bytes[9] == 13);   // confidentialityRequired
    }
    SECTION("XMPP")
    {
        StarttlsDialogue dialogue(Starttls::xmpp);
        CHECK(dialogue.feed(to_bytes("<stream:stream><iq>")).then == Then::over);
    }
}

TEST_CASE("inside TLS the protocol answers as its clients expect", "[wire][starttls]")
{
    SECTION("SMTP: curl's commands")
    {
        auto dialogue = in_tls(Starttls::smtp);
        CHECK(said(dialogue, "EHLO me\r\n").find("STARTTLS") == std::string::npos);
        CHECK(said(dialogue, "HELP\r\n") == "214 2.0.0 what there is to say\r\n");
        CHECK(said(dialogue, "STARTTLS\r\n").starts_with("503 "));
        CHECK(dialogue.feed(to_bytes("QUIT\r\n")).then == Then::over);
    }
    SECTION("IMAP: tags keep their case")
    {
        auto dialogue = in_tls(Starttls::imap);
        CHECK(said(dialogue, "aB1 capability\r\n") == "* CAPABILITY IMAP4rev1\r\naB1 OK done\r\n");
        CHECK(said(dialogue, "x frobnicate\r\n") == "x BAD unknown command\r\n");
    }
    SECTION("PostgreSQL: a login and a query")
    {
        auto dialogue = in_tls(Starttls::postgres);
        CHECK(said(dialogue, std::string_view("\0\0\0\x9\0\3\0\0\0", 9))[0] == 'R');
        CHECK(said(dialogue, std::string_view("Q\0\0\0\x6;\0", 7)).find("what there is to say") != std::string::npos);
        CHECK(dialogue.feed(octets({'X', 0, 0, 0, 4})).then == Then::over);
    }
    SECTION("MySQL: a login and a query")
    {
        auto dialogue = in_tls(Starttls::mysql);
        Bytes login = octets({33, 0, 0, 2, 0x85, 0xae});
        login.resize(37, 0);
        const auto answer = dialogue.feed(login);
        CHECK(answer.bytes[3] == 3); // the sequence goes on
        CHECK(answer.bytes[4] == 0); // an OK packet
        CHECK(said(dialogue, std::string_view("\2\0\0\0\3;", 6)).find("what there is to say") != std::string::npos);
        CHECK(dialogue.feed(octets({1, 0, 0, 0, 1})).then == Then::over);
    }
    SECTION("LDAP: a bind succeeds")
    {
        auto dialogue = in_tls(Starttls::ldap);
        CHECK(dialogue.feed(octets({0x30, 12, 2, 1, 2, 0x60, 7, 2, 1, 3, 4, 0, 0x80, 0})).bytes[9] == 0);
        CHECK(dialogue.feed(octets({0x30, 5, 2, 1, 3, 0x42, 0})).then == Then::over);
    }
    SECTION("XMPP: the stream starts anew")
    {
        auto dialogue = in_tls(Starttls::xmpp);
        const auto answer = said(dialogue, "<stream:stream to='one.test'>");
        CHECK(answer.find("PLAIN") != std::string::npos);
        CHECK(answer.find("starttls") == std::string::npos);
    }
}

TEST_CASE("what never ends and what goes on for ever is bounded", "[wire][starttls]")
{
    SECTION("one line without end")
    {
        const auto protocol = GENERATE(from_range(std::begin(kProtocols), std::end(kProtocols)));
        StarttlsDialogue dialogue(protocol);
        const Bytes piece(1024, ' ');
        bool over = false;
        for (int times = 0; times < 40 && !over; ++times) over = dialogue.feed(piece).then == Then::over;
        CHECK(over);
    }
    SECTION("one command after another")
    {
        StarttlsDialogue dialogue(Starttls::smtp);
        bool over = false;
        for (int times = 0; times < 1000 && !over; ++times)
            over = dialogue.feed(to_bytes("NOOP\r\n")).then == Then::over;
        CHECK(over);
    }
}

} // namespace alert40
