// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-check diagnose HOST:PORT | --log FILE | --pcap FILE | --records FILE
#include "client-checks/commands.h"

namespace alert40 {

int run_diagnose(const DiagnoseOptions& options)
{
    if (!options.log.empty()) return diagnose_log(options);
    if (!options.capture.empty()) return diagnose_capture(options);
    if (!options.records.empty()) return diagnose_records(options);
    return diagnose_server(options);
}

} // namespace alert40
