// SPDX-License-Identifier: GPL-2.0-or-later
// What the report files offer to the table.
#pragma once

#include "client-checks/reports/report.h"

namespace alert40 {

void write_github_report(const RunResult& result, const ReportOptions& options, std::ostream& out);
void write_html_report(const RunResult& result, const ReportOptions& options, std::ostream& out);
void write_json_report(const RunResult& result, const ReportOptions& options, std::ostream& out);
void write_junit_report(const RunResult& result, const ReportOptions& options, std::ostream& out);
void write_tap_report(const RunResult& result, const ReportOptions& options, std::ostream& out);
void write_terminal_report(const RunResult& result, const ReportOptions& options, std::ostream& out);

} // namespace alert40
