// SPDX-License-Identifier: GPL-2.0-or-later
// What a server of the stack can be set to, seen from a client of the stack.
#include "tests/stack/exchange.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace test;

const std::vector<ProtocolVersion> kTls12{ProtocolVersion::tls12};
const std::vector<ProtocolVersion> kTls13{ProtocolVersion::tls13};

TicketKey ticket_key(std::uint8_t octet)
{
    TicketKey key;
    key.fill(octet);
    return key;
}

TEST_CASE("a server chooses its first preference among the protocols that the client lists", "[stack][alpn]")
{
    const auto versions = GENERATE(kTls12, kTls13);
    auto server = server_config(versions);
    server.alpn = {"h2", "http/1.1"};
    auto client = client_config(versions);
    client.alpn = {"http/1.0", "http/1.1", "h2"};
    Exchange exchange(TlsContext::client(client), TlsContext::server(server));
    exchange.handshake();
    REQUIRE(exchange.established());
    CHECK(exchange.server.application_protocol() == "h2");
    CHECK(exchange.client.application_protocol() == "h2");
}

TEST_CASE("a server that shares no protocol refuses with no_application_protocol", "[stack][alpn]")
{
    const auto versions = GENERATE(kTls12, kTls13);
    auto server = server_config(versions);
    server.alpn = {"h2"};
    auto client = client_config(versions);
    client.alpn = {"http/1.1"};
    Exchange exchange(TlsContext::client(client), TlsContext::server(server));
    exchange.handshake();
    CHECK(exchange.server_progress == TlsProgress::failed);
    REQUIRE(exchange.server.last_sent_alert());
    CHECK(exchange.server.last_sent_alert()->description == AlertDescription::no_application_protocol);
}

TEST_CASE("ALPN is ignored where one side has no protocols", "[stack][alpn]")
{
    const auto versions = GENERATE(kTls12, kTls13);
    const bool asked = GENERATE(true, false);
    auto server = server_config(versions);
    auto client = client_config(versions);
    (asked ? client.alpn : server.alpn) = {"h2"};
    Exchange exchange(TlsContext::client(client), TlsContext::server(server));
    exchange.handshake();
    REQUIRE(exchange.established());
    CHECK(exchange.server.application_protocol().empty());
}

TEST_CASE("a session is resumed by every server that has the ticket key, and by no other", "[stack][ticket]")
{
    struct Case {
        std::optional<TicketKey> issuer;
        std::optional<TicketKey> reader;
        bool resumed;
    };
    const auto versions = GENERATE(kTls12, kTls13);
    const auto each = GENERATE(values<Case>({{ticket_key(1), ticket_key(1), true},
                                             {ticket_key(1), ticket_key(2), false},
                                             {ticket_key(1), std::nullopt, false},
                                             {std::nullopt, ticket_key(1), false},
                                             {std::nullopt, std::nullopt, false}}));
    auto issuer = server_config(versions);
    issuer.ticket_key = each.issuer;
    auto reader = server_config(versions);
    reader.ticket_key = each.reader;
    const auto client = TlsContext::client(client_config(versions));

    Exchange first(client, TlsContext::server(issuer));
    first.handshake();
    REQUIRE(first.established());
    CHECK(first.application_data() == "ping pong"); // in TLS 1.3 the ticket comes with it
    CHECK_FALSE(first.server.resumed());

    Exchange second(client, TlsContext::server(reader));
    second.client.resume(first.client);
    second.handshake();
    CHECK(second.server.resumed() == each.resumed);
    // A client of wolfSSL 5.5.4 that sent a ticket in TLS 1.2 takes a full handshake for a protocol violation
    // (src/internal.c, DSH_CheckSessionId); others go on.
    const bool client_insists = versions == kTls12 && each.issuer && !each.resumed;
    REQUIRE(second.established() == !client_insists);
    if (client_insists) return;
    CHECK(second.client.resumed() == each.resumed);
    CHECK(second.application_data() == "ping pong");
}

} // namespace
} // namespace alert40
