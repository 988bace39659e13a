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

std::string detail(const ResultScenario& row, const ResultCell& cell)
{
    std::string text = fmt::format("{}: {}\n", row.name, cell.client);
    for (const auto& why : cell.why) text += fmt::format("{}\n", why);
    if (!cell.expected.empty()) text += fmt::format("expected: {} ({})\n", cell.expected, cell.expected_at.text());
    if (cell.seen && !cell.seen->outcome.empty()) text += fmt::format("wire: {}\n", cell.seen->outcome);
    if (cell.seen && !cell.seen->says.empty()) text += fmt::format("client: {}\n", cell.seen->says);
    return text;
}

void write_case(const ResultScenario& row, const ResultCell& cell, std::ostream& out)
{
    fmt::print(out, "    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"", escape(row.name), escape(cell.client),
               static_cast<double>(cell.ms) / 1000);
    const auto why = escape(fmt::format("{}", fmt::join(cell.why, "; ")));
    if (cell.known) { // else every CI server would call the build broken
        fmt::print(out, ">\n      <skipped message=\"known since the baseline: {}\"/>\n    </testcase>\n", why);
        return;
    }
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

void write_junit_report(const RunResult& result, const ReportOptions& /*options*/, std::ostream& out)
{
    const auto counted = [](const RunResult& all, const ResultScenario* one, auto fits) {
        std::ptrdiff_t count = 0;
        for (const auto& row : all.scenarios)
            if (one == nullptr || one == &row) count += std::count_if(row.cells.begin(), row.cells.end(), fits);
        return count;
    };
    const auto counts = [&](const ResultScenario* one) {
        const auto of = [&](Verdict verdict) {
            return counted(result, one, [&](const auto& cell) { return cell.verdict == verdict && !cell.known; });
        };
        const auto skipped =
            counted(result, one, [](const auto& cell) { return cell.verdict == Verdict::skip || cell.known; });
        const auto all = counted(result, one, [](const auto&) { return true; });
        return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", all, of(Verdict::fail),
                           of(Verdict::error), skipped);
    };
    fmt::print(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"alert40\" {} time=\"{:.3f}\">\n",
               counts(nullptr), static_cast<double>(result.wall.count()) / 1000);
    for (const auto& row : result.scenarios) {
        fmt::print(out, "  <testsuite name=\"{}\" {}>\n", escape(row.name), counts(&row));
        for (const auto& cell : row.cells) write_case(row, cell, out);
        fmt::print(out, "  </testsuite>\n");
    }
    fmt::print(out, "</testsuites>\n");
}

} // namespace alert40
