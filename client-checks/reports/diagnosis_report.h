// SPDX-License-Identifier: GPL-2.0-or-later
// What `alert40-check diagnose` prints: for people the verdict first, then reasons, proof, fix and next test; for
// programs JSON.
#pragma once

#include "client-checks/diagnosis/diagnosis.h"

#include <ostream>

namespace alert40 {

struct DiagnosisReportOptions {
    bool colour = false;
    bool ladder = true; // the wire, step by step
};

/// The first cause and its title; "open: A or B or C, or 5 more" where the evidence makes none of a class likely; the
/// state where there is no cause.
std::string headline_of(const Diagnosis& diagnosis, const Knowledge& knowledge);

void write_diagnosis(const Diagnosis& diagnosis, const Knowledge& knowledge, const DiagnosisReportOptions& options,
                     std::ostream& out);

/// {"schema":1,"diagnoses":[...]}, indented; each as diagnosis_line() writes it.
void write_diagnoses_json(const std::vector<Diagnosis>& diagnoses, std::ostream& out);

/// One diagnosis as one line of JSON, without the line's end.
std::string diagnosis_line(const Diagnosis& diagnosis);

} // namespace alert40
