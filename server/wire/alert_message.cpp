// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/alert_message.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr std::size_t kAlertLength = 2;

} // namespace

Parsed<Alert> parse_alert(ByteView fragment)
{
    if (fragment.size() < kAlertLength)
        return WireError{AlertDescription::decode_error, fmt::format("Alert: {} bytes, not 2", fragment.size())};
    if (fragment.size() > kAlertLength)
        return WireError{AlertDescription::unexpected_message, fmt::format("Alert: {} bytes, not 2", fragment.size())};
    return Alert{AlertLevel{fragment[0]}, AlertDescription{fragment[1]}};
}

std::vector<Alert> parse_alerts(ByteView fragment)
{
    std::vector<Alert> alerts;
    for (; fragment.size() >= kAlertLength; fragment = fragment.subspan(kAlertLength))
        alerts.push_back({AlertLevel{fragment[0]}, AlertDescription{fragment[1]}});
    return alerts;
}

Bytes compose_alert(Alert alert)
{
    return {static_cast<std::uint8_t>(alert.level), static_cast<std::uint8_t>(alert.description)};
}

std::string display_name(Alert alert)
{
    return fmt::format("{} {}", name(alert.level), display_name(alert.description));
}

} // namespace alert40
