// SPDX-License-Identifier: GPL-2.0-or-later
// Listeners, connections and steps as the control API tells them (the schemas are in openapi.cpp). What is hidden is
// told to the trainer only: `whole` says whether that is who asks.
#pragma once

#include "server/control/json_text.h"
#include "server/control/serving.h"

namespace alert40 {

/// RFC 3339, in UTC, to the millisecond.
std::string time_text(std::chrono::system_clock::time_point time);

/// Without `whole`, a hidden listener has no scenario, fix, or persona.
void write_listener(JsonText& json, const ListenerView& listener, bool whole);
/// The members of a connection; a hidden one is not told at all without `whole`: see may_see().
void write_connection(JsonText& json, const ConnectionSummary& connection);
void write_step(JsonText& json, const KeptStep& step);
/// The members of write_step() inside an object that is open.
void write_step_members(JsonText& json, const KeptStep& step);
/// An object with all of it: the members of write_connection() and "steps".
void write_kept(JsonText& json, const KeptConnection& connection);

inline bool may_see(const ConnectionOrigin& origin, bool whole)
{
    return whole || !origin.hidden;
}

} // namespace alert40
