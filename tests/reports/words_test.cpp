// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/words.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

std::string steady(std::string says)
{
    SeenRun seen;
    seen.says = std::move(says);
    seen.command.argv = {"curl", "--cacert", "/tmp/state/runs/Ab12Cd/root.pem", "https://made.test:41273/"};
    seen.command.port = 41273;
    return steady_words(seen);
}

TEST_CASE("what differs from run to run by nature is taken out of a client's words", "[reports][words]")
{
    struct Line {
        const char* says;
        const char* steady;
    };
    for (const auto& [says, expected] :
         {Line{"C0FE7A1DBB7F0000:error:0A000410:SSL routines:ssl3_read_bytes:alert",
               "...:error:0A000410:SSL routines:ssl3_read_bytes:alert"},
          Line{"connect to 127.0.0.1:41273 failed", "connect to 127.0.0.1:{port} failed"},
          Line{"error 412730 at 41273", "error 412730 at {port}"},
          Line{"cannot open /tmp/state/runs/Ab12Cd/root.pem", "cannot open {folder}/root.pem"},
          Line{"[1234:5678:1121/104732.123456:ERROR:ssl.cc(880)] handshake failed",
               "...ERROR:ssl.cc(880)] handshake failed"},
          Line{"2026-11-21 10:47:32.123 failed after 12 ms", "... ... failed after ..."},
          Line{"2026/11/21 10:47:32 remote error", "... ... remote error"},
          Line{"closed after 0.253s, 3 seconds, 1712 milliseconds", "closed after ..., ..., ..."},
          Line{"java.lang.Object@1b2c3d4 at 0x7f3a90bc", "java.lang.Object... at ..."}}) {
        INFO(says);
        CHECK(steady(says) == expected);
    }
}

TEST_CASE("what a lexicon reads stays in a client's words", "[reports][words]")
{
    for (const auto* says :
         {"curl: (35) OpenSSL/3.0.19: error:0A000410:SSL routines::sslv3 alert handshake failure",
          "*** Received alert [40]: Handshake failed", "failed: wolfSSL error -188: certificate verify failed",
          "tls: server selected unsupported protocol version 301", "remote error: tls: handshake failure",
          "SSL alert number 40", "root@host", "0x2f06", "../ssl/record/rec_layer_s3.c:1601", ""}) {
        INFO(says);
        CHECK(steady(says) == says);
    }
}

} // namespace
} // namespace alert40
