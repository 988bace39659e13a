// SPDX-License-Identifier: GPL-2.0-or-later
// The table of faults: name, what it does, how its settings are read. Scenario keys, help and schema come from it.
#pragma once

#include "scenarios/loader/scenario.h"
#include "server/faults/fault.h"

#include <nlohmann/json_fwd.hpp>

namespace alert40 {

struct FaultKind {
    std::string_view name;
    std::string_view summary;
    std::unique_ptr<Fault> (*make)(Trigger at, const TomlTable& settings);
    nlohmann::json (*schema)(); // of the settings beside `at` and `do`
};

std::span<const FaultKind> all_faults();

/// Throws InputError for an unknown kind, trigger or setting, with its position.
std::unique_ptr<Fault> make_fault(const FaultSettings& settings);

/// The JSON Schema of one entry of server.faults.
nlohmann::json fault_schema();

} // namespace alert40
