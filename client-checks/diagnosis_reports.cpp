// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis_reports.h"

#include "client-checks/reports/diagnosis_report.h"
#include "scenarios/loader/input_error.h"

#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <unistd.h>

namespace alert40 {
namespace {

namespace fs = std::filesystem;

const std::string kFormats[] = {"html", "json", "terminal"};

struct Wanted {
    std::string format;
    std::string path; // "-": standard output
};

Wanted parse(const std::string& text)
{
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals + 1 == text.size())
        throw InputError(fmt::format("'{}' is not FORMAT=PATH", text), "--report html=diagnosis.html");
    Wanted wanted{text.substr(0, equals), text.substr(equals + 1)};
    if (std::find(std::begin(kFormats), std::end(kFormats), wanted.format) == std::end(kFormats))
        throw InputError(fmt::format("unknown report format '{}'", wanted.format), hint_for(wanted.format, kFormats));
    return wanted;
}

[[noreturn]] void refuse(const std::string& path)
{
    throw std::runtime_error(fmt::format("the report {} cannot be written", path));
}

} // namespace

void check_diagnosis_reports(const DiagnoseOptions& options)
{
    for (const auto& text : options.reports) {
        const auto wanted = parse(text);
        if (wanted.path == "-") continue;
        const auto folder = fs::absolute(wanted.path).parent_path();
        if (fs::is_directory(wanted.path) || access(folder.c_str(), W_OK) != 0) refuse(wanted.path);
    }
}

void write_diagnosis_reports(const DiagnoseOptions& options, const std::vector<Diagnosis>& diagnoses,
                             const Knowledge& knowledge, const DiagnosisPageHead& head,
                             const std::function<void(std::ostream&)>& json)
{
    for (const auto& text : options.reports) {
        const auto wanted = parse(text);
        std::ofstream file;
        if (wanted.path != "-") file.open(wanted.path, std::ios::binary);
        std::ostream& out = wanted.path == "-" ? std::cout : file;
        if (wanted.format == "html") {
            write_diagnoses_html(diagnoses, knowledge, head, out);
        } else if (wanted.format == "terminal") {
            for (const auto& each : diagnoses) write_diagnosis(each, knowledge, {}, out);
        } else if (json) {
            json(out);
        } else {
            write_diagnoses_json(diagnoses, out);
        }
        out.flush();
        if (!out) refuse(wanted.path);
    }
}

} // namespace alert40
