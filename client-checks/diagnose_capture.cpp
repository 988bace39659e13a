// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-check diagnose --pcap FILE [--keylog FILE]
#include "client-checks/capture_diagnoses.h"
#include "client-checks/commands.h"
#include "client-checks/diagnosis_reports.h"
#include "client-checks/reports/capture_report.h"
#include "client-checks/reports/diagnosis_report.h"

#include <cstdlib>
#include <iostream>
#include <unistd.h>

namespace alert40 {

int diagnose_capture(const DiagnoseOptions& options)
{
    check_diagnosis_reports(options);
    const auto knowledge = load_knowledge(options.data);
    KeyLog secrets;
    if (!options.key_log.empty()) secrets.add_file(options.key_log);
    const std::string file = options.capture == "-" ? "standard input" : options.capture.string();
    ByteSource source(options.capture);
    const auto reading = read_capture(source, file, secrets);
    const auto diagnoses = capture_diagnoses(reading, file, knowledge);
    const auto json = [&](std::ostream& out) { write_capture_json(reading, file, diagnoses, out); };
    write_diagnosis_reports(options, diagnoses, knowledge, capture_page_head(reading, file, diagnoses), json);
    if (options.json) {
        json(std::cout);
        return exit_status(diagnoses);
    }
    const bool colour = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
    write_capture(reading, file, std::cout);
    for (const auto& diagnosis : diagnoses) {
        std::cout << '\n';
        write_diagnosis(diagnosis, knowledge, {.colour = colour}, std::cout);
    }
    return exit_status(diagnoses);
}

} // namespace alert40
