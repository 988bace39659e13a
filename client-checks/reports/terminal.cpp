// SPDX-License-Identifier: GPL-2.0-or-later
// For people: the matrix, then every cell that is not as expected, then what was skipped and why, then the sums.
#include "client-checks/reports/formats.h"
#include "client-checks/reports/printable.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <map>
#include <tuple>

namespace alert40 {
namespace {

constexpr std::string_view kReset = "\x1b[0m";

std::string_view colour_of(Verdict verdict)
{
    switch (verdict) {
    case Verdict::pass:
        return "\x1b[32m";
    case Verdict::fail:
        return "\x1b[31m";
    case Verdict::skip:
        return "\x1b[33m";
    case Verdict::error:
        return "\x1b[35m";
    }
    return "";
}

std::size_t width_of(const ResultClient& client)
{
    return std::max<std::size_t>(12, client.name.size() + 2);
}

/// The scenarios' lines with these clients' columns.
void write_columns(const RunResult& result, std::span<const ResultClient> clients, std::size_t widest,
                   const ReportOptions& options, std::ostream& out)
{
    fmt::print(out, "{:<{}}", "scenario", widest);
    for (const auto& client : clients) fmt::print(out, "{:<{}}", client.name, width_of(client));
    fmt::print(out, "\n");
    for (const auto& row : result.scenarios) {
        fmt::print(out, "{:<{}}", row.name, widest);
        for (const auto& client : clients) {
            const auto* cell = row.cell_of(client.name);
            const auto text = fmt::format("{:<{}}", cell != nullptr ? cell->word : "", width_of(client));
            if (options.colour && cell != nullptr)
                fmt::print(out, "{}{}{}", colour_of(cell->verdict), text, kReset);
            else
                fmt::print(out, "{}", text);
        }
        fmt::print(out, "\n");
    }
    fmt::print(out, "\n");
}

/// With many clients in several tables, none wider than a wide terminal.
void write_matrix(const RunResult& result, const ReportOptions& options, std::ostream& out)
{
    constexpr std::size_t kWidestLine = 160;
    std::size_t widest = 8;
    for (const auto& row : result.scenarios) widest = std::max(widest, row.name.size());
    widest += 2;
    const std::span<const ResultClient> clients = result.clients;
    for (std::size_t first = 0; first == 0 || first < clients.size();) {
        std::size_t count = 0;
        for (std::size_t line = widest; first + count < clients.size(); ++count) {
            line += width_of(clients[first + count]);
            if (count > 0 && line > kWidestLine) break;
        }
        write_columns(result, clients.subspan(first, count), widest, options, out);
        first += std::max<std::size_t>(count, 1);
    }
    fmt::print(out, "< from the server, > from the client; a number is an alert. A failing scenario passed only "
                    "where the client\n"
                    "also connects with the fix.\n");
}

void write_failure(const ResultScenario& row, const ResultCell& cell, std::ostream& out)
{
    fmt::print(out, "\n{}  {} x {}{}\n", name(cell.verdict), row.name, cell.client,
               cell.known ? "  (as in the baseline)" : "");
    for (const auto& why : cell.why) fmt::print(out, "    why:      {}\n", quoted(why));
    if (!cell.expected.empty()) fmt::print(out, "    expected: {}  ({})\n", cell.expected, cell.expected_at.text());
    if (!cell.seen) return;
    const SeenRun& seen = *cell.seen;
    if (!cell.further.empty()) fmt::print(out, "    connection {} of {}\n", cell.connection, cell.further.size() + 1);
    if (!seen.outcome.empty()) fmt::print(out, "    wire:     {}\n", seen.outcome);
    for (const auto& other : seen.also) fmt::print(out, "    also:     {}\n", other);
    if (!seen.says.empty())
        fmt::print(out, "    client:   {}\n", quoted(seen.says));
    else
        fmt::print(out, "    client:   exit status {}, stderr: {}\n", seen.exit_code, quoted(seen.errors));
    for (const auto& finding : cell.findings)
        fmt::print(out, "    diagnosis: {} ({})\n", finding.cause, finding.confidence);
    fmt::print(out, "    command:  {} \n", quoted(seen.command.text()));
}

void write_skips(const RunResult& result, std::ostream& out)
{
    std::map<std::string, std::vector<std::string>> reasons;
    for (const auto& row : result.scenarios)
        for (const auto& cell : row.cells)
            if (cell.verdict == Verdict::skip)
                reasons[cell.client + ": " + (cell.why.empty() ? "" : cell.why.front())].push_back(row.name);
    if (!reasons.empty()) fmt::print(out, "\nskipped\n");
    for (const auto& [reason, scenarios] : reasons) {
        const auto where = scenarios.size() == 1 ? scenarios.front() : fmt::format("{} scenarios", scenarios.size());
        fmt::print(out, "  {} ({})\n", quoted(reason), where);
    }
}

/// How far a client departs from what the scenarios say of all clients, and how much its text can tell.
void write_clients(const RunResult& result, std::ostream& out)
{
    fmt::print(out, "\n{:<14}{:<22}{:>6}{:>6}{:>6}{:>7}{:>12}{:>9}\n", "client", "version", "pass", "fail", "skip",
               "error", "exceptions", "accepts");
    for (const auto& client : result.clients) {
        std::size_t counts[4] = {};
        std::size_t exceptions = 0;
        std::size_t accepts = 0;
        for (const auto& row : result.scenarios) {
            const auto* cell = row.cell_of(client.name);
            if (cell == nullptr) continue;
            ++counts[static_cast<std::size_t>(cell->verdict)];
            exceptions += cell->because.empty() ? 0 : 1;
            accepts += cell->accepts ? 1 : 0;
        }
        fmt::print(out, "{:<14}{:<22}{:>6}{:>6}{:>6}{:>7}{:>12}{:>9}\n", client.name,
                   client.absent.empty() ? printable(client.version) : "absent", counts[0], counts[1], counts[2],
                   counts[3], exceptions, accepts);
    }
}

/// Changes that read the same are one line: an upgrade can change a client's words in every scenario.
void write_since(const Comparison& since, std::ostream& out)
{
    using Alike = std::tuple<Change::Kind, std::string, std::string, std::string>;
    std::vector<std::pair<const Change*, std::size_t>> lines;
    std::map<Alike, std::size_t> line_of;
    std::size_t counting = 0;
    for (const auto& change : since.changes) {
        counting += change.counts ? 1 : 0;
        const auto [line, first] =
            line_of.emplace(Alike{change.kind, change.client, change.before, change.now}, lines.size());
        if (first) lines.emplace_back(&change, 0);
        ++lines[line->second].second;
    }
    fmt::print(out, "since {}{}: {} changes, of which {} count; {} cells fail as they did\n", since.baseline,
               since.started.empty() ? "" : " of " + since.started, since.changes.size(), counting, since.known);
    for (const auto& [change, times] : lines) {
        const auto where = times > 1 ? fmt::format("{} and {} more", change->scenario, times - 1) : change->scenario;
        fmt::print(out, "  {} {:<9} {}{}{}\n", change->counts ? '!' : ' ', name(change->kind), change->client,
                   where.empty() ? "" : ": ", where);
        if (!change->before.empty()) fmt::print(out, "      was: {}\n", quoted(change->before));
        if (!change->now.empty()) fmt::print(out, "      now: {}\n", quoted(change->now));
    }
    fmt::print(out, "\n");
}

} // namespace

void write_terminal_report(const RunResult& result, const ReportOptions& options, std::ostream& out)
{
    if (result.since) write_since(*result.since, out);
    write_matrix(result, options, out);
    for (const auto& row : result.scenarios)
        for (const auto& cell : row.cells)
            if (cell.red()) write_failure(row, cell, out);
    write_skips(result, out);
    write_clients(result, out);
    const Tally all = tally(result);
    fmt::print(
        out, "\n{} cells: {} passed ({} accept the fault, as expected), {} failed, {} skipped, {} in error; {:.1f} s\n",
        all.total(), all.pass, all.accepts, all.fail, all.skip, all.error,
        static_cast<double>(result.wall.count()) / 1000);
    if (!result.complete)
        fmt::print(out, "not complete{}{}: {} of {} cells were measured\n", result.interrupted.empty() ? "" : ", ",
                   result.interrupted, all.total(), result.scenarios.size() * result.clients.size());
}

} // namespace alert40
