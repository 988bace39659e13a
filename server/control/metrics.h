// SPDX-License-Identifier: GPL-2.0-or-later
// Numbers for Prometheus (its text format, version 0.0.4): https://prometheus.io/docs/instrumenting/exposition_formats/
#pragma once

#include "server/control/event_bus.h"
#include "server/control/http_server.h"
#include "server/control/serving.h"

namespace alert40 {

class Metrics {
public:
    static constexpr const char* kType = "text/plain; version=0.0.4; charset=utf-8";

    /// Subscribes to `log`: it outlives the log's connections.
    explicit Metrics(ConnectionLog& log);

    std::string text(const Serving& serving, const EventBus& events, const HttpServer& http) const;

private:
    struct Ended {            // connections that ended so
        std::string scenario; // "hidden" for a listener whose scenario is
        std::string how;
        auto operator<=>(const Ended&) const = default;
    };

    const ConnectionLog& log_;
    mutable std::mutex mutex_;
    std::map<Ended, std::uint64_t> ended_;
};

/// "server_alert", "client_alert", "server_closed", "client_closed", "server_reset", "client_reset", "deadline" or
/// "connected", of what describe(Outcome) says; else "other".
std::string_view way_of_ending(std::string_view described);

} // namespace alert40
