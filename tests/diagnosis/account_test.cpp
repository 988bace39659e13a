// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/account.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

TEST_CASE("s_client tells by the octets that it read whether a ServerHello came", "[diagnosis][account]")
{
    CHECK(read_account("SSL handshake has read 7 bytes and written 315 bytes\n").phase == Phase::before_server_hello);
    CHECK(read_account("SSL handshake has read 2352 bytes and written 420 bytes\n").phase == Phase::after_server_hello);
    CHECK(read_account("SSL handshake has read x bytes").empty());
}

TEST_CASE("curl -v, javax.net.debug and gnutls-cli tell of the messages that came", "[diagnosis][account]")
{
    CHECK(read_account("* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n").phase == Phase::before_server_hello);
    const auto asked = read_account("* TLSv1.2 (IN), TLS handshake, Server hello (2):\n"
                                    "* TLSv1.2 (IN), TLS handshake, Request CERT (13):\n");
    CHECK(asked.asked_for_certificate);
    CHECK(asked.phase == Phase::after_server_flight);
    CHECK(read_account("javax.net.ssl|DEBUG|10|main|x|Consuming ServerHello handshake message (").phase ==
          Phase::after_server_hello);
    CHECK(read_account("- Successfully sent 0 certificate(s) to server.").sent_no_certificate);
}

TEST_CASE("NSS, Erlang and OpenSSL 1.0 name the phase with the alert", "[diagnosis][account]")
{
    CHECK(read_account("SSL_ERROR_NO_CYPHER_OVERLAP").phase == Phase::before_server_hello);
    CHECK(read_account("SSL_ERROR_HANDSHAKE_FAILURE_ALERT").phase == Phase::after_server_flight);
    CHECK(read_account("TLS client: In state hello received SERVER ALERT").phase == Phase::before_server_hello);
    CHECK(read_account("error:14077410:SSL routines:SSL23_GET_SERVER_HELLO:x").phase == Phase::before_server_hello);
}

TEST_CASE("a listed chain and the depth of the failure are kept", "[diagnosis][account]")
{
    const auto account =
        read_account("depth=1 CN = CA\nverify error:num=10:certificate has expired\n"
                     "Certificate chain\n 0 s:CN = a\n   i:CN = CA\n   v:NotBefore: Jan  1 00:00:00 2025 "
                     "GMT; NotAfter: Jan  1 00:00:00 2030 GMT\n 1 s:CN = CA\n   i:CN = root\n");
    CHECK(account.failed_depth == 1);
    REQUIRE(account.chain.size() == 2);
    CHECK(account.chain[0].issuer == "CN = CA");
    CHECK(account.chain[0].ends == "Jan  1 00:00:00 2030 GMT");
    const auto gnutls = read_account(" - subject `CN=a', issuer `CN=b', serial 0x1, expires `2030-01-01 00:00:00 UTC'");
    REQUIRE(gnutls.chain.size() == 1);
    CHECK(gnutls.chain[0].issuer == "CN=b");
}

TEST_CASE("an end in the handshake is told apart from one behind it", "[diagnosis][account]")
{
    CHECK(read_account("curl: (35) x").in_handshake == true);
    CHECK(read_account("curl: (52) Empty reply from server").in_handshake == false);
    CHECK(read_account("Remote host terminated the handshake").in_handshake == true);
    CHECK_FALSE(read_account("EOF").in_handshake.has_value());
}

TEST_CASE("any bytes, and a chain of a thousand certificates, are read in bounds", "[diagnosis][account]")
{
    std::string many;
    for (int i = 0; i < 1000; ++i) many += " - subject `a', issuer `b'\n";
    CHECK(read_account(many).chain.size() == 32);
    CHECK(read_account(std::string(100000, '\xFF')).empty());
    CHECK(read_account(std::string("i:\n s:\n v:NotBefore\ndepth=99999999999999\n")).chain.empty());
}

} // namespace
} // namespace alert40
