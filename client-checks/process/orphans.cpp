// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/process/orphans.h"

#include "client-checks/process/file_descriptor.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>
#include <vector>

namespace alert40 {
namespace {

constexpr int kReapLimit = 1000; // ms for one killed process to go
constexpr int kRounds = 100;     // the children of a killed orphan become ours in turn

/// Who our children are is a property of the process, hence one value per process.
struct Family {
    bool adopting = false;
    std::set<pid_t> leaders; // each reaped by its Process
    std::set<pid_t> others;  // children from before adopt_orphans()
    bool ended = false;
};

Family& family()
{
    static Family instance;
    return instance;
}

/// From /proc/self/task/*/children; empty where the kernel was built without it (CONFIG_PROC_CHILDREN).
std::vector<pid_t> children()
{
    std::vector<pid_t> result;
    std::error_code ignored;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", ignored)) {
        std::ifstream list(thread.path() / "children");
        for (pid_t pid; list >> pid;) result.push_back(pid);
    }
    return result;
}

std::vector<pid_t> adopted()
{
    auto known = [](pid_t pid) { return family().leaders.contains(pid) || family().others.contains(pid); };
    auto result = children();
    std::erase_if(result, known);
    return result;
}

void end(pid_t orphan)
{
    const pid_t group = getpgid(orphan);
    if (group > 0 && group != getpgrp()) kill(-group, SIGKILL);
    kill(orphan, SIGKILL);
    FileDescriptor pidfd(static_cast<int>(syscall(SYS_pidfd_open, orphan, 0)));
    pollfd exited{pidfd.number(), POLLIN, 0};
    while (poll(&exited, 1, kReapLimit) < 0 && errno == EINTR) {
    }
}

void reap(pid_t orphan)
{
    waitpid(orphan, nullptr, WNOHANG);
}

} // namespace

void adopt_orphans()
{
    if (family().adopting) return;
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
        throw std::system_error(errno, std::generic_category(), "become the parent of orphans");
    for (pid_t child : children())
        if (!family().leaders.contains(child)) family().others.insert(child);
    family().adopting = true;
}

void leader_started(pid_t pid)
{
    family().leaders.insert(pid);
}

void leader_ended(pid_t pid)
{
    family().leaders.erase(pid);
    if (!family().adopting) return;
    const bool last = family().leaders.empty();
    for (int round = 0; round < (last ? kRounds : 1); ++round) {
        auto orphans = adopted();
        if (orphans.empty()) return;
        for (pid_t orphan : orphans) {
            if (last) end(orphan);
            reap(orphan);
        }
    }
}

void end_children()
{
    family().ended = true;
    for (const pid_t leader : family().leaders) kill(-leader, SIGKILL);
}

bool children_are_ended()
{
    return family().ended;
}

} // namespace alert40
