// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/control_address.h"
#include "server/control/metrics.h"
#include "server/control/told.h"

#include "scenarios/loader/input_error.h"

#include <catch2/catch.hpp>

using namespace alert40;

TEST_CASE("a hidden listener tells its scenario to the trainer only", "[control][told]")
{
    ListenerView view;
    view.name = "ticket.1";
    view.scenario = "certificate/expired-tls13";
    view.persona = "nginx";
    view.addresses = {"127.0.0.1"};
    view.port = 4433;
    view.server_name = "1.ticket.localhost";
    view.hidden = true;
    const auto told = [&](bool whole) {
        JsonText json;
        write_listener(json, view, whole);
        return json.take();
    };
    CHECK(told(true).find("expired") != std::string::npos);
    const auto shown = nlohmann::json::parse(told(false));
    CHECK(shown["scenario"].is_null());
    CHECK(shown["fixed"].is_null());
    CHECK(shown["persona"].is_null());
    CHECK(shown["url"] == "https://1.ticket.localhost:4433/");
}

TEST_CASE("times are told as RFC 3339 has them", "[control][told]")
{
    CHECK(time_text(std::chrono::system_clock::time_point(std::chrono::milliseconds(1'700'000'000'042))) ==
          "2023-11-14T22:13:20.042Z");
}

TEST_CASE("ways of ending are told apart for the metrics", "[control][metrics]")
{
    CHECK(way_of_ending("connected (TLS 1.3)") == "connected");
    CHECK(way_of_ending("server sent fatal handshake_failure (40), before-server-hello") == "server_alert");
    CHECK(way_of_ending("it was given up") == "other");
}

TEST_CASE("the control API listens on a port, on an address with a port, or not at all", "[control][address]")
{
    CHECK_FALSE(control_address("off"));
    CHECK(control_address("")->port == 0);
    CHECK(control_address("8040")->port == 8040);
    CHECK(control_address("8040")->address == "127.0.0.1");
    CHECK(control_address("192.0.2.1:1")->address == "192.0.2.1");
    CHECK(control_address("[::1]:2")->address == "::1");
    for (const auto* wrong : {"on", ":1", "127.0.0.1", "127.0.0.1:", "1:65536", "65536", "name:1", "[::1", "0x10"})
        CHECK_THROWS_AS(control_address(wrong), InputError);
}
