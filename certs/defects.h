// SPDX-License-Identifier: GPL-2.0-or-later
// The table of defects: each takes a healthy plan and puts exactly one thing wrong. It lies in four files by what is
// touched: the leaf's own words, the chain above it and what is sent of it, strength and size, and the octets.
#pragma once

#include "certs/recipe.h"

#include <span>

namespace alert40 {

struct Defect {
    std::string_view name;    // "expired"
    std::string_view summary; // one sentence
    void (*apply)(ChainPlan& plan);
};

std::span<const Defect> all_defects();
const Defect* find_defect(std::string_view name);

// The parts of the table.
std::span<const Defect> leaf_defects();
std::span<const Defect> chain_defects();
std::span<const Defect> strength_defects();
std::span<const Defect> malformed_defects();

} // namespace alert40
