// SPDX-License-Identifier: GPL-2.0-or-later
// What this build of the engine cannot serve, and combinations that no server can: said when a scenario is bound.
#pragma once

#include "scenarios/loader/scenario.h"

namespace alert40 {

/// Throws InputError at the setting, or at `file` where a setting has no position of its own.
void check_servable(const ServerSettings& server, const SourcePos& file);

} // namespace alert40
