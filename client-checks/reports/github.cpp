// SPDX-License-Identifier: GPL-2.0-or-later
// Workflow commands as GitHub reads them from a job's output: an annotation at the line that was not met. It shows ten
// errors of a step, so there is one for each line of a scenario, with all the clients that it was not met by.
#include "client-checks/reports/formats.h"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>
#include <map>

namespace alert40 {
namespace {

/// As the runner unescapes them (actions/toolkit, packages/core/src/command.ts); escape sequences are gone.
std::string escape(std::string_view text, bool property)
{
    std::string escaped;
    for (const char letter : text) {
        const bool control =
            (static_cast<unsigned char>(letter) < 0x20 && letter != '\n' && letter != '\r') || letter == 0x7F;
        if (letter == '%' || letter == '\r' || letter == '\n' || (property && (letter == ':' || letter == ',')))
            escaped += fmt::format("%{:02X}", static_cast<unsigned>(letter));
        else
            escaped += control ? ' ' : letter;
    }
    return escaped;
}

struct Annotation {
    std::string level; // of the worst
    std::string title;
    std::vector<std::string> lines;
};

void add(Annotation& annotation, const ResultCell& cell)
{
    if (!cell.known) annotation.level = "error";
    annotation.lines.push_back(
        fmt::format("{}{}: {}", cell.client, cell.known ? " (as in the baseline)" : "", fmt::join(cell.why, "; ")));
    if (cell.seen && !cell.seen->says.empty()) annotation.lines.push_back("  " + cell.seen->says);
}

void write_scenario(const ResultScenario& scenario, std::ostream& out)
{
    std::map<std::pair<std::string, unsigned>, Annotation> places; // by file and line
    for (const auto& cell : scenario.cells) {
        if (!cell.red()) continue;
        const auto& at = cell.expected_at.file.empty() ? scenario.at : cell.expected_at;
        auto& annotation =
            places.emplace(std::pair(at.file, at.line), Annotation{"notice", scenario.name, {}}).first->second;
        add(annotation, cell);
    }
    for (const auto& [place, annotation] : places) {
        const auto& [file, line] = place;
        const auto where = file.empty() ? "" : fmt::format("file={},line={},", escape(file, true), std::max(line, 1U));
        fmt::print(out, "::{} {}title={}::{}\n", annotation.level, where, escape(annotation.title, true),
                   escape(fmt::format("{}", fmt::join(annotation.lines, "\n")), false));
    }
}

} // namespace

void write_github_report(const RunResult& result, const ReportOptions& /*options*/, std::ostream& out)
{
    for (const auto& scenario : result.scenarios) write_scenario(scenario, out);
    if (result.since)
        for (const auto& change : result.since->changes)
            if (change.kind == Change::Kind::gone)
                fmt::print(out, "::error title={}::{} is gone, which was in the baseline: {}\n",
                           escape(change.scenario, true), escape(change.client, false), escape(change.before, false));
    const Tally all = tally(result);
    fmt::print(out, "::notice title=alert40::{} cells: {} passed, {} failed, {} skipped, {} in error{}\n", all.total(),
               all.pass, all.fail, all.skip, all.error,
               result.complete ? "" : escape("; not complete " + result.interrupted, false));
}

} // namespace alert40
