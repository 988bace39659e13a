// SPDX-License-Identifier: GPL-2.0-or-later
// The reports that a command line asks for: --report FORMAT=PATH.
#pragma once

#include "client-checks/reports/report.h"

namespace alert40 {

struct WantedReport {
    const ReportFormat* format;
    std::string path; // "-": standard output

    bool to_file() const; // not to standard output, a pipe or a device
};

/// Throws InputError for what is no report, std::runtime_error for one that could not be written: before hours of a
/// run, not after.
std::vector<WantedReport> wanted_reports(const std::vector<std::string>& texts);

/// A file is there whole or as it was before. Throws std::runtime_error.
void write_reports(const RunResult& result, const std::vector<WantedReport>& wanted);

/// The terminal report, on standard output, with colours where they are wanted.
void write_terminal(const RunResult& result);

} // namespace alert40
