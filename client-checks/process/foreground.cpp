// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/process/foreground.h"

#include <asio/posix/stream_descriptor.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>

namespace alert40 {
namespace {

/// The terminal sends its signals to the whole group; like system(3) we leave them to the command.
class IgnoredTerminalSignals {
public:
    IgnoredTerminalSignals() : interrupt_(std::signal(SIGINT, SIG_IGN)), quit_(std::signal(SIGQUIT, SIG_IGN)) {}
    ~IgnoredTerminalSignals()
    {
        std::signal(SIGINT, interrupt_);
        std::signal(SIGQUIT, quit_);
    }

private:
    using Handler = void (*)(int);
    Handler interrupt_;
    Handler quit_;
};

} // namespace

asio::awaitable<int> run_in_foreground(Command command)
{
    const IgnoredTerminalSignals ignored;
    const pid_t pid = spawn_in_foreground(command);
    const auto executor = co_await asio::this_coro::executor;
    const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    if (descriptor < 0)
        throw std::system_error(errno, std::generic_category(), fmt::format("open a pidfd for process {}", pid));
    asio::posix::stream_descriptor exited(executor, descriptor);
    co_await exited.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    int status = 0;
    waitpid(pid, &status, 0);
    co_return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

} // namespace alert40
