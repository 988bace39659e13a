// SPDX-License-Identifier: GPL-2.0-or-later
// A command as somebody pastes it into a POSIX shell.
#pragma once

#include "client-checks/process/spawn.h"

namespace alert40 {

/// The word, quoted where the shell would read it otherwise.
std::string shell_word(std::string_view word);

/// One line: the input by printf, the environment, the words.
std::string shell_text(const Command& command);

} // namespace alert40
