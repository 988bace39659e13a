// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/baseline.h"

#include "client-checks/reports/words.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace alert40 {
namespace {

using Cells = std::map<std::pair<std::string, std::string>, const ResultCell*>;

Cells cells_of(const RunResult& result)
{
    Cells cells;
    for (const auto& scenario : result.scenarios)
        for (const auto& cell : scenario.cells) cells.emplace(std::pair(scenario.name, cell.client), &cell);
    return cells;
}

std::string reasons(const ResultCell& cell)
{
    const auto why = fmt::format("{}", fmt::join(cell.why, "; "));
    return why.empty() ? std::string(name(cell.verdict)) : fmt::format("{} ({})", name(cell.verdict), why);
}

/// How the cell ended, without times and words.
std::string behaviour(const ResultCell& cell)
{
    if (!cell.seen) return std::string(name(cell.verdict));
    const SeenRun& seen = *cell.seen;
    return fmt::format("{}; {}", seen.outcome.empty() ? "nothing on the wire" : seen.outcome, seen.symptom);
}

std::string words(const ResultCell& cell)
{
    return cell.seen ? steady_words(*cell.seen) : std::string();
}

class Comparing {
public:
    Comparing(Comparison& since, const std::string& scenario) : since_(since), scenario_(scenario) {}

    void cell(ResultCell& now, const ResultCell& before)
    {
        if (now.verdict != before.verdict)
            return add(Change::Kind::verdict, true, now.client, reasons(before), reasons(now));
        const bool same = behaviour(now) == behaviour(before);
        now.known = now.red() && same;
        since_.known += now.known ? 1 : 0;
        if (!same) add(Change::Kind::behaviour, now.red(), now.client, behaviour(before), behaviour(now));
        if (words(now) != words(before)) add(Change::Kind::words, false, now.client, words(before), words(now));
    }
    void added(const ResultCell& now) { add(Change::Kind::added, now.red(), now.client, "", reasons(now)); }
    void gone(const ResultCell& before) { add(Change::Kind::gone, true, before.client, reasons(before), ""); }

private:
    void add(Change::Kind kind, bool counts, const std::string& client, std::string before, std::string now)
    {
        since_.changes.push_back({kind, counts, scenario_, client, std::move(before), std::move(now)});
    }

    Comparison& since_;
    const std::string& scenario_;
};

bool holds(const std::vector<std::string>& list, std::string_view text)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

bool was_asked_for(const std::vector<Asked>& all, const std::string& scenario, const std::string& client)
{
    const auto family = std::string_view(scenario).substr(0, scenario.find('/'));
    return std::any_of(all.begin(), all.end(), [&](const Asked& asked) {
        const bool this_scenario =
            asked.scenarios.empty() || holds(asked.scenarios, scenario) || holds(asked.scenarios, family);
        return !asked.files && this_scenario && (asked.clients.empty() || holds(asked.clients, client));
    });
}

void add_gone(const RunResult& result, const RunResult& baseline, Comparison& since)
{
    const Cells now = cells_of(result);
    for (const auto& scenario : baseline.scenarios)
        for (const auto& cell : scenario.cells)
            if (was_asked_for(result.asked, scenario.name, cell.client) && !now.contains({scenario.name, cell.client}))
                Comparing(since, scenario.name).gone(cell);
}

void compare_clients(const RunResult& result, const RunResult& baseline, Comparison& since)
{
    const auto text = [](const ResultClient& client) {
        return client.absent.empty() ? fmt::format("{} ({})", client.version, client.library) : client.absent;
    };
    for (const auto& client : result.clients) {
        const auto* before = baseline.client(client.name);
        if (before != nullptr && text(*before) != text(client))
            since.changes.push_back({Change::Kind::client, false, "", client.name, text(*before), text(client)});
    }
}

} // namespace

void compare(RunResult& result, const RunResult& baseline, const std::string& path)
{
    Comparison since;
    since.baseline = path;
    since.started = baseline.started;
    compare_clients(result, baseline, since);
    const Cells before = cells_of(baseline);
    for (auto& scenario : result.scenarios)
        for (auto& cell : scenario.cells) {
            const auto there = before.find({scenario.name, cell.client});
            Comparing comparing(since, scenario.name);
            if (there == before.end())
                comparing.added(cell);
            else
                comparing.cell(cell, *there->second);
        }
    if (result.complete && !result.shard) add_gone(result, baseline, since);
    std::stable_sort(since.changes.begin(), since.changes.end(),
                     [](const auto& left, const auto& right) { return left.counts > right.counts; });
    result.since = std::move(since);
}

} // namespace alert40
