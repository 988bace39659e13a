// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/process/child_process.h"

#include "server/engine/within.h"

#include <asio/buffer.hpp>
#include <asio/experimental/as_tuple.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/write.hpp>

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <vector>

namespace alert40 {
namespace {

using asio::posix::stream_descriptor;
using namespace std::chrono_literals;

constexpr auto kAsTuple = asio::experimental::as_tuple(asio::use_awaitable);
constexpr std::size_t kKept = 256 * 1024;    // octets of each stream
constexpr std::size_t kReadSize = 16 * 1024; // octets
constexpr auto kDrainLimit = 100ms;          // for output after the exit
constexpr auto kKillLimit = 1000ms;          // uninterruptible sleep survives SIGKILL

/// The child's standard input, closed as soon as the policy and the writing allow.
class Input {
public:
    Input(stream_descriptor pipe, InputPolicy policy) : pipe_(std::move(pipe)), policy_(std::move(policy))
    {
        if (policy_.text.empty() && policy_.close == InputPolicy::Close::at_text)
            policy_.close = InputPolicy::Close::at_first_output;
        may_close_ = policy_.close == InputPolicy::Close::when_written;
    }

    asio::awaitable<void> write(std::string_view text)
    {
        // An error is a child that does not read, which is its right.
        co_await asio::async_write(pipe_, asio::buffer(text), kAsTuple);
        written_ = true;
        close_if_due();
    }

    void saw_output(std::string_view chunk)
    {
        if (may_close_) return;
        may_close_ = is_trigger(chunk);
        close_if_due();
    }

    void close()
    {
        asio::error_code ignored;
        pipe_.close(ignored);
    }

private:
    bool is_trigger(std::string_view chunk)
    {
        switch (policy_.close) {
        case InputPolicy::Close::when_written:
        case InputPolicy::Close::at_first_output:
            return true;
        case InputPolicy::Close::at_text:
            return completes_text(chunk);
        case InputPolicy::Close::never:
            return false;
        }
        return false;
    }

    /// The text may be cut anywhere by the reads: tail_ keeps what could be its beginning.
    bool completes_text(std::string_view chunk)
    {
        tail_ += chunk;
        if (tail_.find(policy_.text) != std::string::npos) return true;
        tail_.erase(0, tail_.size() - std::min(tail_.size(), policy_.text.size() - 1));
        return false;
    }

    void close_if_due()
    {
        if (written_ && may_close_) close();
    }

    stream_descriptor pipe_;
    InputPolicy policy_;
    std::string tail_;
    bool may_close_ = false;
    bool written_ = false;
};

/// A second descriptor for the same pidfd: Process keeps its own for waitid().
FileDescriptor duplicate(int number)
{
    FileDescriptor copy(fcntl(number, F_DUPFD_CLOEXEC, 0));
    if (copy.number() < 0) throw std::system_error(errno, std::generic_category(), "duplicate a pidfd");
    return copy;
}

stream_descriptor adopt(const asio::any_io_executor& executor, FileDescriptor descriptor)
{
    stream_descriptor adopted(executor, descriptor.number());
    descriptor.release();
    return adopted;
}

/// One run. Its coroutines (two pumps, the writing, the supervision) run side by side: supervise()
/// closes what the others wait for.
class Run {
public:
    Run(const asio::any_io_executor& executor, Command command, InputPolicy policy)
        : Run(executor, spawn(command), std::move(policy))
    {
        text_ = std::move(command.input);
    }

    asio::awaitable<ChildResult> to_end(std::chrono::milliseconds deadline)
    {
        auto executor = co_await asio::this_coro::executor;
        auto all = asio::experimental::make_parallel_group(
            asio::co_spawn(executor, pump(output_, result_.output, true), asio::experimental::deferred),
            asio::co_spawn(executor, pump(errors_, result_.errors, false), asio::experimental::deferred),
            asio::co_spawn(executor, input_.write(text_), asio::experimental::deferred),
            asio::co_spawn(executor, supervise(deadline), asio::experimental::deferred));
        auto [order, output_failure, errors_failure, input_failure, failure] =
            co_await all.async_wait(asio::experimental::wait_for_one_error(), asio::use_awaitable);
        for (const auto& thrown : {failure, output_failure, errors_failure, input_failure})
            if (thrown) std::rethrow_exception(thrown);
        co_return std::move(result_);
    }

private:
    Run(const asio::any_io_executor& executor, Spawned child, InputPolicy policy)
        : process_(std::move(child.process)),
          exited_(adopt(executor, duplicate(process_.descriptor()))),
          input_(adopt(executor, std::move(child.input)), std::move(policy)),
          output_(adopt(executor, std::move(child.output))),
          errors_(adopt(executor, std::move(child.errors))),
          drained_(executor)
    {
        result_.pid = process_.pid();
    }

    /// Reads `from` to its end, which is the last writer's close or close_all(), and keeps the beginning.
    asio::awaitable<void> pump(stream_descriptor& from, std::string& kept, bool is_output)
    {
        std::vector<char> buffer(kReadSize);
        for (;;) {
            auto [error, count] = co_await from.async_read_some(asio::buffer(buffer), kAsTuple);
            if (error) break;
            const std::size_t room = kKept - kept.size();
            kept.append(buffer.data(), std::min(count, room));
            if (count > room) result_.truncated = true;
            if (is_output) input_.saw_output({buffer.data(), count});
        }
        if (--open_streams_ == 0) drained_.cancel();
    }

    asio::awaitable<void> supervise(std::chrono::milliseconds deadline)
    {
        const bool in_time = co_await within(deadline, exit());
        if (!in_time && !process_.has_exited()) {
            result_.timed_out = true;
            process_.kill_group();
            co_await within(kKillLimit, exit());
        }
        result_.wall =
            std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started_);
        co_await drain();
        process_.kill_group(); // before reap(): the zombie still reserves the group's number
        const ExitStatus status = process_.reap();
        result_.exit_code = status.exit_code;
        result_.signal = status.signal;
        close_all();
    }

    /// Asked for, not believed: Asio hands a closed descriptor's state on to the next one, and an event that was
    /// already queued for the old one then ends the new one's wait (epoll_reactor, 1.22).
    asio::awaitable<void> exit()
    {
        while (!process_.has_exited()) co_await exited_.async_wait(stream_descriptor::wait_read, asio::use_awaitable);
    }

    /// Waits until both pumps are done, kDrainLimit at most.
    asio::awaitable<void> drain()
    {
        if (open_streams_ == 0) co_return;
        drained_.expires_after(kDrainLimit);
        co_await drained_.async_wait(kAsTuple);
    }

    void close_all()
    {
        asio::error_code ignored;
        input_.close();
        output_.close(ignored);
        errors_.close(ignored);
    }

    Process process_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    stream_descriptor exited_; // readable once the child has exited
    Input input_;
    stream_descriptor output_, errors_;
    asio::steady_timer drained_; // cancelled when both pumps are done
    int open_streams_ = 2;
    std::string text_; // for the standard input
    ChildResult result_;
};

} // namespace

asio::awaitable<ChildResult> run_child(Command command, std::chrono::milliseconds deadline, InputPolicy policy)
{
    auto executor = co_await asio::this_coro::executor;
    Run run(executor, std::move(command), std::move(policy));
    co_return co_await run.to_end(deadline);
}

} // namespace alert40
