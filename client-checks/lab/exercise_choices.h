// SPDX-License-Identifier: GPL-2.0-or-later
// What a learner chooses an answer from: causes, and real fixes. Each cause of the list has one fix in it, of a
// scenario with that cause; neither the order nor an id tells which belong together.
#pragma once

#include "client-checks/lab/exercise_pool.h"

namespace alert40 {

struct FixChoice {
    std::string id; // "fix-3": its place in the list
    std::string text;
    std::string cause; // whose it is; never told
};

struct AnswerChoices {
    std::vector<std::string> causes; // ids, sorted
    std::vector<FixChoice> fixes;    // in a random order
};

/// The causes of a list for each level: 8, 16, all.
std::size_t choices_of_level(int level, std::size_t causes);

/// The list for `entry`: its own cause and fix, first those that end as it does, then of one class with it, then any.
AnswerChoices make_choices(const PoolEntry& entry, const ExercisePool& pool, const CauseCatalogue& causes,
                           const std::vector<IndistinguishableClass>& classes, std::mt19937_64& random);

} // namespace alert40
