// SPDX-License-Identifier: GPL-2.0-or-later
// The control API: its routes on an HttpServer. openapi.cpp describes them; a test holds the two together.
#pragma once

#include "server/control/event_bus.h"
#include "server/control/http_server.h"
#include "server/control/serving.h"

namespace alert40 {

class ControlApi {
public:
    /// Adds the routes to `http`; before its start. All of them outlive it. Throws InputError where the data of the
    /// causes cannot be read.
    ControlApi(HttpServer& http, Serving& serving, ConnectionLog& log, EventBus& events, Callers& callers);
    ~ControlApi();
    ControlApi(const ControlApi&) = delete;
    ControlApi& operator=(const ControlApi&) = delete;

    /// What `reset` goes back to: the listeners as they are now.
    void remember();

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

/// Throws Problem 401, 403 or 404, as the caller has no right to change that listener or it is not there.
ListenerView require_change(const Serving& serving, const std::string& listener, const Caller& caller);

/// Throws Problem: 404 where it is not kept, 403 where its listener is hidden and the caller is not the trainer.
KeptConnection require_connection(const ConnectionLog& log, const std::string& id, const Caller& caller);

/// The description of the API, OpenAPI 3.1.
nlohmann::json openapi_description();

} // namespace alert40
