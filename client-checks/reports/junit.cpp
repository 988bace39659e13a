// SPDX-License-Identifier: GPL-2.0-or-later
// JUnit XML as Jenkins, GitLab and GitHub read it: a testsuite per scenario, a testcase per client.
#include "client-checks/reports/formats.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>

namespace alert40 {
namespace {

/// XML 1.0: five entities, and no control characters but tab and line ends.
std::string escape(std::string_view text)
{
    std::string escaped;
    for (const char letter : text) {
        if (letter == '&')
            escaped += "&amp;";
        else if (letter == '<')
            escaped += "&lt;";
        else if (letter == '>')
            escaped += "&gt;";
        else if (letter == '"')
            escaped += "&quot;";
        else if (letter == '\n')
            escaped += "&#10;";
        else if (static_cast<unsigned char>(letter) < 0x20 && letter != '\t')
            escaped += '?';
        else if (static_cast<unsigned char>(letter) >= 0x80)
            escaped += '?'; // may not be UTF-8
        else
            escaped += letter;
    }
    return escaped;
}

std::string detail(const ScenarioRow& row, const CellResult& cell)
{
    std::string text = fmt::format("{}: {}\n", row.scenario.id, cell.client);
    for (const auto& why : cell.why) text += fmt::format("{}\n", why);
    if (cell.expected)
        text += fmt::format("expected: {} ({})\n", describe(*cell.expected), cell.expected->where.text());
    if (cell.faulty && cell.faulty->wire() != nullptr)
        text += fmt::format("wire: {}\n", describe(outcome_of(*cell.faulty->wire())));
    if (cell.faulty && !cell.faulty->says.empty()) text += fmt::format("client: {}\n", cell.faulty->says);
    return text;
}

void write_case(const ScenarioRow& row, const CellResult& cell, std::ostream& out)
{
    fmt::print(out, "    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"", escape(row.scenario.id),
               escape(cell.client), static_cast<double>(cell.wall.count()) / 1000);
    const auto why = escape(fmt::format("{}", fmt::join(cell.why, "; ")));
    switch (cell.verdict) {
    case Verdict::pass:
        fmt::print(out, "/>\n");
        return;
    case Verdict::skip:
        fmt::print(out, ">\n      <skipped message=\"{}\"/>\n    </testcase>\n", why);
        return;
    case Verdict::fail:
        fmt::print(out, ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n", why,
                   escape(detail(row, cell)));
        return;
    case Verdict::error:
        fmt::print(out, ">\n      <error message=\"{}\">{}</error>\n    </testcase>\n", why, escape(detail(row, cell)));
        return;
    }
}

} // namespace

void write_junit_report(const MatrixResult& result, const ReportOptions& /*options*/, std::ostream& out)
{
    const Tally all = tally(result);
    fmt::print(out,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"alert40\" tests=\"{}\" failures=\"{}\" "
               "errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n",
               all.total(), all.fail, all.error, all.skip, static_cast<double>(result.wall.count()) / 1000);
    for (const auto& row : result.rows) {
        const auto count = [&](Verdict verdict) {
            return std::count_if(row.cells.begin(), row.cells.end(),
                                 [&](const auto& cell) { return cell.verdict == verdict; });
        };
        fmt::print(out, "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
                   escape(row.scenario.id), row.cells.size(), count(Verdict::fail), count(Verdict::error),
                   count(Verdict::skip));
        for (const auto& cell : row.cells) write_case(row, cell, out);
        fmt::print(out, "  </testsuite>\n");
    }
    fmt::print(out, "</testsuites>\n");
}

} // namespace alert40
