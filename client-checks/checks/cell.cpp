// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/cell.h"

#include "client-checks/diagnosis/classes.h"
#include "client-checks/diagnosis/next_test.h"
#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

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
    const Evidence both = gather_evidence(seen.wire(), seen.symptoms, library, seen.says);
    cell.findings = diagnose(both);
    cell.first_class = first_class(cell.findings, judgement.classes, true, true);
    cell.next_test = next_test(cell.findings, judgement.classes, judgement.causes);
    const Evidence text = gather_evidence(nullptr, seen.symptoms, library, seen.says);
    for (const auto& finding : diagnose(text)) cell.from_client_only.push_back(finding.cause);
}

/// The diagnosis is under test as well: the true cause stands in the first class, and nothing false is certain.
void judge_diagnosis(CellResult& cell, const Scenario& scenario)
{
    const bool fails = cell.expected->ends != Ending::connected;
    if (!fails) {
        if (!cell.findings.empty())
            cell.why.push_back(fmt::format("diagnosed as {}, and nothing failed", cell.findings.front().cause));
        return;
    }
    const auto& cause = scenario.cause.value;
    if (std::find(cell.first_class.begin(), cell.first_class.end(), cause) == cell.first_class.end())
        cell.why.push_back(
            fmt::format("diagnosed as {}, the cause is {} ({})",
                        cell.first_class.empty() ? "nothing" : fmt::format("{}", fmt::join(cell.first_class, " or ")),
                        cause, scenario.cause.where.text()));
    for (const auto& finding : cell.findings)
        if (finding.confidence == Confidence::certain && finding.cause != cause)
            cell.why.push_back(fmt::format("{} is called certain, the cause is {}", finding.cause, cause));
}

Expected expect_connected()
{
    Expected expected;
    expected.symptom = Symptom::parse("connected");
    return expected;
}

void judge_fix(CellResult& cell, const RosterEntry& client)
{
    if (!cell.fixed) return;
    const Expected connected = expect_connected();
    interpret(*cell.fixed, connected, client);
    for (const auto& difference : differences(*cell.fixed, connected))
        cell.why.push_back("with the fix: " + difference);
}

asio::awaitable<void> observe(const RunContext& context, const Judgement& judgement, const Scenario& scenario,
                              const RosterEntry& client, CellResult& cell)
{
    Skip cannot;
    cell.faulty = co_await run_client(context, scenario, false, client.definition, cannot);
    if (!cell.faulty) co_return skip(cell, cannot.why);
    if (cell.faulty->not_applicable) co_return skip(cell, *cell.faulty->not_applicable);
    if (scenario.fix && judgement.with_fix) {
        cell.fixed = co_await run_client(context, scenario, true, client.definition, cannot);
        if (!cell.fixed) co_return skip(cell, "with the fix: " + cannot.why);
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
    find_causes(cell, client, judgement);
    judge_diagnosis(cell, scenario);
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
