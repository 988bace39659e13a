// SPDX-License-Identifier: GPL-2.0-or-later
// For people: the matrix, then every cell that is not as expected, then what was skipped and why, then the sums.
#include "client-checks/reports/formats.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <map>

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

/// A cell in a word: what ended the connection where it passed, else the verdict.
std::string word(const CellResult& cell)
{
    if (cell.verdict != Verdict::pass) return fmt::format("{}", name(cell.verdict));
    if (cell.accepts) return "accepts";
    if (cell.faulty->wire() == nullptr) return cell.expected->ends == Ending::not_listening ? "refused" : "no hello";
    if (!cell.faulty->wire()->client_hello && cell.expected->ends == Ending::client_never_speaks) return "no hello";
    const Outcome outcome = outcome_of(*cell.faulty->wire());
    if (const auto* sent = std::get_if<AlertSent>(&outcome.how))
        return fmt::format("< {}", static_cast<int>(sent->alert.description));
    if (const auto* received = std::get_if<AlertReceived>(&outcome.how))
        return fmt::format("> {}", static_cast<int>(received->alert.description));
    if (cell.faulty->child.timed_out) return "timeout";
    if (std::holds_alternative<Completed>(outcome.how))
        return cell.expected->ends == Ending::http_refuses ? cell.expected->symptom->reason() : "connects";
    if (std::holds_alternative<WeReset>(outcome.how)) return "< RST";
    if (std::holds_alternative<WeClosed>(outcome.how)) return "< FIN";
    return std::holds_alternative<PeerReset>(outcome.how) ? "> RST" : "> FIN";
}

void write_matrix(const MatrixResult& result, const ReportOptions& options, std::ostream& out)
{
    std::size_t widest = 8;
    for (const auto& row : result.rows) widest = std::max(widest, row.scenario.id.size());
    fmt::print(out, "{:<{}}", "scenario", widest + 2);
    for (const auto& client : result.clients) fmt::print(out, "{:<12}", client.definition.name);
    fmt::print(out, "\n");
    for (const auto& row : result.rows) {
        fmt::print(out, "{:<{}}", row.scenario.id, widest + 2);
        for (const auto& cell : row.cells) {
            const auto text = fmt::format("{:<12}", word(cell));
            if (options.colour)
                fmt::print(out, "{}{}{}", colour_of(cell.verdict), text, kReset);
            else
                fmt::print(out, "{}", text);
        }
        fmt::print(out, "\n");
    }
    fmt::print(out, "\n< from the server, > from the client; a number is an alert. A failing scenario passed only "
                    "where the client\n"
                    "also connects with the fix.\n");
}

void write_wire(const Observation& seen, std::ostream& out)
{
    if (seen.wire() != nullptr) fmt::print(out, "    wire:     {}\n", describe(outcome_of(*seen.wire())));
    for (std::size_t index = 0; index < seen.connections.size(); ++index)
        if (index != seen.deciding)
            fmt::print(out, "    also:     {}\n", describe(outcome_of(seen.connections[index])));
}

/// What a client printed, without what would steer the terminal.
std::string printable(std::string text)
{
    for (auto& letter : text)
        if ((static_cast<unsigned char>(letter) < 0x20 && letter != '\n') || letter == 0x7F) letter = ' ';
    return text;
}

std::string last_lines(const std::string& text)
{
    constexpr std::size_t kShown = 300;
    return printable(text.size() > kShown ? "..." + text.substr(text.size() - kShown) : text);
}

void write_failure(const ScenarioRow& row, const CellResult& cell, std::ostream& out)
{
    fmt::print(out, "\n{}  {} x {}\n", name(cell.verdict), row.scenario.id, cell.client);
    for (const auto& why : cell.why) fmt::print(out, "    why:      {}\n", why);
    if (cell.expected)
        fmt::print(out, "    expected: {}  ({})\n", describe(*cell.expected), cell.expected->where.text());
    if (!cell.faulty) return;
    if (!cell.beside.empty()) fmt::print(out, "    connection {} of {}\n", cell.connection, cell.beside.size() + 1);
    write_wire(*cell.faulty, out);
    const auto& child = cell.faulty->child;
    if (!cell.faulty->says.empty())
        fmt::print(out, "    client:   {}\n", printable(cell.faulty->says));
    else
        fmt::print(out, "    client:   exit status {}, stderr: {}\n", child.exit_code, last_lines(child.errors));
    for (const auto& finding : cell.findings)
        fmt::print(out, "    diagnosis: {} ({})\n", finding.cause, name(finding.confidence));
    std::string command;
    for (const auto& [variable, value] : cell.faulty->environment) command += fmt::format("{}={} ", variable, value);
    for (const auto& argument : cell.faulty->argv) command += argument + " ";
    fmt::print(out, "    command:  {}\n", command);
}

void write_skips(const MatrixResult& result, std::ostream& out)
{
    std::map<std::string, std::vector<std::string>> reasons;
    for (const auto& row : result.rows)
        for (const auto& cell : row.cells)
            if (cell.verdict == Verdict::skip)
                reasons[cell.client + ": " + cell.why.front()].push_back(row.scenario.id);
    if (!reasons.empty()) fmt::print(out, "\nskipped\n");
    for (const auto& [reason, scenarios] : reasons) {
        const auto where = scenarios.size() == 1 ? scenarios.front() : fmt::format("{} scenarios", scenarios.size());
        fmt::print(out, "  {} ({})\n", reason, where);
    }
}

/// How far a client departs from what the scenarios say of all clients, and how much its text can tell.
void write_clients(const MatrixResult& result, std::ostream& out)
{
    fmt::print(out, "\n{:<14}{:<22}{:>6}{:>6}{:>6}{:>7}{:>12}{:>9}\n", "client", "version", "pass", "fail", "skip",
               "error", "exceptions", "accepts");
    for (std::size_t column = 0; column < result.clients.size(); ++column) {
        std::size_t counts[4] = {};
        std::size_t exceptions = 0;
        std::size_t accepts = 0;
        for (const auto& row : result.rows) {
            const CellResult& cell = row.cells[column];
            ++counts[static_cast<std::size_t>(cell.verdict)];
            exceptions += cell.because.empty() ? 0 : 1;
            accepts += cell.accepts ? 1 : 0;
        }
        const auto& client = result.clients[column];
        fmt::print(out, "{:<14}{:<22}{:>6}{:>6}{:>6}{:>7}{:>12}{:>9}\n", client.definition.name,
                   client.absent.empty() ? client.version : "absent", counts[0], counts[1], counts[2], counts[3],
                   exceptions, accepts);
    }
}

} // namespace

void write_terminal_report(const MatrixResult& result, const ReportOptions& options, std::ostream& out)
{
    write_matrix(result, options, out);
    for (const auto& row : result.rows)
        for (const auto& cell : row.cells)
            if (cell.verdict == Verdict::fail || cell.verdict == Verdict::error) write_failure(row, cell, out);
    write_skips(result, out);
    write_clients(result, out);
    const Tally all = tally(result);
    fmt::print(
        out, "\n{} cells: {} passed ({} accept the fault, as expected), {} failed, {} skipped, {} in error; {:.1f} s\n",
        all.total(), all.pass, all.accepts, all.fail, all.skip, all.error,
        static_cast<double>(result.wall.count()) / 1000);
}

} // namespace alert40
