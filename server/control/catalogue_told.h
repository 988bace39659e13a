// SPDX-License-Identifier: GPL-2.0-or-later
// Scenarios and causes as the control API tells them.
#pragma once

#include "scenarios/loader/cause.h"
#include "scenarios/loader/scenario.h"

#include <nlohmann/json.hpp>

namespace alert40 {

nlohmann::ordered_json scenario_summary(const Scenario& scenario);
/// With the text of the file and what is asked of the client.
nlohmann::ordered_json scenario_detail(const Scenario& scenario);
nlohmann::ordered_json cause_json(const Cause& cause);

/// Whether `words` stand in the id, title, cause or story, whatever their case; true for none.
bool is_about(const Scenario& scenario, const std::string& words);

} // namespace alert40
