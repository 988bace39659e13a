// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/formats.h"

namespace alert40 {
namespace {

constexpr ReportFormat kReports[] = {
    {"github", "Workflow commands, which GitHub shows beside the scenario's line", write_github_report},
    {"html", "A page to look into: every cell, and what each client says; one file", write_html_report},
    {"json", "Everything, for programs; also what merge and --baseline read", write_json_report},
    {"junit", "For CI servers", write_junit_report},
    {"tap", "TAP 14, for prove and other harnesses", write_tap_report},
    {"terminal", "A matrix, then each failure", write_terminal_report},
};

} // namespace

std::span<const ReportFormat> all_reports()
{
    return kReports;
}

const ReportFormat* find_report(std::string_view name)
{
    for (const auto& format : kReports)
        if (format.name == name) return &format;
    return nullptr;
}

} // namespace alert40
