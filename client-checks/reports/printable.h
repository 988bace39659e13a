// SPDX-License-Identifier: GPL-2.0-or-later
// Other programs' words on our terminal.
#pragma once

#include <string>

namespace alert40 {

/// What a client printed, without what would steer the terminal (ECMA-48's C0 and, in UTF-8, C1).
std::string printable(std::string text);

/// Further lines are marked as a client's, so that no CI server takes one for a command of its own.
std::string quoted(std::string text);

} // namespace alert40
