// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/logs/entry.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

TEST_CASE("an entry begins with a time, in the forms that logs have", "[logs][entry]")
{
    for (const auto* line : {"2026/11/20 22:25:25 [info] x", "2026-11-20T12:00:00Z x",
                             "[Fri Nov 20 22:35:00 2026] [ssl:info] x", "Nov 20 22:25:25 host postfix/smtpd[1]: x",
                             "2026.11.20 22:34:47 LOG5[1]: x", "[2026-11-20 12:00:00,123] ERROR x",
                             "22:25:25.123 [main] ERROR x", "E1120 22:25:25.000000 1 x.go:1] x", "{\"log\":\"x\"}"})
        CHECK(begins_entry(line));
    for (const auto* line :
         {"\tat java.base/sun.security.ssl.Alert", "Caused by: x", "curl: (35) x", "", "May be", "  File x"})
        CHECK_FALSE(begins_entry(line));
}

TEST_CASE("a server's lines name their connection", "[logs][entry]")
{
    CHECK(connection_of("2026/11/20 22:25:25 [info] 27361#27361: *31 SSL_do_handshake() failed") == "*31");
    CHECK(connection_of("[ssl:info] [pid 2291:tid 2294] [client 127.0.0.1:53940] AH02008: x") == "2291:tid 2294");
    CHECK(connection_of("2026.11.20 22:34:47 LOG3[17]: SSL_accept: x") == "[17]");
    CHECK(connection_of("http: TLS handshake error from 127.0.0.1:53712: EOF") == "127.0.0.1:53712:");
    CHECK(connection_of("127.0.0.1:39252 [20/Nov/2026:22:34:02.689] f/1: SSL handshake failure") == "127.0.0.1:39252");
    CHECK(connection_of("curl: (35) error") == "");
    CHECK(connection_of("") == "");
}

TEST_CASE("what is about TLS says so in any case of letters", "[logs][entry]")
{
    CHECK(is_about_tls("javax.net.SSL.SSLException"));
    CHECK(is_about_tls("the remote Certificate is invalid"));
    CHECK_FALSE(is_about_tls("could not connect to the database: Connection refused"));
}

} // namespace
} // namespace alert40
