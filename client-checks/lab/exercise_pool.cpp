// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/exercise_pool.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::size_t kMostOfLevel2 = 4; // causes

bool is_exercise(const Scenario& scenario, const CauseCatalogue& causes)
{
    return scenario.fix && scenario.expect.ends != Ending::connected && causes.contains(scenario.cause.value);
}

int level_of(std::size_t causes)
{
    if (causes <= 1) return 1;
    return causes <= kMostOfLevel2 ? 2 : 3;
}

bool fits(const PoolEntry& entry, const PoolChoice& choice)
{
    const Scenario& scenario = *entry.scenario;
    return (choice.family.empty() || scenario.family() == choice.family) &&
           (choice.cause.empty() || scenario.cause.value == choice.cause) &&
           (choice.scenario.empty() || scenario.id == choice.scenario) &&
           (!choice.level || entry.level == *choice.level);
}

/// Leaves out what `leave_out` says, unless nothing would be left.
template <class LeaveOut> void prefer_others(std::vector<const PoolEntry*>& entries, LeaveOut leave_out)
{
    if (!std::ranges::all_of(entries, leave_out)) std::erase_if(entries, leave_out);
}

} // namespace

std::string ending_signature(const Expectation& expectation)
{
    std::string text{name(expectation.ends)};
    if (expectation.alert) text += " " + name(*expectation.alert);
    // How far a client comes before it rejects is its library's manner.
    if (expectation.phase && expectation.ends != Ending::client_rejects)
        text += " " + std::string(name(*expectation.phase));
    if (expectation.symptom) text += " " + expectation.symptom->value;
    return text;
}

std::size_t place_of(std::size_t count, std::mt19937_64& random)
{
    return static_cast<std::size_t>(random() % count);
}

ExercisePool::ExercisePool(const std::vector<Scenario>& scenarios, const CauseCatalogue& causes)
{
    std::map<std::string, std::set<std::string>> ending_so;
    for (const auto& scenario : scenarios)
        if (is_exercise(scenario, causes)) ending_so[ending_signature(scenario.expect)].insert(scenario.cause.value);
    for (const auto& scenario : scenarios) {
        if (!is_exercise(scenario, causes)) continue;
        const auto count = ending_so[ending_signature(scenario.expect)].size();
        entries_.push_back({&scenario, count, level_of(count)});
    }
}

const PoolEntry* ExercisePool::find(std::string_view scenario) const
{
    const auto found =
        std::ranges::find_if(entries_, [&](const auto& entry) { return entry.scenario->id == scenario; });
    return found == entries_.end() ? nullptr : &*found;
}

const PoolEntry* ExercisePool::pick(const PoolChoice& choice, std::mt19937_64& random) const
{
    std::vector<const PoolEntry*> left;
    for (const auto& entry : entries_)
        if (fits(entry, choice)) left.push_back(&entry);
    prefer_others(left, [&](const PoolEntry* entry) { return entry->scenario->id == choice.never; });
    prefer_others(left, [&](const PoolEntry* entry) { return choice.not_these.contains(entry->scenario->id); });
    prefer_others(left, [&](const PoolEntry* entry) { return entry->scenario->cause.value == choice.not_cause; });
    if (left.empty()) return nullptr;
    std::set<std::string> causes;
    for (const auto* entry : left) causes.insert(entry->scenario->cause.value);
    const auto cause = *std::next(causes.begin(), static_cast<std::ptrdiff_t>(place_of(causes.size(), random)));
    std::erase_if(left, [&](const PoolEntry* entry) { return entry->scenario->cause.value != cause; });
    return left[place_of(left.size(), random)];
}

} // namespace alert40
