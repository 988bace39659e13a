// SPDX-License-Identifier: GPL-2.0-or-later
// Reports: one function of a finished matrix each; catalogue.cpp lists them.
#pragma once

#include "client-checks/checks/matrix.h"

#include <ostream>

namespace alert40 {

struct ReportOptions {
    bool colour = false; // for the terminal
};

struct ReportFormat {
    std::string_view name; // --report NAME=PATH
    std::string_view summary;
    void (*write)(const MatrixResult& result, const ReportOptions& options, std::ostream& out);
};

std::span<const ReportFormat> all_reports();

/// nullptr for an unknown name.
const ReportFormat* find_report(std::string_view name);

} // namespace alert40
