// SPDX-License-Identifier: GPL-2.0-or-later
// A client program that serves many runs in one process: a Java machine or a browser starts once, not once for each
// connection. On its standard input comes one line of JSON for each run, in its order:
//
//     {"id": 7, "arguments": ["--connect", "127.0.0.1"], "input": ""}
//
// and for each it writes one line that says what a process of its own would have printed:
//
//     {"id": 7, "output": "HTTP/1.0 200 OK\n", "errors": "", "exit_code": 0}
//
// At the end of its input it leaves. It is asked once with no arguments before its first run (a cold program prints its
// usage then): its answer says that it is ready.
#pragma once

#include "client-checks/process/child_process.h"

#include <map>
#include <memory>

namespace alert40 {

class WarmWorker;

/// The processes of one checker: as many of each program as runs go on at once, each started when it is first needed.
/// On an io_context that one thread runs; destroyed before it.
class WarmPool {
public:
    WarmPool();
    ~WarmPool();

    /// Runs `cold` in a process that was started as `cold`'s first `prefix` words and then `serve`. The result is as
    /// run_child() would give it; `deadline` counts from when the process is ready. A process that is still busy at the
    /// deadline is killed; one that dies, or answers what is no answer, has the run ended as by a crash, with its
    /// standard error in `errors`. Throws as spawn(), and std::runtime_error where it does not become ready.
    asio::awaitable<ChildResult> run(Command cold, std::size_t prefix, std::string serve,
                                     std::chrono::milliseconds deadline);

    /// Ends the processes: as long as there are some, their io_context has work.
    void end();

private:
    std::map<std::string, std::vector<std::unique_ptr<WarmWorker>>> idle_; // by command line
};

} // namespace alert40
