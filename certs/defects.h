// SPDX-License-Identifier: GPL-2.0-or-later
// The table of defects: each takes a healthy plan and puts exactly one thing wrong.
#pragma once

#include "certs/recipe.h"

namespace alert40 {

struct Defect {
    std::string_view name;    // "expired"
    std::string_view summary; // one sentence
    void (*apply)(ChainPlan& plan);
};

std::span<const Defect> all_defects();
const Defect* find_defect(std::string_view name);

} // namespace alert40
