// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/process/warm_worker.h"

#include "tests/process/run.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace std::chrono_literals;
using Catch::Contains;

/// Says its process, how many runs it has had, and what it was asked; it can also be told to die or to be silent.
const char* const kProgram = R"(
import json, os, sys, time
runs = 0
for line in sys.stdin:
    asked = json.loads(line)
    words = asked["arguments"]
    if "die" in words:
        print("it died", file=sys.stderr, flush=True)
        os._exit(3)
    if "hang" in words:
        time.sleep(1000)
    if "babble" in words:
        print("no JSON", flush=True)
        continue
    print(json.dumps({"id": asked["id"], "output": f"{os.getpid()} {runs} {' '.join(words)} {asked['input']}",
                      "errors": "e" * (300000 if "flood" in words else 1), "exit_code": len(words)}), flush=True)
    runs += 1
)";

Command cold(std::vector<std::string> words, std::string input = {})
{
    Command command;
    command.argv = {"python3", "-c", kProgram};
    command.argv.insert(command.argv.end(), words.begin(), words.end());
    command.input = std::move(input);
    return command;
}

/// Runs the commands one after the other in one pool.
std::vector<ChildResult> run_warm(const std::vector<Command>& commands, std::chrono::milliseconds deadline = kLong)
{
    asio::io_context io(1);
    WarmPool pool;
    std::vector<ChildResult> results;
    std::exception_ptr failure;
    auto all = [&]() -> asio::awaitable<void> {
        for (const auto& command : commands) results.push_back(co_await pool.run(command, 3, "--serve", deadline));
    };
    asio::co_spawn(io, all, [&](std::exception_ptr thrown) {
        failure = thrown;
        pool.end(); // and run() returns
    });
    io.run();
    if (failure) std::rethrow_exception(failure);
    return results;
}

std::string process_of(const ChildResult& result)
{
    return result.output.substr(0, result.output.find(' '));
}

TEST_CASE("one process serves run after run, each with its own words and input", "[process][warm]")
{
    const auto results = run_warm({cold({"a", "b"}, "in"), cold({"c"})});
    CHECK_THAT(results[0].output, Contains(" 1 a b in"));
    CHECK_THAT(results[1].output, Contains(" 2 c "));
    CHECK(results[0].exit_code == 2);
    CHECK(results[1].exit_code == 1);
    CHECK(results[0].errors == "e");
    CHECK(process_of(results[0]) == process_of(results[1]));
    CHECK(process_of(results[0]) == std::to_string(results[0].pid));
}

TEST_CASE("another environment is another process", "[process][warm]")
{
    auto other = cold({"b"});
    other.environment = {{"A", "1"}};
    const auto results = run_warm({cold({"a"}), other, cold({"c"})});
    CHECK(process_of(results[0]) != process_of(results[1]));
    CHECK(process_of(results[0]) == process_of(results[2]));
}

TEST_CASE("a run that dies or babbles ends as a crash, and the next one has a new process", "[process][warm]")
{
    const auto results = run_warm({cold({"die"}), cold({"a"}), cold({"babble"}), cold({"b"})});
    CHECK_THAT(results[0].errors, Contains("it died") && Contains("a warm client ended"));
    CHECK_FALSE(results[0].timed_out);
    CHECK(results[0].exit_code == -1);
    CHECK_THAT(results[1].output, Contains(" 1 a"));
    CHECK_THAT(results[2].errors, Contains("answered 'no JSON"));
    CHECK_THAT(results[3].output, Contains(" 1 b"));
}

TEST_CASE("a run that passes its deadline is killed with its process", "[process][warm]")
{
    const auto results = run_warm({cold({"hang"})}, 200ms);
    CHECK(results[0].timed_out);
    CHECK(results[0].signal == SIGKILL);
}

TEST_CASE("of what a warm client prints as much is kept as of a cold one", "[process][warm]")
{
    const auto results = run_warm({cold({"flood"})});
    CHECK(results[0].errors.size() == 256 * 1024);
    CHECK(results[0].truncated);
}

TEST_CASE("a program that does not become ready is an error", "[process][warm]")
{
    Command command;
    command.argv = {"true", "x"};
    asio::io_context io(1);
    WarmPool pool;
    std::exception_ptr failure;
    auto once = [&]() -> asio::awaitable<void> { co_await pool.run(command, 1, "--serve", kLong); };
    asio::co_spawn(io, once, [&](std::exception_ptr thrown) { failure = thrown; });
    io.run();
    CHECK_THROWS_WITH(std::rethrow_exception(failure), Contains("a warm client ended"));
}

} // namespace
} // namespace alert40
