// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/diagnosis_report.h"

#include "client-checks/reports/printable.h"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMostFindings = 6; // on a terminal; JSON has all
constexpr std::size_t kMostInHeadline = 3;

std::string_view colour_of(DiagnosisState state)
{
    switch (state) {
    case DiagnosisState::healthy:
        return "\x1b[32m";
    case DiagnosisState::cause_found:
        return "\x1b[31m";
    case DiagnosisState::undetermined:
        return "\x1b[33m";
    }
    return "";
}

/// Several causes fit, and nothing makes one of them likely.
bool is_open(const Diagnosis& diagnosis)
{
    return !diagnosis.findings.empty() && diagnosis.findings.front().confidence == Confidence::possible &&
           diagnosis.first_class.size() > 1;
}

void write_list(std::string_view title, const std::vector<std::string>& sentences, std::ostream& out)
{
    if (sentences.empty()) return;
    fmt::print(out, "\n{}\n", title);
    for (const auto& sentence : sentences) fmt::print(out, "  - {}\n", printable(sentence));
}

std::string title_of(const Finding& finding, const Knowledge& knowledge)
{
    const auto page = knowledge.causes.find(finding.cause);
    return page == knowledge.causes.end() ? std::string{} : ": " + page->second.title;
}

void write_findings(const Diagnosis& diagnosis, const Knowledge& knowledge, std::ostream& out)
{
    for (std::size_t rank = 0; rank < std::min(diagnosis.findings.size(), kMostFindings); ++rank) {
        const Finding& finding = diagnosis.findings[rank];
        fmt::print(out, "\n{}. {}{} ({})\n", rank + 1, finding.cause, title_of(finding, knowledge),
                   name(finding.confidence));
        for (const auto& reason : finding.because) fmt::print(out, "     because {}\n", printable(reason));
        for (const auto& other : finding.excludes) fmt::print(out, "     not {}\n", printable(other));
    }
    if (diagnosis.findings.size() <= kMostFindings) return;
    std::vector<std::string> others;
    for (const auto& finding : std::span(diagnosis.findings).subspan(kMostFindings)) others.push_back(finding.cause);
    fmt::print(out, "\nand, less likely: {}\n", fmt::join(others, ", "));
}

/// The fix of the first cause, where the evidence says that it is the one; the software's own and the client's alone
/// where the software is known.
void write_fix(const Diagnosis& diagnosis, std::ostream& out)
{
    if (diagnosis.fix.empty()) return;
    fmt::print(out, "\nFix\n");
    if (is_open(diagnosis)) {
        fmt::print(out, "  it depends on the cause, which is open: alert40-check explain {}\n",
                   diagnosis.findings.front().cause);
        return;
    }
    const auto& software = diagnosis.subject.server_software;
    for (const auto& [name, text] : diagnosis.fix) {
        if (!software.empty() && name != software && name != "client") continue;
        std::string indented = text;
        for (auto end = indented.find('\n'); end != std::string::npos; end = indented.find('\n', end + 1))
            indented.insert(end + 1, "           ");
        fmt::print(out, "  {:<8} {}\n", name, indented);
    }
}

ordered_json json_of(const Finding& finding)
{
    return {{"cause", finding.cause},
            {"confidence", std::string(name(finding.confidence))},
            {"because", finding.because},
            {"excludes", finding.excludes}};
}

ordered_json json_of(const Diagnosis& diagnosis)
{
    ordered_json findings = ordered_json::array();
    for (const auto& finding : diagnosis.findings) findings.push_back(json_of(finding));
    ordered_json rests_on = ordered_json::array();
    for (const auto& each : diagnosis.rests_on)
        rests_on.push_back({{"file", each.file}, {"line", each.line}, {"text", each.text}});
    ordered_json fix = ordered_json::object();
    for (const auto& [software, text] : diagnosis.fix) fix[software] = text;
    return {{"subject", diagnosis.subject.text},
            {"state", std::string(name(diagnosis.state))},
            {"verdict", diagnosis.verdict},
            {"findings", findings},
            {"first_class", diagnosis.first_class},
            {"proof", diagnosis.proof},
            {"notes", diagnosis.notes},
            {"unknown", diagnosis.unknown},
            {"rests_on", rests_on},
            {"says", diagnosis.says},
            {"ladder", diagnosis.ladder},
            {"next_test", diagnosis.next_test},
            {"fix", fix}};
}

/// What others wrote need not be UTF-8.
std::string dumped(const ordered_json& json, int indent)
{
    return json.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace

std::string headline_of(const Diagnosis& diagnosis, const Knowledge& knowledge)
{
    if (diagnosis.findings.empty()) return std::string(name(diagnosis.state));
    if (!is_open(diagnosis)) return diagnosis.findings.front().cause + title_of(diagnosis.findings.front(), knowledge);
    const std::span causes(diagnosis.first_class);
    const auto named = causes.first(std::min(causes.size(), kMostInHeadline));
    const auto others = causes.size() - named.size();
    return fmt::format("open: {}{}", fmt::join(named, " or "), others > 0 ? fmt::format(", or {} more", others) : "");
}

void write_diagnosis(const Diagnosis& diagnosis, const Knowledge& knowledge, const DiagnosisReportOptions& options,
                     std::ostream& out)
{
    fmt::print(out, "{}\n  {}{}{}\n  {}\n", diagnosis.subject.text, options.colour ? colour_of(diagnosis.state) : "",
               headline_of(diagnosis, knowledge), options.colour ? "\x1b[0m" : "", printable(diagnosis.verdict));
    write_list("Proof", diagnosis.proof, out);
    write_findings(diagnosis, knowledge, out);
    for (const auto& says : diagnosis.says) fmt::print(out, "\nIn its own words\n  {}\n", quoted(says));
    if (!diagnosis.rests_on.empty()) fmt::print(out, "\nRests on\n");
    for (const auto& each : diagnosis.rests_on)
        fmt::print(out, "  {}:{}: {}\n", each.file, each.line, printable(each.text));
    if (options.ladder && !diagnosis.ladder.empty())
        fmt::print(out, "\nThe wire\n  {}\n", fmt::join(diagnosis.ladder, "\n  "));
    write_list("Beside that", diagnosis.notes, out);
    write_list("Not known", diagnosis.unknown, out);
    write_fix(diagnosis, out);
    if (!diagnosis.next_test.empty()) fmt::print(out, "\nThe test that decides\n  {}\n", diagnosis.next_test);
}

void write_diagnoses_json(const std::vector<Diagnosis>& diagnoses, std::ostream& out)
{
    ordered_json all = ordered_json::array();
    for (const auto& diagnosis : diagnoses) all.push_back(json_of(diagnosis));
    fmt::print(out, "{}\n", dumped({{"schema", 1}, {"diagnoses", all}}, 1));
}

std::string diagnosis_line(const Diagnosis& diagnosis)
{
    return dumped(json_of(diagnosis), -1);
}

} // namespace alert40
