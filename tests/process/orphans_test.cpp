// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/process/orphans.h"

#include "tests/process/run.h"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <catch2/catch.hpp>

#include <csignal>

namespace alert40 {
namespace {

using namespace std::chrono_literals;

/// Leaves a `sleep 100` in a session of its own, holding our pipe for standard error, and writes its pid.
Command leave_daemon()
{
    return shell("echo $(setsid sh -c 'echo $$; exec sleep 100 >/dev/null' &); exit 5");
}

TEST_CASE("a daemon that keeps a pipe open does not hold up the run", "[process][orphans]")
{
    const auto descriptors = open_descriptors();
    auto result = run(leave_daemon());
    CHECK(result.exit_code == 5);
    CHECK_FALSE(result.timed_out);
    CHECK(open_descriptors() == descriptors);
    const pid_t daemon = std::stoi(result.output);
    CHECK(is_running(daemon));
    kill(daemon, SIGKILL);
}

TEST_CASE("adopted daemons are killed and reaped when the last run ends", "[process][orphans]")
{
    adopt_orphans();
    auto result = run(leave_daemon());
    CHECK(result.exit_code == 5);
    CHECK(child_count() == 0);
    CHECK(has_ended(std::stoi(result.output)));
}

TEST_CASE("an adopted daemon lives while another run does", "[process][orphans]")
{
    adopt_orphans();
    asio::io_context io(1);
    asio::cancellation_signal end_other_run;
    bool daemon_was_running = false;
    auto first_run = [&]() -> asio::awaitable<void> {
        auto result = co_await run_child(leave_daemon(), kLong);
        daemon_was_running = is_running(std::stoi(result.output));
        end_other_run.emit(asio::cancellation_type::terminal);
    };
    auto on_first_done = [](std::exception_ptr) {};
    auto on_other_done = [](std::exception_ptr, ChildResult) {};
    asio::co_spawn(io, run_child(shell("sleep 100"), kLong),
                   asio::bind_cancellation_slot(end_other_run.slot(), on_other_done));
    asio::co_spawn(io, first_run, on_first_done);
    io.run();
    CHECK(daemon_was_running);
    CHECK(child_count() == 0);
}

TEST_CASE("members of a killed group leave no zombie", "[process][orphans]")
{
    adopt_orphans();
    auto result = run(shell("for i in 1 2 3 4 5; do sh -c 'sleep 100 & sleep 100' & done; wait"), 200ms);
    CHECK(result.timed_out);
    CHECK(child_count() == 0);
}

} // namespace
} // namespace alert40
