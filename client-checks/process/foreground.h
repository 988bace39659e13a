// SPDX-License-Identifier: GPL-2.0-or-later
// A user's own command on the user's own terminal: nothing is captured, nothing is killed.
#pragma once

#include "client-checks/process/spawn.h"

#include <asio/awaitable.hpp>

namespace alert40 {

/// Runs `command` on our standard streams until it exits: its exit status, or 128 + the signal that ended it, as a
/// shell would say. Throws as spawn(). While it runs SIGINT and SIGQUIT of the terminal are its business, not ours.
asio::awaitable<int> run_in_foreground(Command command);

} // namespace alert40
