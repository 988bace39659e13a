// SPDX-License-Identifier: GPL-2.0-or-later
// The OpenAPI description of the lab: the control API's, and the routes that the lab adds to it.
#pragma once

#include "server/control/http_server.h"

namespace alert40 {

/// Of the routes that a server has. Throws std::logic_error for one below /api/ that is told nowhere.
nlohmann::json describe_lab(const std::vector<HttpServer::Route>& routes);

} // namespace alert40
