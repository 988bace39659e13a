// SPDX-License-Identifier: GPL-2.0-or-later
// How an entry of server.flight is read: each message has a table of its own, so that a field which it does not have is
// an unknown key.
#pragma once

#include "scenarios/loader/fields.h"
#include "scenarios/loader/flight.h"

namespace alert40 {

template <> struct Codec<FlightMessage> {
    static FlightMessage read(const TomlValue& value);
    static nlohmann::json schema();
};

} // namespace alert40
