// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/formats.h"

#include "server/wire/fingerprint.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

using nlohmann::json;

json text_or_null(const std::string& text)
{
    return text.empty() ? json(nullptr) : json(text);
}

/// How it ended, in the words of a scenario's `ends`, where nothing was said on the wire.
json ends_without_wire(const SymptomSet& symptoms)
{
    if (contains(symptoms, *Symptom::parse("refused"))) return "not-listening";
    return contains(symptoms, *Symptom::parse("local:configuration")) ? json("client-never-speaks") : json(nullptr);
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

std::vector<std::string> texts(const SymptomSet& symptoms)
{
    std::vector<std::string> all;
    for (const auto& symptom : symptoms) all.push_back(symptom.text());
    return all;
}

/// Enough to run the client again by hand: with --keep-files its files are still there.
json command_json(const Observation& seen)
{
    json command = {{"argv", seen.argv}, {"input", seen.input}, {"port", seen.port}, {"environment", json::object()}};
    for (const auto& [name, value] : seen.environment) command["environment"][name] = value;
    return command;
}

void add_observation(json& cell, const Observation& seen)
{
    cell["symptom"] = describe(seen.symptoms);
    cell["symptoms"] = texts(seen.symptoms);
    cell["client_says"] = text_or_null(seen.says);
    cell["exit_code"] = seen.child.exit_code;
    cell["command"] = command_json(seen);
    if (seen.wire() == nullptr) {
        cell["ends"] = ends_without_wire(seen.symptoms);
        return;
    }
    if (const auto& hello = seen.wire()->client_hello) {
        cell["ja3"] = ja3(*hello);
        cell["ja4"] = ja4(*hello);
    }
    const Outcome outcome = outcome_of(*seen.wire());
    cell["ends"] = seen.child.timed_out ? "timeout" : ends_of(outcome);
    cell["phase"] = name(outcome.phase);
    cell["alert"] = nullptr;
    cell["alert_by"] = nullptr;
    const auto* sent = std::get_if<AlertSent>(&outcome.how);
    const auto* received = std::get_if<AlertReceived>(&outcome.how);
    if (sent != nullptr || received != nullptr) {
        cell["alert"] = name(sent != nullptr ? sent->alert.description : received->alert.description);
        cell["alert_by"] = sent != nullptr ? "server" : "client";
    }
}

json cell_json(const CellResult& cell, const RosterEntry& client)
{
    json object = {{"client", cell.client},
                   {"client_version", text_or_null(client.version)},
                   {"library", client.definition.library},
                   {"verdict", name(cell.verdict)},
                   {"why", fmt::format("{}", fmt::join(cell.why, "; "))},
                   {"exceptions", cell.because},
                   {"accepts", cell.accepts},
                   {"ms", cell.wall.count()}};
    if (cell.faulty) add_observation(object, *cell.faulty);
    if (!cell.beside.empty()) object["connection"] = cell.connection;
    for (const auto& [number, seen] : cell.beside) {
        json run = {{"connection", number}};
        add_observation(run, seen);
        object["further_connections"].push_back(std::move(run));
    }
    object["diagnosis"] = cell.first_class.empty() ? json(nullptr) : json(cell.first_class.front());
    object["diagnosis_class"] = cell.first_class;
    for (const auto& finding : cell.findings)
        object["findings"].push_back(
            {{"cause", finding.cause}, {"confidence", name(finding.confidence)}, {"because", finding.because}});
    object["next_test"] = text_or_null(cell.next_test);
    object["diagnosis_from_client_only"] = cell.from_client_only;
    object["fix"] = nullptr;
    if (cell.fixed) {
        object["fix"] = describe(cell.fixed->symptoms);
        object["fix_command"] = command_json(*cell.fixed);
    }
    return object;
}

} // namespace

void write_json_report(const MatrixResult& result, const ReportOptions& /*options*/, std::ostream& out)
{
    json report = {{"schema", 1}, {"wall_ms", result.wall.count()}, {"scenarios", json::array()}};
    for (const auto& row : result.rows) {
        json scenario = {{"name", row.scenario.id},
                         {"title", row.scenario.title},
                         {"cause", row.scenario.cause.value},
                         {"cells", json::array()}};
        for (std::size_t column = 0; column < row.cells.size(); ++column)
            scenario["cells"].push_back(cell_json(row.cells[column], result.clients[column]));
        report["scenarios"].push_back(std::move(scenario));
    }
    // What clients print is not always UTF-8: such octets become U+FFFD.
    out << report.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
}

} // namespace alert40
