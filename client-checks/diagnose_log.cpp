// SPDX-License-Identifier: GPL-2.0-or-later
// alert40-check diagnose --log FILE|-: every TLS failure that a log tells of, with the lines that say so.
#include "client-checks/commands.h"
#include "client-checks/diagnosis_reports.h"
#include "client-checks/logs/failures.h"
#include "client-checks/reports/diagnosis_report.h"
#include "scenarios/loader/input_error.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <unistd.h>

namespace alert40 {
namespace {

constexpr std::size_t kShownLines = 6; // of one failure

struct LogFile {
    std::string name;
    LogFailures found;
};

LogFile read_log(const std::filesystem::path& path, const Vocabulary& words)
{
    const bool standard_input = path == "-";
    if (!standard_input && std::filesystem::is_directory(path))
        throw InputError(fmt::format("{} is a folder", path.string()), "name the log file in it");
    std::ifstream file;
    if (!standard_input) {
        file.open(path, std::ios::binary);
        if (!file)
            throw InputError(fmt::format("cannot read {}", path.string()), "a log file, or - for standard input");
    }
    LineReader reader(standard_input ? std::cin : file);
    const WordIndex index(words);
    FailureFinder finder(index);
    while (const auto line = reader.next()) finder.read(*line);
    return {standard_input ? "standard input" : path.string(), finder.take()};
}

std::string seen(const LoggedFailure& failure)
{
    if (failure.count == 1) return "seen once";
    return fmt::format("seen {} times, last in line {}", failure.count, failure.last_line);
}

/// The library that wrote the words: of a client's own words the library that it is built on.
std::string library_of(const LoggedFailure& failure)
{
    if (failure.by_server || failure.voice->speaker == Speaker::page) return {};
    return failure.voice->library.empty() ? failure.voice->name : failure.voice->library;
}

std::string whose(const LoggedFailure& failure)
{
    if (failure.voice->speaker == Speaker::page) return "words of a server's answer";
    if (!failure.by_server && failure.voice->speaker == Speaker::library)
        return fmt::format("{} words, taken for a client's", failure.voice->name);
    return fmt::format("{} words, on the {}'s side{}", failure.voice->name, failure.by_server ? "server" : "client",
                       failure.software.empty() || failure.software == failure.voice->name
                           ? std::string{}
                           : ", in a log of " + failure.software);
}

Subject subject_of(const LogFile& log, const LoggedFailure& failure)
{
    Subject subject;
    subject.text = fmt::format("{}:{}", log.name, failure.lines.empty() ? 0 : failure.lines.front().number);
    for (const auto* software : {"nginx", "apache", "haproxy"}) // whose settings the pages of the causes have
        if (failure.software == software) subject.server_software = software;
    return subject;
}

bool never_connected(const LoggedFailure& failure)
{
    return std::all_of(failure.symptoms.begin(), failure.symptoms.end(),
                       [](const Symptom& each) { return each.text() == "refused" || each.text() == "unreachable"; });
}

Diagnosis diagnosis_of(const LogFile& log, const LoggedFailure& failure, const Knowledge& knowledge)
{
    Evidence evidence = gather_evidence(nullptr, failure.symptoms, library_of(failure), failure.says);
    evidence.account = failure.account;
    evidence.side_unknown = !failure.by_server && failure.voice->speaker == Speaker::library;
    evidence.looked_at = std::chrono::system_clock::now();
    Diagnosis diagnosis;
    if (failure.about_tls || never_connected(failure)) {
        diagnosis = conclude(evidence, subject_of(log, failure), knowledge);
    } else {
        diagnosis.subject = subject_of(log, failure);
        diagnosis.says.push_back(failure.says);
    }
    if (never_connected(failure))
        diagnosis.verdict = "TCP never connected: no TLS was spoken";
    else if (!failure.about_tls)
        diagnosis.verdict = "a connection ended, and nothing there says that it was TLS";
    diagnosis.notes.push_back(seen(failure) + "; " + whose(failure));
    for (const auto& line : std::span(failure.lines).first(std::min(failure.lines.size(), kShownLines)))
        diagnosis.rests_on.push_back({log.name, line.number, line.text});
    return diagnosis;
}

Diagnosis without_failure(const LogFile& log)
{
    Diagnosis diagnosis;
    diagnosis.subject.text = log.name;
    const auto& found = log.found;
    if (found.first_success != 0) {
        diagnosis.state = DiagnosisState::healthy;
        diagnosis.verdict = fmt::format(
            "this log holds no TLS failure, and line {} tells of a handshake that succeeded", found.first_success);
        return diagnosis;
    }
    diagnosis.verdict = found.lines == 0 ? "the log is empty"
                        : found.mentions_tls
                            ? fmt::format("this log holds no TLS failure that is known, in {} lines", found.lines)
                            : fmt::format("this log holds no TLS failure: {} lines, none about TLS", found.lines);
    diagnosis.unknown.push_back("more words: curl -v, openssl s_client -msg, -Djavax.net.debug=ssl,handshake, "
                                "gnutls-cli -d 4, nginx's error_log at info, Apache's LogLevel ssl:debug");
    return diagnosis;
}

std::vector<Diagnosis> diagnoses_of(const LogFile& log, const Knowledge& knowledge)
{
    const auto& failures = log.found.failures;
    const bool about_tls =
        std::any_of(failures.begin(), failures.end(), [](const auto& each) { return each.about_tls; });
    std::vector<Diagnosis> diagnoses;
    for (const auto& failure : failures)
        if (failure.about_tls || !about_tls) diagnoses.push_back(diagnosis_of(log, failure, knowledge));
    if (diagnoses.empty()) diagnoses.push_back(without_failure(log));
    if (log.found.left_out > 0)
        diagnoses.back().notes.push_back(
            fmt::format("{} further failures, of other kinds than these, are left out", log.found.left_out));
    return diagnoses;
}

} // namespace

int diagnose_log(const DiagnoseOptions& options)
{
    check_diagnosis_reports(options);
    const auto words = load_vocabulary(options.data, options.client_files);
    const auto knowledge = load_knowledge(options.data);
    const LogFile log = read_log(options.log, words);
    const auto diagnoses = diagnoses_of(log, knowledge);
    write_diagnosis_reports(options, diagnoses, knowledge);
    if (options.json) {
        write_diagnoses_json(diagnoses, std::cout);
        return exit_status(diagnoses);
    }
    DiagnosisReportOptions report;
    report.colour = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
    bool first = true;
    for (const auto& diagnosis : diagnoses) {
        if (!std::exchange(first, false)) std::cout << '\n';
        write_diagnosis(diagnosis, knowledge, report, std::cout);
    }
    return exit_status(diagnoses);
}

} // namespace alert40
