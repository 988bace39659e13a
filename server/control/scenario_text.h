// SPDX-License-Identifier: GPL-2.0-or-later
// A scenario for people and for programs: what `list` and `show` print.
#pragma once

#include "scenarios/loader/scenario.h"

#include <nlohmann/json_fwd.hpp>

namespace alert40 {

nlohmann::json to_json(const Scenario& scenario);
std::string to_text(const Scenario& scenario);

} // namespace alert40
