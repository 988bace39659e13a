// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/formats.h"

namespace alert40 {
namespace {

constexpr ReportFormat kReports[] = {
    {"json", "Everything, for programs", write_json_report},
    {"junit", "For CI servers", write_junit_report},
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
