// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/formats.h"
#include "client-checks/reports/result_file.h"

namespace alert40 {

void write_json_report(const RunResult& result, const ReportOptions& /*options*/, std::ostream& out)
{
    write_result(result, out);
}

} // namespace alert40
