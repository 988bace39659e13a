// SPDX-License-Identifier: GPL-2.0-or-later
// What --control says.
#pragma once

#include "server/control/http_server.h"

namespace alert40 {

/// "off": nullopt. Empty: a free port of 127.0.0.1. "8040": that port of 127.0.0.1. "192.0.2.1:8040", "[::1]:8040".
/// Throws InputError for anything else.
std::optional<HttpServerOptions> control_address(const std::string& text);

} // namespace alert40
