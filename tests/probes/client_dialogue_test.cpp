// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/client_dialogue.h"

#include "scenarios/loader/input_error.h"

#include <catch2/catch.hpp>

using namespace alert40;

namespace {

/// Answers each turn with the next of `words`.
DialogueState lead(ClientDialogue& dialogue, const std::vector<std::string>& words)
{
    for (const auto& each : words) {
        dialogue.take_output();
        dialogue.receive(to_bytes(each));
    }
    return dialogue.state();
}

} // namespace

TEST_CASE("a server that consents is asked no more", "[probes][dialogue]")
{
    struct Row {
        Starttls protocol;
        std::vector<std::string> words;
    };
    using namespace std::string_literals;
    const std::string mysql = "\x4a\0\0\0\x0a"
                              "8.0.32\0\x08\0\0\0abcdefgh\0\xff\xff\x2d\x02\0\xff\xdf\x15"s +
                              std::string(10 + 13 + 22, '\0');
    const std::vector<Row> rows = {
        {Starttls::smtp, {"220 mail ESMTP\r\n", "250-mail\r\n250-STARTTLS\r\n", "250 HELP\r\n", "220 go\r\n"}},
        {Starttls::imap, {"* OK ready\r\n", "a OK begin\r\n"}},
        {Starttls::pop3, {"+OK ready\r\n", "+OK begin\r\n"}},
        {Starttls::ftp, {"220-one\r\n220 two\r\n", "234 AUTH TLS\r\n"}},
        {Starttls::postgres, {"S"}},
        {Starttls::mysql, {mysql}},
        {Starttls::ldap, {"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"s}},
        {Starttls::xmpp, {"<stream:features><starttls/></stream:features>", "<proceed xmlns='x'/>"}}};
    for (const auto& row : rows) {
        CAPTURE(static_cast<int>(row.protocol));
        auto dialogue = ClientDialogue::starttls(row.protocol, "mail.test");
        CHECK(lead(dialogue, row.words) == DialogueState::agreed);
    }
}

TEST_CASE("a refusal is quoted in its first line, without control characters", "[probes][dialogue]")
{
    auto smtp = ClientDialogue::starttls(Starttls::smtp, "");
    CHECK(lead(smtp, {"220 mail\r\n", "250 mail\r\n", "502 not \x1b[1m here\r\n"}) == DialogueState::refused);
    CHECK(smtp.refusal() == "starttls refused: 502 not .[1m here");
    auto imap = ClientDialogue::starttls(Starttls::imap, "");
    CHECK(lead(imap, {"* OK ready\r\n", "a BAD no\r\n"}) == DialogueState::refused);
    auto postgres = ClientDialogue::starttls(Starttls::postgres, "");
    CHECK(lead(postgres, {"N"}) == DialogueState::refused);
    CHECK(postgres.refusal() == "starttls refused: N");
}

TEST_CASE("the end of the stream is a refusal", "[probes][dialogue]")
{
    auto smtp = ClientDialogue::starttls(Starttls::smtp, "");
    smtp.receive({});
    CHECK(smtp.state() == DialogueState::refused);
    CHECK(smtp.refusal() == "starttls refused: the peer closed without a word");
}

TEST_CASE("a MySQL server without TLS says so in its greeting", "[probes][dialogue]")
{
    using namespace std::string_literals;
    auto dialogue = ClientDialogue::starttls(Starttls::mysql, "");
    const auto greeting = "\x0a"
                          "5.5\0\x08\0\0\0abcdefgh\0\xff\xf7\x2d\x02\0\xff\xdf\x15"s;
    dialogue.receive(to_bytes(std::string(1, static_cast<char>(greeting.size())) + "\0\0\0"s + greeting));
    CHECK(dialogue.state() == DialogueState::refused);
}

TEST_CASE("a proxy opens the tunnel, or says why not", "[probes][dialogue]")
{
    auto open = ClientDialogue::connect("www.test:443");
    CHECK(to_text(open.take_output()) == "CONNECT www.test:443 HTTP/1.1\r\nHost: www.test:443\r\n\r\n");
    CHECK(lead(open, {"HTTP/1.1 200 Conn", "ection established\r\nVia: x\r\n\r\n"}) == DialogueState::agreed);
    auto refused = ClientDialogue::connect("www.test:443");
    CHECK(lead(refused, {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"}) == DialogueState::refused);
    CHECK(refused.refusal() == "proxy refused: HTTP/1.1 403 Forbidden");
    auto other = ClientDialogue::connect("www.test:443");
    CHECK(lead(other, {"SSH-2.0-x\r\n"}) == DialogueState::refused);
}

TEST_CASE("a protocol is found by its name", "[probes][dialogue]")
{
    CHECK(find_starttls("ldap") == Starttls::ldap);
    CHECK(find_starttls("") == Starttls::none);
    CHECK_THROWS_AS(find_starttls("gopher"), InputError);
}
