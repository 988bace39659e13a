// SPDX-License-Identifier: GPL-2.0-or-later
// What the tests of child processes share: running commands to their end on an io_context of their own, and counting
// what they leave behind.
#pragma once

#include "client-checks/process/child_process.h"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace alert40 {

constexpr std::chrono::seconds kLong{60}; // never reached in a test that passes

inline Command shell(std::string script)
{
    Command command;
    command.argv = {"/bin/sh", "-c", std::move(script)};
    return command;
}

/// Runs `command` to its end and rethrows what run_child() throws.
inline ChildResult run(Command command, std::chrono::milliseconds deadline = kLong, InputPolicy policy = {})
{
    asio::io_context io(1);
    std::exception_ptr failure;
    ChildResult result;
    auto on_done = [&](std::exception_ptr thrown, ChildResult value) {
        failure = thrown;
        result = std::move(value);
    };
    asio::co_spawn(io, run_child(std::move(command), deadline, std::move(policy)), on_done);
    io.run();
    if (failure) std::rethrow_exception(failure);
    return result;
}

inline std::ptrdiff_t open_descriptors()
{
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

/// Our children, zombies included.
inline std::ptrdiff_t child_count()
{
    std::ptrdiff_t count = 0;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream list(thread.path() / "children");
        count += std::distance(std::istream_iterator<pid_t>(list), {});
    }
    return count;
}

/// Waits until `pid`, which was killed, has exited: SIGKILL takes its time. False after 30 s.
inline bool has_ended(pid_t pid)
{
    FileDescriptor pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    pollfd exited{pidfd.number(), POLLIN, 0};
    return pidfd.number() < 0 || poll(&exited, 1, 30'000) == 1;
}

/// False also for a zombie: it runs no more, though its parent may not have noticed yet.
inline bool is_running(pid_t pid)
{
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string number, name, state;
    return (stat >> number >> name >> state) && state != "Z" && state != "X";
}

} // namespace alert40
