// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-check diagnose --records FILE|-: recorded runs, one answer each as soon as it is read.
#include "client-checks/commands.h"
#include "client-checks/records/record.h"
#include "client-checks/reports/diagnosis_report.h"
#include "scenarios/loader/input_error.h"

#include <fmt/format.h>
#include <fstream>
#include <iostream>

namespace alert40 {
namespace {

constexpr std::size_t kLongestLine = 64 * 1024 * 1024;

/// The next line, without its end; false at the end of the file. A longer line than kLongestLine is bad input.
bool read_line(std::istream& in, std::string& line, const std::string& where)
{
    line.clear();
    auto* buffer = in.rdbuf();
    for (int next = buffer->sbumpc(); next != std::char_traits<char>::eof(); next = buffer->sbumpc()) {
        if (next == '\n') return true;
        line += static_cast<char>(next);
        if (line.size() > kLongestLine)
            throw InputError(fmt::format("{}: this line is longer than {} MiB", where, kLongestLine / 1024 / 1024),
                             "one JSON object a line");
    }
    return !line.empty();
}

std::string describe(const ClientIdentity& client)
{
    return client.name.empty() ? std::string("an unknown client") : client.name;
}

void write(const Diagnosis& diagnosis, const Knowledge& knowledge, bool json)
{
    if (json)
        std::cout << diagnosis_line(diagnosis) << '\n';
    else {
        write_diagnosis(diagnosis, knowledge, {}, std::cout);
        std::cout << '\n';
    }
    std::cout.flush();
}

} // namespace

int diagnose_records(const DiagnoseOptions& options)
{
    const bool standard = options.records == "-";
    const std::string name = standard ? "standard input" : options.records.string();
    std::ifstream file;
    if (!standard) {
        file.open(options.records);
        if (!file) throw InputError(fmt::format("{}: cannot be read", name));
    }
    std::istream& in = standard ? std::cin : file;
    const Knowledge knowledge = load_knowledge(options.data);
    const Vocabulary words = load_vocabulary(options.data, options.client_files);
    std::vector<Diagnosis> states; // of each answer no more than its state
    std::string line;
    for (std::size_t number = 1;; ++number) {
        const auto where = fmt::format("{}:{}", name, number);
        if (!read_line(in, line, where)) break;
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        const FailureRecord record = read_record(line, where);
        const Evidence evidence = gather_evidence(record, words);
        Subject subject;
        subject.text = fmt::format("{}, {}", where, describe(record.client));
        const Diagnosis diagnosis = conclude(evidence, std::move(subject), knowledge);
        write(diagnosis, knowledge, options.json);
        states.emplace_back().state = diagnosis.state;
    }
    if (states.empty()) throw InputError(fmt::format("{}: there is no record in it", name), "one JSON object a line");
    return exit_status(states);
}

} // namespace alert40
