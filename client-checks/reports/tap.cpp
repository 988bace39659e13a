// SPDX-License-Identifier: GPL-2.0-or-later
// TAP 14 (testanything.org): a test point per cell; what is behind one that is not ok in a YAML block of JSON texts.
#include "client-checks/reports/formats.h"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

/// One line without directives: # and \ are escaped, control characters become spaces.
std::string escape(std::string_view text)
{
    std::string escaped;
    for (const char letter : text) {
        if (letter == '#' || letter == '\\') escaped += '\\';
        const bool control = static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F;
        escaped += control ? ' ' : letter;
    }
    return escaped;
}

/// A JSON text is a YAML text; ASCII, since clients print anything.
std::string quoted(const std::string& text)
{
    return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

void write_block(const ResultCell& cell, std::ostream& out)
{
    fmt::print(out, "  ---\n  message: {}\n  severity: {}\n", quoted(fmt::format("{}", fmt::join(cell.why, "; "))),
               cell.verdict == Verdict::error ? "error" : "fail");
    if (!cell.expected.empty())
        fmt::print(out, "  expected: {}\n  at: {}\n", quoted(cell.expected), quoted(cell.expected_at.text()));
    if (cell.seen) {
        if (!cell.seen->outcome.empty()) fmt::print(out, "  wire: {}\n", quoted(cell.seen->outcome));
        fmt::print(out, "  client: {}\n", quoted(cell.seen->says.empty() ? cell.seen->errors : cell.seen->says));
        fmt::print(out, "  command: {}\n", quoted(cell.seen->command.text()));
    }
    fmt::print(out, "  ...\n");
}

} // namespace

void write_tap_report(const RunResult& result, const ReportOptions& /*options*/, std::ostream& out)
{
    const std::size_t total = tally(result).total();
    fmt::print(out, "TAP version 14\n1..{}{}\n", total, total == 0 ? " # SKIP nothing was run" : "");
    std::size_t number = 0;
    for (const auto& row : result.scenarios)
        for (const auto& cell : row.cells) {
            const auto why = escape(fmt::format("{}", fmt::join(cell.why, "; ")));
            fmt::print(out, "{} {} - {} with {}", cell.red() ? "not ok" : "ok", ++number, escape(row.name),
                       escape(cell.client));
            if (cell.verdict == Verdict::skip) fmt::print(out, " # SKIP {}", why);
            if (cell.known) fmt::print(out, " # TODO as in the baseline");
            fmt::print(out, "\n");
            if (cell.red()) write_block(cell, out);
        }
    if (!result.complete) fmt::print(out, "Bail out! not complete {}\n", escape(result.interrupted));
}

} // namespace alert40
