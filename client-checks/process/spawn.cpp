// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/process/spawn.h"

#include "client-checks/process/orphans.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace alert40 {
namespace {

constexpr int kReapLimit = 1000; // ms

[[noreturn]] void fail(int error, const std::string& what)
{
    throw std::system_error(error, std::generic_category(), what);
}

struct Pipe {
    FileDescriptor read_end, write_end;
};

/// Never numbered 0 to 2, even where we were started with those closed: the dup2 of one pipe would overwrite another.
FileDescriptor above_standard_streams(int number)
{
    FileDescriptor owner(number);
    if (number > STDERR_FILENO) return owner;
    FileDescriptor higher(fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    if (higher.number() < 0) fail(errno, "duplicate a pipe");
    return higher;
}

Pipe make_pipe()
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail(errno, "make a pipe");
    FileDescriptor write_end(ends[1]); // owned also if the next line throws
    auto read_end = above_standard_streams(ends[0]);
    return {std::move(read_end), above_standard_streams(write_end.release())};
}

class FileActions {
public:
    FileActions() { check(posix_spawn_file_actions_init(&actions_)); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }

    void dup2(const FileDescriptor& from, int to)
    {
        check(posix_spawn_file_actions_adddup2(&actions_, from.number(), to));
    }
    void change_directory(const std::filesystem::path& to)
    {
        check(posix_spawn_file_actions_addchdir_np(&actions_, to.c_str()));
    }
    void close_from(int first) { check(posix_spawn_file_actions_addclosefrom_np(&actions_, first)); }
    const posix_spawn_file_actions_t* native() const { return &actions_; }

private:
    static void check(int error)
    {
        if (error != 0) fail(error, "prepare a child's descriptors");
    }
    posix_spawn_file_actions_t actions_;
};

/// A session of its own, which has no terminal to ask on and is a process group, or ours; no signal blocked, every
/// signal with its default action.
class SpawnAttributes {
public:
    enum class Group { own, ours };

    explicit SpawnAttributes(Group group = Group::own)
    {
        if (int error = posix_spawnattr_init(&attributes_)) fail(error, "prepare a child's attributes");
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &all);
        const int signals = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
        posix_spawnattr_setflags(&attributes_,
                                 static_cast<short>(group == Group::own ? signals | POSIX_SPAWN_SETSID : signals));
    }
    SpawnAttributes(const SpawnAttributes&) = delete;
    SpawnAttributes& operator=(const SpawnAttributes&) = delete;
    ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }

    const posix_spawnattr_t* native() const { return &attributes_; }

private:
    posix_spawnattr_t attributes_;
};

std::vector<std::string> merged_environment(const Command& command)
{
    std::vector<std::string> merged;
    auto replaced = [&](std::string_view entry) {
        auto name = entry.substr(0, entry.find('='));
        for (const auto& [ours, value] : command.environment)
            if (ours == name) return true;
        return false;
    };
    for (char** entry = environ; *entry; ++entry)
        if (!replaced(*entry)) merged.emplace_back(*entry);
    for (const auto& [name, value] : command.environment) merged.push_back(name + '=' + value);
    return merged;
}

/// The strings as execve() wants them; they must stay where they are.
std::vector<char*> pointers(std::vector<std::string>& strings)
{
    std::vector<char*> result;
    for (auto& string : strings) result.push_back(string.data());
    result.push_back(nullptr);
    return result;
}

/// A write to a child that is gone must be an error, not our death; and where our parent left SIGCHLD ignored, the
/// kernel would throw the exit statuses away.
void prepare_signals()
{
    auto disposition = [](int signal) {
        struct sigaction action {};
        sigaction(signal, nullptr, &action);
        return action.sa_handler;
    };
    if (disposition(SIGPIPE) == SIG_DFL) std::signal(SIGPIPE, SIG_IGN);
    if (disposition(SIGCHLD) == SIG_IGN) std::signal(SIGCHLD, SIG_DFL);
}

/// In words, because posix_spawn says "No such file" for a missing directory, too.
void check_working_directory(const Command& command)
{
    if (command.working_directory.empty() || std::filesystem::is_directory(command.working_directory)) return;
    fail(ENOTDIR, fmt::format("run {} in {}", command.argv[0], command.working_directory.string()));
}

/// The number of the child, which runs.
pid_t start(const Command& command, const FileActions& actions, const SpawnAttributes& attributes)
{
    auto arguments = command.argv;
    auto environment = merged_environment(command);
    pid_t pid = 0;
    const int error = posix_spawnp(&pid, arguments[0].c_str(), actions.native(), attributes.native(),
                                   pointers(arguments).data(), pointers(environment).data());
    if (error != 0) fail(error, fmt::format("run {}", command.argv[0]));
    return pid;
}

} // namespace

Process::Process(pid_t pid) : pid_(pid), pidfd_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)))
{
    leader_started(pid);
    if (pidfd_.number() >= 0) return;
    const int error = errno;
    kill_group();
    waitpid(pid, nullptr, 0);
    leader_ended(pid);
    fail(error, fmt::format("open a pidfd for process {}", pid));
}

Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, 0)), pidfd_(std::move(other.pidfd_)) {}

Process::~Process()
{
    if (pid_ == 0) return;
    kill_group();
    reap();
}

bool Process::has_exited() const
{
    siginfo_t info{};
    return waitid(P_PIDFD, static_cast<id_t>(pidfd_.number()), &info, WEXITED | WNOWAIT | WNOHANG) == 0 &&
           info.si_pid != 0;
}

void Process::kill_group() const
{
    if (pid_ > 0) kill(-pid_, SIGKILL); // ESRCH: nobody is left
}

ExitStatus Process::reap()
{
    pollfd exited{pidfd_.number(), POLLIN, 0};
    while (poll(&exited, 1, kReapLimit) < 0 && errno == EINTR) {
    }
    siginfo_t info{};
    waitid(P_PIDFD, static_cast<id_t>(pidfd_.number()), &info, WEXITED | WNOHANG);
    leader_ended(std::exchange(pid_, 0));
    if (info.si_pid == 0) return {};
    if (info.si_code == CLD_EXITED) return {info.si_status, 0};
    return {-1, info.si_status};
}

Spawned spawn(const Command& command)
{
    if (command.argv.empty()) throw std::invalid_argument("spawn: a command without a program");
    if (children_are_ended()) throw std::runtime_error(fmt::format("{} was not started: interrupted", command.argv[0]));
    check_working_directory(command);
    prepare_signals();
    Pipe input = make_pipe(), output = make_pipe(), errors = make_pipe();

    FileActions actions;
    actions.dup2(input.read_end, STDIN_FILENO);
    actions.dup2(output.write_end, STDOUT_FILENO);
    actions.dup2(errors.write_end, STDERR_FILENO);
    actions.close_from(STDERR_FILENO + 1);
    if (!command.working_directory.empty()) actions.change_directory(command.working_directory);
    SpawnAttributes attributes;

    return {Process(start(command, actions, attributes)), std::move(input.write_end), std::move(output.read_end),
            std::move(errors.read_end)};
}

pid_t spawn_in_foreground(const Command& command)
{
    if (command.argv.empty()) throw std::invalid_argument("spawn: a command without a program");
    check_working_directory(command);
    FileActions actions;
    actions.close_from(STDERR_FILENO + 1);
    if (!command.working_directory.empty()) actions.change_directory(command.working_directory);
    return start(command, actions, SpawnAttributes(SpawnAttributes::Group::ours));
}

} // namespace alert40
