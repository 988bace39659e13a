// SPDX-License-Identifier: GPL-2.0-or-later
// What experiments say of the cause: the change that helped, or that nothing did.
#pragma once

#include "client-checks/diagnosis/finding.h"
#include "client-checks/probes/experiment.h"

namespace alert40 {

struct ExperimentReading {
    std::vector<Finding> findings;  // the most likely first
    std::vector<std::string> proof; // sentences without full stop
    std::vector<std::string> notes; // the same: what to do next
    bool always_fails = true;
};

/// `passive`: what the failing connection says by itself (diagnose()); it keeps its order where no experiment decides.
ExperimentReading read_experiments(const Experiments& experiments, std::vector<Finding> passive);

} // namespace alert40
