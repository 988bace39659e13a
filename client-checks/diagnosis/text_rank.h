// SPDX-License-Identifier: GPL-2.0-or-later
// The ranking where there is nothing but text. One text has many causes: how often each stands behind it decides the
// order among equals, and what the client tells beside its error (account.h) moves some up or out.
#pragma once

#include "client-checks/diagnosis/finding.h"

namespace alert40 {

/// Orders `findings` for evidence without a wire, and adds, as possible, what the text can mean and no rule found.
void rank_by_text(std::vector<Finding>& findings, const Evidence& evidence);

} // namespace alert40
