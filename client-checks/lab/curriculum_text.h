// SPDX-License-Identifier: GPL-2.0-or-later
// Curricula as the API tells them, and as a handout to print. The trainer's part (notes, answers, what to prepare) is
// told to the trainer alone.
#pragma once

#include "client-checks/lab/curricula.h"

#include <nlohmann/json.hpp>

namespace alert40 {

/// {"id","title","summary","audience","minutes","steps":[{"title","minutes","scenario"?,"family"?,"level"?}]}
nlohmann::ordered_json outline_json(const Curriculum& curriculum);

/// The outline with all that a step says; with `for_trainer` also "prepare", and of each step "notes" and the answers
/// to its questions.
nlohmann::ordered_json curriculum_json(const Curriculum& curriculum, bool for_trainer);

/// The same to be printed: Markdown, a heading for each step.
std::string handout(const Curriculum& curriculum, bool for_trainer);

} // namespace alert40
