// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/crypto.h"
#include "server/flights/ticket.h"
#include "tests/flights/composed.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace test;

TEST_CASE("a ticket opens with its own key alone, and unchanged", "[flights][ticket]")
{
    const Bytes key = random_bytes(32);
    const SealedSession session{ProtocolVersion::tls13, CipherSuite::TLS_AES_128_GCM_SHA256, Bytes(32, 5), true,
                                "www.alert40.test"};
    Bytes ticket = seal_ticket(key, session);
    CHECK(open_ticket(key, ticket) == session);
    CHECK_FALSE(open_ticket(random_bytes(32), ticket));
    ticket.back() ^= 1;
    CHECK_FALSE(open_ticket(key, ticket));
    CHECK_FALSE(open_ticket(key, Bytes(5)));
    CHECK_FALSE(open_ticket(key, {}));
}

TEST_CASE("a ticket of a composed session resumes it", "[flights][ticket]")
{
    const auto version = GENERATE(ProtocolVersion::tls12, ProtocolVersion::tls13);
    const auto plan = plan_of("[server]\nversions = [\"" + name(version) +
                              "\"]\ntickets = { issued = true }\nflight = [{ message = \"server_hello\" }]\n");
    const auto config = client_config({version});
    Composed first(plan, version, config);
    first.handshake();
    REQUIRE(first.established());
    REQUIRE(first.application_data() == "ping pong");

    Composed second(plan, version, config);
    REQUIRE(second.client.resume(first.client));
    second.handshake();
    REQUIRE(second.established());
    CHECK(second.client.resumed());
    CHECK(second.application_data() == "ping pong");
    // RFC 5246, section 7.3, RFC 8446, section 2.2: without a certificate it is shorter.
    CHECK(second.sent.size() < first.sent.size() / 2);
}

TEST_CASE("a ticket of another server costs a full handshake and no more", "[flights][ticket]")
{
    const auto version = GENERATE(ProtocolVersion::tls12, ProtocolVersion::tls13);
    const auto sections = "[server]\nversions = [\"" + name(version) +
                          "\"]\ntickets = { issued = true }\nflight = [{ message = \"server_hello\" }]\n";
    const auto plan = plan_of(sections);
    const auto other = plan_of(sections);
    const auto config = client_config({version});
    Composed first(plan, version, config);
    first.handshake();
    REQUIRE(first.established());
    first.application_data();

    Composed second(other, version, config);
    REQUIRE(second.client.resume(first.client));
    second.handshake();
    // The whole flight, certificate included. As a client of TLS 1.2 wolfSSL 5.5.4 takes every ServerHello for the
    // acceptance of its ticket (src/internal.c, DSH_CheckSessionId) and breaks off at the Certificate: its own fault.
    CHECK(second.sent.size() > first.sent.size() / 2);
    CHECK_FALSE(second.server->last_sent_alert());
    if (version == ProtocolVersion::tls12) return;
    REQUIRE(second.established());
    CHECK_FALSE(second.client.resumed());
}

} // namespace
} // namespace alert40
