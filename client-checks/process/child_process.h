// SPDX-License-Identifier: GPL-2.0-or-later
// A child process, run to its end under a deadline, as one awaited call: run_child(). It is how every TLS client is
// run. Programs that run many children call adopt_orphans() first (orphans.h).
#pragma once

#include "client-checks/process/spawn.h"

#include <asio/awaitable.hpp>

#include <chrono>
#include <string>

namespace alert40 {

/// When the child's standard input is closed, in every case not before Command::input has been written. Many clients
/// take end of input as "leave now", before any reply; some never leave while it is open.
struct InputPolicy {
    enum class Close {
        when_written,
        at_first_output, ///< when the first octet is seen on its standard output
        at_text,         ///< when `text` is seen on its standard output
        never,           ///< open until the child has exited or the deadline has passed
    };
    // No aggregate: g++ 12 destroys an aggregate temporary inside a co_await expression twice (ASan bad-free, seen
    // here).
    InputPolicy(Close when = Close::when_written, std::string awaited = {}) : close(when), text(std::move(awaited)) {}

    Close close;
    std::string text; ///< for at_text; empty is as at_first_output
};

struct ChildResult {
    int exit_code = -1;               ///< -1 where a signal ended it
    int signal = 0;                   ///< 0 where it exited
    bool timed_out = false;           ///< the deadline passed and it was killed
    std::string output;               ///< standard output, its first 256 KiB
    std::string errors;               ///< standard error, its first 256 KiB
    bool truncated = false;           ///< one of the two was longer; the rest was read and dropped
    std::chrono::microseconds wall{}; ///< from the start to the exit
    pid_t pid = 0;
};

/// Runs `command` until it exits or `deadline` (from now) passes, then kills its whole process group. A descendant
/// that still holds the output after the exit is read for 100 ms and not waited for.
/// In a coroutine name the Command before the co_await: an unnamed `Command{...}` there is destroyed twice (g++ 12).
/// The result is how the child ended; throws as spawn() when it could not be started.
/// Cancelled (terminal), or destroyed with its io_context, it kills the group, reaps the child and closes all.
/// On an io_context that one thread runs.
asio::awaitable<ChildResult> run_child(Command command, std::chrono::milliseconds deadline,
                                       InputPolicy policy = InputPolicy());

} // namespace alert40
