// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/wire_steps.h"

#include "tests/diagnosis/evidence_maker.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace alert40 {
namespace {

using namespace test;

TEST_CASE("each step on the wire is a line, from left or right", "[diagnosis][wire]")
{
    const auto wire = WireMaker(modern_hello())
                          .messages({HandshakeType::server_hello, HandshakeType::certificate})
                          .wait(std::chrono::seconds(2))
                          .client_alert(AlertDescription::certificate_expired)
                          .hidden(Direction::server_to_client, 50)
                          .hidden(Direction::server_to_client, 60)
                          .server_says("HTTP/1.0 400")
                          .socket(SocketEventKind::client_fin)
                          .socket(SocketEventKind::server_reset)
                          .wire();
    const auto hello = fmt::format("> handshake ({} octets)", compose_client_hello(modern_hello()).size());
    CHECK(wire_steps(wire) ==
          std::vector<std::string>{hello, "< server_hello (100 octets)", "< certificate (100 octets)", "... 2.0 s",
                                   "> alert fatal certificate_expired (45)", "< application_data, encrypted x 2",
                                   "< 12 octets that are no TLS", "> FIN", "< RST"});
}

TEST_CASE("a long connection is cut to what can be read", "[diagnosis][wire]")
{
    WireMaker maker(modern_hello());
    for (int index = 0; index < 100; ++index)
        maker.messages({index % 2 == 0 ? HandshakeType::server_hello : HandshakeType::certificate});
    const auto steps = wire_steps(maker.wire());
    REQUIRE(steps.size() == 60);
    CHECK(steps.back() == "... 42 more");
}

} // namespace
} // namespace alert40
