// SPDX-License-Identifier: GPL-2.0-or-later
// The one test to do next, as a command to paste; its placeholders are those of the cause pages.
#pragma once

#include "client-checks/diagnosis/classes.h"

namespace alert40 {

/// Where the first class has several causes, what separates the class that holds most of them; else the first command
/// that confirms the first finding's cause. Empty without findings, and for a cause that has no page.
std::string next_test(const std::vector<Finding>& findings, const std::vector<IndistinguishableClass>& classes,
                      const CauseCatalogue& causes, bool has_wire = true, bool has_text = true);

} // namespace alert40
