// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-check merge A.json B.json ...
#include "client-checks/commands.h"

#include "client-checks/reports/baseline.h"
#include "client-checks/reports/merge.h"
#include "client-checks/reports/result_file.h"
#include "client-checks/wanted_reports.h"

namespace alert40 {

int run_merge(const MergeOptions& options)
{
    const auto reports = wanted_reports(options.reports);
    std::vector<ResultFile> files;
    for (const auto& path : options.files) files.push_back({path, read_result(path)});
    RunResult result = merge(std::move(files));
    if (!options.baseline.empty()) compare(result, read_result(options.baseline), options.baseline.string());
    write_terminal(result);
    write_reports(result, reports);
    return exit_status(result);
}

} // namespace alert40
