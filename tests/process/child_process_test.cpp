// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/process/child_process.h"

#include "client-checks/process/find_program.h"
#include "tests/process/run.h"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/steady_timer.hpp>
#include <asio/system_error.hpp>
#include <catch2/catch.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace alert40 {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::StartsWith;
using Close = InputPolicy::Close;

constexpr std::size_t kKept = 256 * 1024;

TEST_CASE("a child's exit status is told apart from its death by a signal", "[process][exit]")
{
    CHECK(run(shell("exit 0")).exit_code == 0);
    auto failed = run(shell("exit 7"));
    CHECK(failed.exit_code == 7);
    CHECK(failed.signal == 0);
    auto killed = run(shell("kill -TERM $$"));
    CHECK(killed.exit_code == -1);
    CHECK(killed.signal == SIGTERM);
    CHECK_FALSE(killed.timed_out);
    CHECK(killed.pid > 0);
    CHECK(killed.wall > 0us);
}

TEST_CASE("a child's two outputs are kept apart and are complete", "[process][output]")
{
    auto result = run(shell("echo out; echo err >&2; printf last; exit 3"));
    CHECK(result.output == "out\nlast");
    CHECK(result.errors == "err\n");
    CHECK_FALSE(result.truncated);
}

TEST_CASE("a child that floods is drained to its end and its beginning is kept", "[process][output]")
{
    auto flood = run(shell("echo first; head -c 8000000 /dev/zero; echo done >&2"));
    CHECK(flood.exit_code == 0);
    CHECK(flood.output.size() == kKept);
    CHECK_THAT(flood.output, StartsWith("first\n"));
    CHECK(flood.errors == "done\n");
    CHECK(flood.truncated);

    auto exact = run(shell("head -c 262144 /dev/zero >&2"));
    CHECK(exact.errors.size() == kKept);
    CHECK_FALSE(exact.truncated);
}

TEST_CASE("a child gets its environment, its working directory and default signals", "[process][spawn]")
{
    setenv("ALERT40_TEST_OURS", "kept", 1);
    setenv("ALERT40_TEST_REPLACED", "old", 1);
    auto command = shell("echo $ALERT40_TEST_OURS $ALERT40_TEST_REPLACED $ALERT40_TEST_NEW; pwd; "
                         "grep -E '^Sig(Blk|Ign)' /proc/self/status; ls /proc/self/fd");
    std::signal(SIGUSR1, SIG_IGN);
    command.environment = {{"ALERT40_TEST_REPLACED", "new"}, {"ALERT40_TEST_NEW", "a=b"}};
    command.working_directory = "/";
    auto result = run(command);
    std::signal(SIGUSR1, SIG_DFL);
    // Signals 32 and 33 are glibc's own. Descriptor 3 is the folder that ls reads.
    CHECK(result.output == "kept new a=b\n/\nSigBlk:\t0000000000000000\nSigIgn:\t0000000180000000\n0\n1\n2\n3\n");
}

TEST_CASE("a child's output does not depend on which of our standard streams are open", "[process][spawn]")
{
    const int saved = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    close(STDIN_FILENO);
    auto command = shell("cat; echo err >&2");
    command.input = "in";
    auto result = run(command);
    dup2(saved, STDIN_FILENO);
    close(saved);
    CHECK(result.output == "in");
    CHECK(result.errors == "err\n");
}

TEST_CASE("what cannot be started is an error that names it", "[process][spawn]")
{
    auto command = GENERATE(table<std::string, std::errc>({
        {"alert40-no-such-program", std::errc::no_such_file_or_directory},
        {"/nonexistent/program", std::errc::no_such_file_or_directory},
        {"/etc/passwd", std::errc::permission_denied},
        {"/", std::errc::permission_denied},
    }));
    const auto before = open_descriptors();
    try {
        run(Command{{std::get<0>(command)}, {}, {}, {}});
        FAIL("it was started");
    } catch (const std::system_error& error) {
        CHECK(error.code() == std::get<1>(command));
        CHECK_THAT(error.what(), StartsWith("run " + std::get<0>(command) + ": "));
    }
    CHECK(open_descriptors() == before);
}

TEST_CASE("a missing working directory is not taken for a missing program", "[process][spawn]")
{
    auto command = shell("true");
    command.working_directory = "/nonexistent";
    CHECK_THROWS_WITH(run(command), StartsWith("run /bin/sh in /nonexistent: "));
    CHECK_THROWS_AS(run(Command{}), std::invalid_argument);
}

TEST_CASE("a child that outlives its deadline is killed with all its group", "[process][deadline]")
{
    auto result = run(shell("echo started; sleep 100 & echo $!; sh -c 'sleep 100 & echo $!; wait' & wait"), 300ms);
    CHECK(result.timed_out);
    CHECK(result.exit_code == -1);
    CHECK(result.signal == SIGKILL);
    CHECK(result.wall >= 300ms);
    CHECK(result.wall < 30s);

    std::istringstream output(result.output);
    std::string started;
    output >> started;
    CHECK(started == "started");
    for (pid_t pid; output >> pid;) CHECK(has_ended(pid));
}

TEST_CASE("a child that ignores SIGTERM and floods is killed at its deadline", "[process][deadline]")
{
    auto result = run(shell("trap '' TERM INT HUP; exec yes"), 100ms);
    CHECK(result.timed_out);
    CHECK(result.truncated);
    CHECK(result.output.size() == kKept);
}

