// SPDX-License-Identifier: GPL-2.0-or-later
// "none-offered": lists that are fixed from the first ClientHello so that they share nothing with it.
#pragma once

#include "server/engine/policy.h"

namespace alert40 {

/// Everything that the engine could serve with this key, most usual first: what a list is chosen from.
std::vector<CipherSuite> servable_suites(const std::vector<ProtocolVersion>& versions,
                                         const std::optional<ServerKey>& key);
std::vector<NamedGroup> servable_groups(const std::vector<ProtocolVersion>& versions);

/// Whether such a list is still to be fixed.
bool leaves_lists_open(const ServerSettings& server);

/// Puts concrete lists into `policy` for what `server` leaves to the first ClientHello. Returns the reason where that
/// cannot be done: nothing is left to choose, or the hello carries no such list.
std::optional<std::string> fix_lists(const ServerSettings& server, const ClientHello& hello, Policy& policy);

} // namespace alert40
