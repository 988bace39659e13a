// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/alert_message.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

TEST_CASE("an alert is a level and a description, known or not", "[wire][alert]")
{
    const Alert alert{AlertLevel::fatal, AlertDescription::handshake_failure};
    CHECK(compose_alert(alert) == Bytes{2, 40});
    CHECK(std::get<Alert>(parse_alert(Bytes{2, 40})) == alert);
    CHECK(std::get<Alert>(parse_alert(Bytes{0, 200})) == Alert{AlertLevel{0}, AlertDescription{200}});
    CHECK(display_name(alert) == "fatal handshake_failure (40)");
    CHECK(display_name(Alert{AlertLevel{0}, AlertDescription{200}}) == "unknown (0) unknown (200)");
}

TEST_CASE("an alert record holds exactly one alert", "[wire][alert]")
{
    CHECK(std::get<WireError>(parse_alert(Bytes{2})).alert == AlertDescription::decode_error);
    CHECK(std::get<WireError>(parse_alert({})).alert == AlertDescription::decode_error);
    CHECK(std::get<WireError>(parse_alert(Bytes{2, 70, 2, 40})).alert == AlertDescription::unexpected_message);
}

TEST_CASE("an observer reads all alerts of a record", "[wire][alert]")
{
    const auto alerts = parse_alerts(Bytes{2, 70, 2, 40, 1});
    REQUIRE(alerts.size() == 2);
    CHECK(alerts[0].description == AlertDescription::protocol_version);
    CHECK(alerts[1].description == AlertDescription::handshake_failure);
    CHECK(parse_alerts({}).empty());
}

} // namespace
} // namespace alert40
