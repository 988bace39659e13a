// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/metrics.h"

#include <array>
#include <fmt/format.h>

namespace alert40 {
namespace {

std::string number(std::string_view name, std::string_view type, std::string_view help, std::uint64_t value)
{
    return fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name, help, type, value);
}

} // namespace

std::string_view way_of_ending(std::string_view described)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kWays{{{"connected", "connected"},
                                                                                  {"server sent", "server_alert"},
                                                                                  {"client sent", "client_alert"},
                                                                                  {"server closed", "server_closed"},
                                                                                  {"client closed", "client_closed"},
                                                                                  {"server reset", "server_reset"},
                                                                                  {"client reset", "client_reset"},
                                                                                  {"deadline passed", "deadline"}}};
    for (const auto& [words, way] : kWays)
        if (described.starts_with(words)) return way;
    return "other";
}

Metrics::Metrics(ConnectionLog& log) : log_(log)
{
    log.subscribe([this](const ConnectionNews& news) {
        if (news.kind != ConnectionNews::Kind::ended) return;
        const auto& summary = news.connection;
        const auto scenario = summary.origin.hidden ? "hidden" : summary.scenario.empty() ? "none" : summary.scenario;
        const std::lock_guard lock(mutex_);
        ++ended_[{scenario, std::string(way_of_ending(summary.ended))}];
    });
}

std::string Metrics::text(const Serving& serving, const EventBus& events, const HttpServer& http) const
{
    std::string text;
    text += number("alert40_listeners", "gauge", "Listeners, the common port included.", serving.listeners().size());
    text += number("alert40_connections_total", "counter", "Connections that were accepted.", log_.opened());
    text += number("alert40_connections_kept", "gauge", "Connections whose transcript is kept.", log_.kept());
    text +=
        number("alert40_connections_kept_bytes", "gauge", "Estimated memory of the kept connections.", log_.octets());
    text += number("alert40_connections_dropped_total", "counter", "Kept connections that made room for newer ones.",
                   log_.dropped());
    text += number("alert40_event_watchers", "gauge", "Open event streams.", http.watchers());
    text += number("alert40_event_watchers_dropped_total", "counter", "Event streams whose reader stopped reading.",
                   events.dropped_watchers());
    text +=
        number("alert40_events_lost_total", "counter", "Events that were lost because too many waited.", events.lost());
    constexpr std::string_view kEnded = "alert40_connections_ended_total";
    text += fmt::format("# HELP {0} Connections by scenario and by how they ended.\n# TYPE {0} counter\n", kEnded);
    const std::lock_guard lock(mutex_);
    for (const auto& [ended, count] : ended_)
        text += fmt::format("{}{{scenario=\"{}\",ended=\"{}\"}} {}\n", kEnded, ended.scenario, ended.how, count);
    return text;
}

} // namespace alert40
