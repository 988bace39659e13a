// SPDX-License-Identifier: GPL-2.0-or-later
// How a client is run against a server, as lines to be pasted: on this machine, and on another one.
#pragma once

#include "client-checks/checks/client_command.h"

namespace alert40 {

/// For this machine.
std::string shell_of(const Invocation& invocation);

/// The same with root.pem in the folder where it is pasted, and another clock set by the program faketime, not by a
/// library of this machine. Empty where it needs other files of this machine. `self` is this program.
std::string shell_elsewhere(const RunContext& context, const Invocation& invocation, const RosterEntry& client);

/// What has to be installed beside the client wherever it is pasted, with the names of Debian's packages: a sentence
/// without full stop; empty: nothing.
std::string needed_beside(const Invocation& invocation);

/// The command with no library of this machine set by the environment: the program faketime sets the clock. Unchanged
/// where no clock is set.
Command with_faketime_program(Command command);

} // namespace alert40
