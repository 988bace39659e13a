// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/exercise_choices.h"

#include "client-checks/diagnosis/classes.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

/// As std::shuffle, with the same result from every standard library.
template <class T> void shuffle(std::vector<T>& items, std::mt19937_64& random)
{
    for (std::size_t count = items.size(); count > 1; --count)
        std::swap(items[count - 1], items[place_of(count, random)]);
}

void add_new(std::vector<std::string>& list, std::vector<std::string> more, std::mt19937_64& random)
{
    shuffle(more, random);
    for (auto& each : more)
        if (std::ranges::find(list, each) == list.end()) list.push_back(std::move(each));
}

std::vector<std::string> ending_alike(const Scenario& scenario, const ExercisePool& pool)
{
    std::vector<std::string> causes;
    const auto signature = ending_signature(scenario.expect);
    for (const auto& entry : pool.entries())
        if (ending_signature(entry.scenario->expect) == signature) causes.push_back(entry.scenario->cause.value);
    return causes;
}

std::vector<std::string> of_one_class(std::string_view cause, const std::vector<IndistinguishableClass>& classes)
{
    std::vector<std::string> causes;
    for (const auto& each : classes) {
        if (!has_cause(each, cause)) continue;
        for (const auto& other : each.causes) causes.push_back(other.value);
    }
    return causes;
}

/// A fix of each cause. A text that would stand there twice is left out: nobody could choose between the two.
std::vector<FixChoice> fixes_of(const std::vector<std::string>& causes, const PoolEntry& entry,
                                const ExercisePool& pool, std::mt19937_64& random)
{
    std::vector<FixChoice> fixes = {{"", entry.scenario->fix->summary, entry.scenario->cause.value}};
    for (const auto& cause : causes) {
        if (cause == entry.scenario->cause.value) continue;
        PoolChoice of_cause;
        of_cause.cause = cause;
        const auto* other = pool.pick(of_cause, random);
        if (other == nullptr) continue;
        const auto& text = other->scenario->fix->summary;
        if (std::ranges::find(fixes, text, &FixChoice::text) == fixes.end()) fixes.push_back({"", text, cause});
    }
    shuffle(fixes, random);
    for (std::size_t place = 0; place < fixes.size(); ++place) fixes[place].id = fmt::format("fix-{}", place + 1);
    return fixes;
}

} // namespace

std::size_t choices_of_level(int level, std::size_t causes)
{
    if (level == 1) return std::min<std::size_t>(8, causes);
    return level == 2 ? std::min<std::size_t>(16, causes) : causes;
}

AnswerChoices make_choices(const PoolEntry& entry, const ExercisePool& pool, const CauseCatalogue& causes,
                           const std::vector<IndistinguishableClass>& classes, std::mt19937_64& random)
{
    AnswerChoices choices;
    choices.causes = {entry.scenario->cause.value};
    add_new(choices.causes, ending_alike(*entry.scenario, pool), random);
    add_new(choices.causes, of_one_class(entry.scenario->cause.value, classes), random);
    std::vector<std::string> all;
    for (const auto& [id, cause] : causes) all.push_back(id);
    add_new(choices.causes, std::move(all), random);
    std::erase_if(choices.causes, [&](const auto& cause) { return !causes.contains(cause); });
    choices.causes.resize(choices_of_level(entry.level, choices.causes.size()));
    choices.fixes = fixes_of(choices.causes, entry, pool, random);
    std::ranges::sort(choices.causes);
    return choices;
}

} // namespace alert40
