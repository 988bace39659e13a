// SPDX-License-Identifier: GPL-2.0-or-later
// What is said before TLS, and where TLS begins.
#include "client-checks/captures/before_tls.h"
#include "tests/captures/captured.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace alert40 {
namespace {

using namespace test;
using namespace std::string_view_literals;

/// A dialogue, "c..." the client, "s..." the server; then the client's ClientHello.
struct Dialogue {
    BeforeTls before;
    BeforeTls::Answer last;

    Dialogue& says(std::string_view line)
    {
        last = before.feed(line[0] == 'c' ? kClient : kServer, to_bytes(line.substr(1)));
        return *this;
    }
    bool tls_follows()
    {
        last = before.feed(kClient, client_hello_record());
        return last.verdict == BeforeTls::Verdict::tls && last.plain == 0;
    }
};

Dialogue dialogue(std::initializer_list<std::string_view> lines)
{
    Dialogue dialogue;
    for (const auto line : lines) dialogue.says(line);
    return dialogue;
}

TEST_CASE("TLS at once begins at once", "[captures][starttls]")
{
    Dialogue nothing;
    CHECK(nothing.tls_follows());
    CHECK(nothing.before.protocol().empty());
}

TEST_CASE("a ClientHello that comes octet by octet is TLS from its first", "[captures][starttls]")
{
    const auto hello = client_hello_record();
    for (const std::size_t size : {1U, 2U, 5U}) {
        BeforeTls before;
        CHECK(before.feed(kClient, ByteView(hello).first(size)).verdict == BeforeTls::Verdict::tls);
    }
}

TEST_CASE("a ClientHello in SSL 2.0's format is one", "[captures][starttls]")
{
    BeforeTls before;
    CHECK(before.feed(kClient, Bytes{0x80, 0x2E, 1, 3, 1, 0, 15, 0, 0, 0, 16}).verdict == BeforeTls::Verdict::tls);
}

TEST_CASE("each protocol's way to ask for TLS is known", "[captures][starttls]")
{
    auto smtp = dialogue({"s220 mail ESMTP\r\n", "cEHLO me\r\n", "s250 STARTTLS\r\n", "cSTARTTLS\r\n", "s220 go\r\n"});
    auto imap = dialogue({"s* OK ready\r\n", "ca1 starttls\r\n", "sa1 OK begin\r\n"});
    auto pop3 = dialogue({"s+OK\r\n", "cSTLS\r\n", "s+OK\r\n"});
    auto ftp = dialogue({"s220 ftp\r\n", "cAUTH TLS\r\n", "s234 go\r\n"});
    auto postgres = dialogue({"c\0\0\0\x08\x04\xd2\x16\x2f"sv, "sS"});
    auto ldap = dialogue({"c\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
                          "1.3.6.1.4.1.1466.20037"sv,
                          "s\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\0"sv});
    auto xmpp = dialogue({"c<stream:stream>", "s<stream:features/>", "c<starttls xmlns='x'/>", "s<proceed/>"});
    auto mysql = dialogue({"s\x4a\0\0\0\x0a"
                           "8.0.0"sv,
                           "c\x20\0\0\x01\x00\x0a\0\0"sv});
    CHECK(smtp.before.protocol() == "SMTP STARTTLS");
    CHECK(imap.before.protocol() == "IMAP STARTTLS");
    CHECK(pop3.before.protocol() == "POP3 STLS");
    CHECK(ftp.before.protocol() == "FTP AUTH TLS");
    CHECK(postgres.before.protocol() == "PostgreSQL SSLRequest");
    CHECK(ldap.before.protocol() == "LDAP StartTLS");
    CHECK(xmpp.before.protocol() == "XMPP STARTTLS");
    CHECK(mysql.before.protocol() == "MySQL SSLRequest");
    for (auto* each : {&smtp, &imap, &pop3, &ftp, &postgres, &ldap, &xmpp, &mysql}) {
        CHECK(each->before.refusal().empty());
        CHECK(each->tls_follows());
    }
}

TEST_CASE("a refusal is told in the server's words", "[captures][starttls]")
{
    CHECK(dialogue({"s220 mail\r\n", "cSTARTTLS\r\n", "s454 TLS not available\r\n"}).before.refusal() ==
          "454 TLS not available");
    CHECK(dialogue({"s* OK\r\n", "ca STARTTLS\r\n", "sa BAD unknown\r\n"}).before.refusal() == "a BAD unknown");
    CHECK(dialogue({"s+OK\r\n", "cSTLS\r\n", "s-ERR no\r\n"}).before.refusal() == "-ERR no");
    CHECK(dialogue({"c\0\0\0\x08\x04\xd2\x16\x2f"sv, "sN"}).before.refusal() == "'N': the server does not speak TLS");
    CHECK(dialogue({"c\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
                    "1.3.6.1.4.1.1466.20037"sv,
                    "s\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x02\x04\0\x04\0"sv})
              .before.refusal() == "result code 2");
}

TEST_CASE("a proxy is asked for the way first", "[captures][proxy]")
{
    auto http = dialogue({"cCONNECT www.example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n", "sHTTP/1.1 200 OK\r\n\r\n"});
    CHECK(http.before.protocol() == "HTTP CONNECT");
    CHECK(http.before.target() == "www.example.org:443");
    CHECK(http.tls_follows());
    auto socks5 = dialogue({"c\x05\x01\0"sv, "s\x05\0"sv,
                            "c\x05\x01\0\x03\x0b"
                            "example.org\x01\xbb"sv,
                            "s\x05\0\0\x01\0\0\0\0\0\0"sv});
    CHECK(socks5.before.target() == "example.org:443");
    CHECK(socks5.tls_follows());
    auto socks4 = dialogue({"c\x04\x01\x01\xbb\xc0\0\x02\x01\0"sv, "s\0\x5a\0\0\0\0\0\0"sv});
    CHECK(socks4.before.protocol() == "SOCKS4");
    CHECK(socks4.before.target() == "192.0.2.1:443");
    CHECK(socks4.tls_follows());
}

TEST_CASE("a proxy that refuses is not TLS failing", "[captures][proxy]")
{
    CHECK(dialogue({"cCONNECT x:443 HTTP/1.1\r\n\r\n", "sHTTP/1.1 407 Proxy Authentication Required\r\n\r\n"})
              .before.refusal() == "HTTP/1.1 407 Proxy Authentication Required");
    CHECK(dialogue({"c\x05\x01\0"sv, "s\x05\0"sv, "c\x05\x01\0\x01\xc0\0\x02\x01\x01\xbb"sv,
                    "s\x05\x05\0\x01\0\0\0\0\0\0"sv})
              .before.refusal() == "connection refused");
}

TEST_CASE("behind a PROXY header TLS begins in the same segment", "[captures][proxy]")
{
    const auto hello = client_hello_record();
    auto first = to_bytes("PROXY TCP4 192.0.2.1 198.51.100.1 50000 443\r\n");
    const auto header = first.size();
    append(first, hello);
    BeforeTls version1;
    const auto answer = version1.feed(kClient, first);
    CHECK(answer.verdict == BeforeTls::Verdict::tls);
    CHECK(answer.plain == header);
    CHECK(version1.protocol() == "PROXY header");
    auto second = to_bytes("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c"sv);
    second.resize(28, 1);
    append(second, hello);
    BeforeTls version2;
    CHECK(version2.feed(kClient, second).plain == 28);
}

TEST_CASE("a server that answers plain text with an alert speaks TLS", "[captures][plain]")
{
    auto plain = dialogue({"cGET / HTTP/1.1\r\n\r\n"});
    CHECK(plain.last.verdict == BeforeTls::Verdict::open);
    CHECK(plain.before.feed(kServer, alert_record(AlertDescription::protocol_version)).verdict ==
          BeforeTls::Verdict::tls_reply);
}

TEST_CASE("who says much in clear has no TLS to come", "[captures][plain]")
{
    BeforeTls before;
    const Bytes much(40'000, 'x');
    CHECK(before.feed(kServer, much).verdict == BeforeTls::Verdict::open);
    CHECK(before.feed(kServer, much).verdict == BeforeTls::Verdict::none);
}

} // namespace
} // namespace alert40
