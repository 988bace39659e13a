// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/result.h"

#include "client-checks/diagnosis/wire_steps.h"
#include "server/wire/fingerprint.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

constexpr std::size_t kErrorsKept = 300;

/// What clients print is not always UTF-8, which most reports must be: such octets become U+FFFD.
std::string utf8(const std::string& text)
{
    const auto ascii = [](char letter) { return static_cast<unsigned char>(letter) < 0x80; };
    if (std::all_of(text.begin(), text.end(), ascii)) return text;
    const auto valid = nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return nlohmann::json::parse(valid).get<std::string>();
}

std::vector<std::string> utf8(std::vector<std::string> texts)
{
    for (auto& text : texts) text = utf8(text);
    return texts;
}

/// How it ended, in the words of a scenario's `ends`, where nothing was said on the wire.
std::string ends_without_wire(const SymptomSet& symptoms)
{
    if (contains(symptoms, *Symptom::parse("refused"))) return "not-listening";
    return contains(symptoms, *Symptom::parse("local:configuration")) ? "client-never-speaks" : "";
}

/// How the wire ended, in the words of a scenario's `ends`.
std::string ends_of(const Outcome& outcome)
{
    struct Words {
        std::string operator()(const Completed&) const { return "connected"; }
        std::string operator()(const AlertSent&) const { return "server-alert"; }
        std::string operator()(const AlertReceived&) const { return "client-rejects"; }
        std::string operator()(const PeerClosed&) const { return "client-closes"; }
        std::string operator()(const PeerReset&) const { return "client-closes"; }
        std::string operator()(const WeClosed&) const { return "server-close"; }
        std::string operator()(const WeReset&) const { return "server-reset"; }
        std::string operator()(const Expired&) const { return "timeout"; }
    };
    return std::visit(Words{}, outcome.how);
}

ResultCommand command_of(const Observation& seen)
{
    ResultCommand command{utf8(seen.argv), seen.environment, utf8(seen.input), seen.port};
    for (auto& [name, value] : command.environment) value = utf8(value);
    return command;
}

void add_outcome(SeenRun& run, const Outcome& outcome)
{
    run.phase = name(outcome.phase);
    const auto* sent = std::get_if<AlertSent>(&outcome.how);
    const auto* received = std::get_if<AlertReceived>(&outcome.how);
    if (sent == nullptr && received == nullptr) return;
    run.alert = name(sent != nullptr ? sent->alert.description : received->alert.description);
    run.alert_by = sent != nullptr ? "server" : "client";
}

SeenRun seen_run(const Observation& seen)
{
    SeenRun run;
    run.symptom = describe(seen.symptoms);
    for (const auto& symptom : seen.symptoms) run.symptoms.push_back(symptom.text());
    run.says = utf8(seen.says);
    const auto& errors = seen.child.errors;
    if (seen.says.empty())
        run.errors = utf8(errors.size() > kErrorsKept ? "..." + errors.substr(errors.size() - kErrorsKept) : errors);
    run.exit_code = seen.child.exit_code;
    run.command = command_of(seen);
    if (seen.wire() == nullptr) {
        run.ends = ends_without_wire(seen.symptoms);
        return run;
    }
    if (const auto& hello = seen.wire()->client_hello) {
        run.ja3 = ja3(*hello);
        run.ja4 = ja4(*hello);
    }
    const Outcome outcome = outcome_of(*seen.wire());
    run.ends = seen.child.timed_out ? "timeout" : ends_of(outcome);
    run.outcome = describe(outcome);
    run.wire = wire_steps(*seen.wire());
    add_outcome(run, outcome);
    for (std::size_t index = 0; index < seen.connections.size(); ++index)
        if (index != seen.deciding) run.also.push_back(describe(outcome_of(seen.connections[index])));
    return run;
}

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

ResultPlace place_of(const SourcePos& where, const std::filesystem::path& data)
{
    if (!where.file) return {};
    const auto file = std::filesystem::path(*where.file).lexically_normal();
    const auto inside = file.lexically_relative(data.lexically_normal());
    const bool is_inside = !data.empty() && !inside.empty() && *inside.begin() != "..";
    return {is_inside ? inside.string() : *where.file, where.line, where.column};
}

void count(Tally& tally, const ResultCell& cell)
{
    switch (cell.verdict) {
    case Verdict::pass:
        ++tally.pass;
        tally.accepts += cell.accepts ? 1 : 0;
        break;
    case Verdict::fail:
        ++tally.fail;
        break;
    case Verdict::skip:
        ++tally.skip;
        break;
    case Verdict::error:
        ++tally.error;
        break;
    }
    tally.known += cell.known ? 1 : 0;
}

} // namespace

