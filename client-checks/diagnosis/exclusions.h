// SPDX-License-Identifier: GPL-2.0-or-later
// What the evidence rules out of what a reader may have thought of first.
#pragma once

#include "client-checks/diagnosis/finding.h"

namespace alert40 {

/// Puts into the first finding what is ruled out, each "cause: the reason"; nothing that is among the findings. Without
/// a wire nothing is.
void add_exclusions(std::vector<Finding>& findings, const Evidence& evidence);

} // namespace alert40
