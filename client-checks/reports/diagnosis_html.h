// SPDX-License-Identifier: GPL-2.0-or-later
// Diagnoses as one HTML page that needs nothing else: no script, nothing to load. Of a log, a capture or a live server.
#pragma once

#include "client-checks/diagnosis/diagnosis.h"

#include <ostream>

namespace alert40 {

/// What stands above the diagnoses; all of it may be empty.
struct DiagnosisPageHead {
    /// Rows of a table, of as many texts as `columns`. `target` is the index of the diagnosis that a row leads to.
    struct Row {
        std::vector<std::string> texts;
        std::string kind; // "pass", "fail", "skip": its colour
        std::optional<std::size_t> target;
    };
    std::string title; // "customer.pcapng"; empty: that of the first diagnosis
    std::vector<std::string> notes;
    std::vector<std::string> columns;
    std::vector<Row> rows;
};

/// Verdict first, then proof, reasons, the wire, the next test and the fix. What others have written is text in it, and
/// never mark-up.
void write_diagnoses_html(const std::vector<Diagnosis>& diagnoses, const Knowledge& knowledge,
                          const DiagnosisPageHead& head, std::ostream& out);

} // namespace alert40
