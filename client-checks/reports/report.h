// SPDX-License-Identifier: GPL-2.0-or-later
// Reports: one function of a result each, be it measured here or read from files; catalogue.cpp lists them.
#pragma once

#include "client-checks/reports/result.h"

#include <ostream>

namespace alert40 {

struct ReportOptions {
    bool colour = false; // for the terminal
};

struct ReportFormat {
    std::string_view name; // --report NAME=PATH
    std::string_view summary;
    void (*write)(const RunResult& result, const ReportOptions& options, std::ostream& out);
};

std::span<const ReportFormat> all_reports();

/// nullptr for an unknown name.
const ReportFormat* find_report(std::string_view name);

} // namespace alert40
