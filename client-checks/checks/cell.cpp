// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/cell.h"

#include "client-checks/diagnosis/classes.h"
#include "client-checks/diagnosis/next_test.h"
#include "client-checks/probes/weighing.h"
#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <utility>

namespace alert40 {
namespace {

void skip(CellResult& cell, std::string why)
{
    cell.verdict = Verdict::skip;
    cell.why = {std::move(why)};
}

void find_causes(CellResult& cell, const RosterEntry& client, const Judgement& judgement)
{
    const Observation& seen = *cell.faulty;
    const auto& library = client.definition.library;
    Evidence both = gather_evidence(seen.wire(), seen.symptoms, library, seen.says);
    for (const auto& [number, other] : cell.beside)
        if (other.wire() != nullptr) both.beside.push_back(other.wire());
    cell.findings = diagnose(both);
    cell.first_class = first_class(cell.findings, judgement.classes, true, true);
    cell.next_test = next_test(cell.findings, judgement.classes, judgement.causes);
    const Evidence text = gather_evidence(nullptr, seen.symptoms, library, seen.says);
    for (const auto& finding : diagnose(text)) cell.from_client_only.push_back(finding.cause);
}

/// What the evidence of one failure cannot tell apart, the experiments must: the true cause comes first, or what no
/// experiment tells from it.
void judge_proof(CellResult& cell, const Scenario& scenario, const Judgement& judgement)
{
    if (!cell.proved) return;
    weigh(*cell.proved, cell.findings);
    const auto& findings = cell.proved->findings;
    const auto& cause = scenario.cause.value;
    if (!findings.empty() &&
        (findings.front().cause == cause || inseparable_live(judgement.classes, findings.front().cause, cause)))
        return;
    cell.why.push_back(fmt::format("by experiment {}, the cause is {} ({})",
                                   findings.empty() ? name(cell.proved->state) : findings.front().cause, cause,
                                   scenario.cause.where.text()));
}

/// The diagnosis is under test as well: the true cause stands in the first class, and nothing false is certain.
void judge_diagnosis(CellResult& cell, const Scenario& scenario, const Judgement& judgement)
{
    const bool fails = cell.expected->ends != Ending::connected;
    if (!fails) {
        if (!cell.findings.empty())
            cell.why.push_back(fmt::format("diagnosed as {}, and nothing failed", cell.findings.front().cause));
        return;
    }
    const auto& cause = scenario.cause.value;
    if (cause == "none") return; // a control that this client refuses: its file says why, and names no cause
    // Of a client that only says that it failed no more can be asked than that nothing false is certain.
    const bool tells = !contains(cell.faulty->symptoms, *Symptom::parse("unspecified"));
    if (tells && std::find(cell.first_class.begin(), cell.first_class.end(), cause) == cell.first_class.end())
        cell.why.push_back(
            fmt::format("diagnosed as {}, the cause is {} ({})",
                        cell.first_class.empty() ? "nothing" : fmt::format("{}", fmt::join(cell.first_class, " or ")),
                        cause, scenario.cause.where.text()));
    for (const auto& finding : cell.findings)
        if (finding.confidence == Confidence::certain && finding.cause != cause)
            cell.why.push_back(fmt::format("{} is called certain, the cause is {}", finding.cause, cause));
    judge_proof(cell, scenario, judgement);
}

Expected expect_connected()
{
    Expected expected;
    expected.symptom = Symptom::parse("connected");
    return expected;
}

void judge_connection(CellResult& cell, Observation& seen, const Expected& expected, const RosterEntry& client,
                      const std::string& which)
{
    interpret(seen, expected, client);
    for (const auto& difference : differences(seen, expected)) cell.why.push_back(which + difference);
}

bool fails(const Scenario& scenario, unsigned connection)
{
    const auto& failing = scenario.expect.failing;
    return failing.empty() || std::find(failing.begin(), failing.end(), connection) != failing.end();
}

void judge_beside(CellResult& cell, const Scenario& scenario, const RosterEntry& client)
{
    for (auto& [number, seen] : cell.beside)
        judge_connection(cell, seen, fails(scenario, number) ? *cell.expected : expect_connected(), client,
                         fmt::format("connection {}: ", number));
}

void judge_fix(CellResult& cell, const RosterEntry& client)
{
    if (!cell.fixed) return;
    judge_connection(cell, *cell.fixed, expect_connected(), client, "with the fix: ");
    for (auto& seen : cell.fixed_beside)
        judge_connection(cell, seen, expect_connected(), client, "with the fix, a further connection: ");
}

/// The first connection that fails decides; the others stand beside it.
void take_faulty(CellResult& cell, const Scenario& scenario, std::vector<Observation> seen)
{
    cell.proved = std::exchange(seen.front().proved, std::nullopt);
    cell.connection = 1;
    while (cell.connection < seen.size() && !fails(scenario, cell.connection)) ++cell.connection;
    for (unsigned number = 1; number <= seen.size(); ++number) {
        if (number == cell.connection)
            cell.faulty = std::move(seen[number - 1]);
        else
            cell.beside.emplace(number, std::move(seen[number - 1]));
    }
}

asio::awaitable<void> observe(const RunContext& context, const Judgement& judgement, const Scenario& scenario,
                              const RosterEntry& client, CellResult& cell)
{
    Skip cannot;
    auto faulty = co_await run_client(context, scenario, false, client, cannot);
    if (faulty.empty()) co_return skip(cell, cannot.why);
    if (faulty.front().not_applicable) co_return skip(cell, *faulty.front().not_applicable);
    take_faulty(cell, scenario, std::move(faulty));
    if (scenario.fix && judgement.with_fix) {
        auto fixed = co_await run_client(context, scenario, true, client, cannot);
        if (fixed.empty()) co_return skip(cell, "with the fix: " + cannot.why);
        cell.fixed = std::move(fixed.front());
        cell.fixed_beside.assign(std::make_move_iterator(fixed.begin() + 1), std::make_move_iterator(fixed.end()));
    }
    judge(cell, scenario, client, judgement);
}

} // namespace

std::string_view name(Verdict verdict)
{
    switch (verdict) {
    case Verdict::pass:
        return "pass";
    case Verdict::fail:
        return "fail";
    case Verdict::skip:
        return "skip";
    case Verdict::error:
        return "error";
    }
    return "";
}

void judge(CellResult& cell, const Scenario& scenario, const RosterEntry& client, const Judgement& judgement)
{
    interpret(*cell.faulty, *cell.expected, client);
    cell.why = differences(*cell.faulty, *cell.expected);
    judge_beside(cell, scenario, client);
    find_causes(cell, client, judgement);
    judge_diagnosis(cell, scenario, judgement);
    judge_fix(cell, client);
    cell.accepts = cell.expected->ends == Ending::connected && scenario.expect.ends != Ending::connected;
    cell.verdict = cell.why.empty() ? Verdict::pass : Verdict::fail;
}

asio::awaitable<CellResult> run_cell(const RunContext& context, const Judgement& judgement, const Scenario& scenario,
                                     const RosterEntry& client)
{
    const auto started = std::chrono::steady_clock::now();
    CellResult cell;
    cell.client = client.definition.name;
    cell.expected = expect(scenario, client);
    cell.because = cell.expected->because;
    if (!client.absent.empty()) {
        skip(cell, client.absent);
    } else if (!cell.expected->skip.empty()) {
        skip(cell, cell.expected->skip);
    } else {
        try {
            co_await observe(context, judgement, scenario, client, cell);
        } catch (const NotServable& error) {
            skip(cell, error.what());
        } catch (const InputError&) {
            throw;
        } catch (const std::exception& error) {
            cell.verdict = Verdict::error;
            cell.why = {error.what()};
        }
    }
    cell.wall = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    co_return cell;
}

} // namespace alert40