TEST_CASE("a grandchild that keeps the output open is killed and not waited for", "[process][deadline]")
{
    auto result = run(shell("sleep 100 & echo $!; exit 5"));
    CHECK(result.exit_code == 5);
    CHECK_FALSE(result.timed_out);
    CHECK(has_ended(std::stoi(result.output)));
}

TEST_CASE("what a grandchild writes right after the exit is still read", "[process][output]")
{
    // The reader's input ends when the leader, who holds the other end, has exited.
    Command command;
    command.argv = {"/bin/bash", "-c", "exec 9> >(read line; echo late)"};
    CHECK(run(command).output == "late\n");
}

TEST_CASE("input is written whole, also to a child that reads none of it", "[process][input]")
{
    auto command = shell("cat");
    command.input = std::string(200'000, 'x');
    auto copied = run(command);
    CHECK(copied.output == command.input);

    command = shell("exit 4");
    command.input = std::string(1'000'000, 'x'); // more than a pipe holds: a write to the dead child must not kill us
    CHECK(run(command).exit_code == 4);
    command.argv = {"/bin/sh", "-c", "exec <&-; echo closed; exit 4"};
    CHECK(run(command).exit_code == 4);
}

TEST_CASE("input ends when the policy says so", "[process][input]")
{
    // `cat` ends when its input does; what it says then tells that the end came after the reply.
    auto command = shell("read request; echo \"reply to $request\"; cat; echo ended");
    command.input = "GET /\n";
    CHECK(run(command, kLong, {Close::when_written}).output == "reply to GET /\nended\n");
    CHECK(run(command, kLong, {Close::at_first_output}).output == "reply to GET /\nended\n");
    CHECK(run(command, kLong, {Close::at_text, "to GET"}).output == "reply to GET /\nended\n");
    CHECK(run(command, kLong, {Close::at_text, ""}).output == "reply to GET /\nended\n");
}

TEST_CASE("input is held open while no reply is seen", "[process][input]")
{
    auto command = shell("read request; echo banner; cat; echo ended");
    command.input = "GET /\n";
    auto policy = GENERATE(InputPolicy{Close::never}, InputPolicy{Close::at_text, "HTTP/1.1"});
    auto result = run(command, 200ms, policy);
    CHECK(result.timed_out);
    CHECK(result.output == "banner\n");

    auto silent = shell("cat; echo ended");
    CHECK(run(silent, 200ms, {Close::at_first_output}).output.empty());
}

TEST_CASE("the text that ends the input is found across reads and beyond what is kept", "[process][input]")
{
    auto pieces = shell("printf HT; true | true; printf TP/1; true | true; printf .1; cat; echo ended");
    CHECK(run(pieces, kLong, {Close::at_text, "HTTP/1.1"}).output == "HTTP/1.1ended\n");

    auto beyond = shell("head -c 1000000 /dev/zero; printf HTTP/1.1; cat; echo ended >&2");
    auto result = run(beyond, kLong, {Close::at_text, "HTTP/1.1"});
    CHECK(result.truncated);
    CHECK(result.errors == "ended\n");
}

TEST_CASE("many children at once leave no descriptor and no zombie", "[process][leaks]")
{
    const auto descriptors = open_descriptors();
    {
        asio::io_context io(1);
        int right = 0;
        auto on_done = [&](std::exception_ptr, ChildResult result) {
            if (result.exit_code == 3 && result.output == "out\n" && result.errors == "err\n") ++right;
        };
        for (int i = 0; i < 100; ++i)
            asio::co_spawn(io, run_child(shell("echo out; echo err >&2; exit 3"), kLong), on_done);
        io.run();
        CHECK(right == 100);
    }
    CHECK(open_descriptors() == descriptors);
    CHECK(child_count() == 0);
}

TEST_CASE("cancelling kills the group, reaps the child and leaves nothing", "[process][cancel]")
{
    const auto descriptors = open_descriptors();
    {
        asio::io_context io(1);
        asio::cancellation_signal cancel;
        std::exception_ptr failure;
        auto on_done = [&](std::exception_ptr thrown, ChildResult) { failure = thrown; };
        asio::co_spawn(io, run_child(shell("sleep 100 & sleep 100"), kLong),
                       asio::bind_cancellation_slot(cancel.slot(), on_done));
        while (child_count() == 0) io.run_one();
        cancel.emit(asio::cancellation_type::terminal);
        io.run();
        REQUIRE(failure);
        CHECK_THROWS_AS(std::rethrow_exception(failure), asio::system_error);
        CHECK(child_count() == 0);
    }
    CHECK(open_descriptors() == descriptors);
}

TEST_CASE("destroying the io_context ends the children", "[process][cancel]")
{
    const auto descriptors = open_descriptors();
    {
        asio::io_context io(1);
        auto on_done = [](std::exception_ptr, ChildResult) {};
        for (int i = 0; i < 3; ++i) asio::co_spawn(io, run_child(shell("sleep 100"), kLong), on_done);
        while (child_count() < 3) io.run_one();
        io.poll();
    }
    CHECK(child_count() == 0);
    CHECK(open_descriptors() == descriptors);
}

TEST_CASE("programs are found on PATH", "[process][find]")
{
    auto found = find_program("sh");
    REQUIRE(found);
    CHECK(found->is_absolute());
    CHECK(find_program(found->string()) == found);
    CHECK_FALSE(find_program("alert40-no-such-program"));
    CHECK_FALSE(find_program("/etc/passwd"));
    CHECK_FALSE(find_program("/"));
    CHECK_FALSE(find_program(""));
}

} // namespace
} // namespace alert40
