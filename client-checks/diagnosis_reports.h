// SPDX-License-Identifier: GPL-2.0-or-later
// The reports of diagnoses that a command line asks for: --report html=PATH, json=PATH, terminal=PATH.
#pragma once

#include "client-checks/commands.h"
#include "client-checks/reports/diagnosis_html.h"

#include <functional>

namespace alert40 {

/// Throws InputError for what is no report, std::runtime_error for one that could not be written: to be asked before
/// anything is looked at.
void check_diagnosis_reports(const DiagnoseOptions& options);

/// Writes each report asked for; "-" is standard output. `head` stands above the page; `json` writes the JSON where it
/// has more than the diagnoses. Throws std::runtime_error.
void write_diagnosis_reports(const DiagnoseOptions& options, const std::vector<Diagnosis>& diagnoses,
                             const Knowledge& knowledge, const DiagnosisPageHead& head = {},
                             const std::function<void(std::ostream&)>& json = {});

} // namespace alert40