std::string ResultCommand::text() const
{
    std::string text;
    for (const auto& [variable, value] : environment) text += fmt::format("{}={} ", variable, value);
    return text + fmt::format("{}", fmt::join(argv, " "));
}

std::string ResultPlace::text() const
{
    return line == 0 ? file : fmt::format("{}:{}:{}", file, line, column);
}

const ResultCell* ResultScenario::cell_of(std::string_view client) const
{
    const auto found =
        std::find_if(cells.begin(), cells.end(), [&](const auto& cell) { return cell.client == client; });
    return found == cells.end() ? nullptr : &*found;
}

const ResultClient* RunResult::client(std::string_view wanted) const
{
    const auto found =
        std::find_if(clients.begin(), clients.end(), [&](const auto& each) { return each.name == wanted; });
    return found == clients.end() ? nullptr : &*found;
}

std::string_view name(Change::Kind kind)
{
    switch (kind) {
    case Change::Kind::verdict:
        return "verdict";
    case Change::Kind::behaviour:
        return "behaviour";
    case Change::Kind::words:
        return "words";
    case Change::Kind::added:
        return "new";
    case Change::Kind::gone:
        return "gone";
    case Change::Kind::client:
        return "client";
    }
    return "";
}

RunResult frame_of(const MatrixResult& matrix, const std::filesystem::path& data)
{
    RunResult result;
    for (const auto& client : matrix.clients)
        result.clients.push_back({client.definition.name, client.definition.title, client.definition.library,
                                  utf8(client.version), client.absent});
    for (const auto& row : matrix.rows) {
        const Scenario& scenario = row.scenario;
        ResultScenario made{scenario.id, scenario.title, scenario.cause.value, scenario.lesson, {}, {}, 0, {}};
        made.fix = scenario.fix ? scenario.fix->summary : "";
        made.at = place_of(scenario.where, data);
        made.place = result.scenarios.size();
        result.scenarios.push_back(std::move(made));
    }
    return result;
}

ResultCell summarise(const CellResult& cell, const std::filesystem::path& data)
{
    ResultCell made;
    made.client = cell.client;
    made.verdict = cell.verdict;
    made.word = word(cell);
    made.why = utf8(cell.why);
    made.because = cell.because;
    made.accepts = cell.accepts;
    made.ms = cell.wall.count();
    if (cell.expected) {
        made.expected = describe(*cell.expected);
        made.expected_at = place_of(cell.expected->where, data);
    }
    if (cell.faulty) made.seen = seen_run(*cell.faulty);
    made.connection = cell.connection;
    for (const auto& [number, seen] : cell.beside) made.further.push_back({number, seen_run(seen)});
    for (const auto& finding : cell.findings)
        made.findings.push_back({finding.cause, std::string(name(finding.confidence)), finding.because});
    made.first_class = cell.first_class;
    made.from_client_only = cell.from_client_only;
    made.next_test = utf8(cell.next_test);
    if (cell.proved) {
        for (const auto& finding : cell.proved->findings) made.proved.push_back(finding.cause);
        for (const auto& experiment : cell.proved->proof) made.proof.push_back(utf8(experiment));
    }
    if (cell.fixed) made.fix = ResultFix{describe(cell.fixed->symptoms), command_of(*cell.fixed)};
    return made;
}

RunResult summarise(const MatrixResult& matrix, const std::filesystem::path& data)
{
    RunResult result = frame_of(matrix, data);
    result.wall = matrix.wall;
    for (std::size_t index = 0; index < matrix.rows.size(); ++index)
        for (const auto& cell : matrix.rows[index].cells) {
            if (cell.client.empty())
                result.complete = false; // no client has run it
            else
                result.scenarios[index].cells.push_back(summarise(cell, data));
        }
    return result;
}

Tally tally(const RunResult& result)
{
    Tally tally;
    for (const auto& scenario : result.scenarios)
        for (const auto& cell : scenario.cells) count(tally, cell);
    return tally;
}

int exit_status(const RunResult& result)
{
    const bool none_runs = std::all_of(result.clients.begin(), result.clients.end(),
                                       [](const auto& client) { return !client.absent.empty(); });
    if (none_runs || !result.complete) return 3;
    bool failed = false;
    for (const auto& scenario : result.scenarios)
        for (const auto& cell : scenario.cells) {
            if (cell.verdict == Verdict::error && !cell.known) return 3;
            failed = failed || (cell.verdict == Verdict::fail && !cell.known);
        }
    if (!result.since) return failed ? 1 : 0;
    const auto& changes = result.since->changes;
    return std::any_of(changes.begin(), changes.end(), [](const auto& change) { return change.counts; }) ? 1 : 0;
}

} // namespace alert40
