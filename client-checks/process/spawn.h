// SPDX-License-Identifier: GPL-2.0-or-later
// Starting a child process and ending it, without waiting for it: spawn() gives a Process and the parent's ends of its
// three pipes. run_child() (child_process.h) is what callers want; it adds the deadline and the reading.
#pragma once

#include "client-checks/process/file_descriptor.h"

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace alert40 {

struct Command {
    /// The program and its arguments. A program without '/' is searched on our own PATH, whatever `environment` says;
    /// one with '/' is relative to `working_directory`.
    std::vector<std::string> argv;
    /// Added to our own environment, or replacing what is there.
    std::vector<std::pair<std::string, std::string>> environment;
    /// Written to the child's standard input. What the child does not read is dropped.
    std::string input;
    /// Empty: ours.
    std::filesystem::path working_directory;
};

/// How a process ended: by exit status, or by a signal.
struct ExitStatus {
    int exit_code = -1; ///< -1 where a signal ended it
    int signal = 0;     ///< 0 where it exited
};

/// A child that leads its own session and process group. Destroying it kills the group and reaps the child: no zombie
/// is left. All Processes live in one thread.
class Process {
public:
    /// Takes charge of the child `pid`, just spawned as the leader of its group. Throws std::system_error, with the
    /// child killed, when the kernel has no pidfd for it.
    explicit Process(pid_t pid);
    Process(Process&& other) noexcept;
    Process& operator=(Process&&) = delete;
    ~Process();

    pid_t pid() const { return pid_; }
    /// The pidfd: readable once the child has exited. Ours to close.
    int descriptor() const { return pidfd_.number(); }
    /// True once the child has exited; it stays a zombie until reap().
    bool has_exited() const;

    /// SIGKILL to every process of the group. To be called before reap() only: until then the kernel does not give
    /// the group's number to anybody else.
    void kill_group() const;
    /// Waits for the exit, 1 s at most: a process in uninterruptible sleep survives SIGKILL, and must not hang us.
    /// Then the Process is done, and the result {-1, 0} where it did not exit.
    ExitStatus reap();

private:
    pid_t pid_ = 0; // 0 once reaped, or moved from
    FileDescriptor pidfd_;
};

struct Spawned {
    Process process;
    FileDescriptor input;  ///< write end of its standard input
    FileDescriptor output; ///< read end of its standard output
    FileDescriptor errors; ///< read end of its standard error
};

/// Starts `command` in a session of its own (a client that would ask on the terminal finds none, and fails at once
/// instead of being stopped), with no signal blocked or ignored, and with no descriptor of ours but the three pipes
/// (Asio's sockets are not close-on-exec: a client holding our listener would keep it open). From the first call on
/// SIGPIPE is ignored in this process (unless it has a handler) and SIGCHLD is not. Throws std::system_error naming the
/// program when it cannot be started, std::invalid_argument when argv is empty.
Spawned spawn(const Command& command);

/// Starts `command` on our own standard streams and in our own process group, so that a terminal's Ctrl-C reaches it;
/// `input` is not used. Returns its number: the caller waits for it. Throws as spawn().
pid_t spawn_in_foreground(const Command& command);

} // namespace alert40
