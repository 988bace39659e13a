// SPDX-License-Identifier: GPL-2.0-or-later
// A scenario in the manners of another server software, or under another name.
#pragma once

#include "scenarios/loader/scenario.h"

namespace alert40 {

/// The same settings with that persona, hosts and back ends included.
ServerSettings with_persona(ServerSettings server, const std::string& persona);
/// The same for the scenario and its fix; as it is where `persona` is empty.
Scenario with_persona(Scenario scenario, const std::string& persona);

} // namespace alert40
