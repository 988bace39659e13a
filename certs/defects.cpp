// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/defects.h"

namespace alert40 {

std::span<const Defect> all_defects()
{
    static const std::vector<Defect> all = [] {
        std::vector<Defect> joined;
        for (const auto part : {leaf_defects(), chain_defects(), strength_defects(), malformed_defects()})
            joined.insert(joined.end(), part.begin(), part.end());
        return joined;
    }();
    return all;
}

const Defect* find_defect(std::string_view name)
{
    for (const Defect& defect : all_defects())
        if (defect.name == name) return &defect;
    return nullptr;
}

} // namespace alert40
