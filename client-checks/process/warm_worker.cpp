// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/process/warm_worker.h"

#include "client-checks/process/spawn.h"
#include "server/engine/within.h"

#include <asio/buffer.hpp>
#include <asio/detached.hpp>
#include <asio/experimental/as_tuple.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/read_until.hpp>
#include <asio/write.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace alert40 {
namespace {

using asio::posix::stream_descriptor;

constexpr auto kAsTuple = asio::experimental::as_tuple(asio::use_awaitable);
constexpr std::size_t kLongestAnswer = 4 * 1024 * 1024; // octets; what a client prints stands in it escaped
constexpr std::size_t kKept = 256 * 1024;               // octets of each stream, as of a cold run
constexpr std::chrono::seconds kReadyLimit{60};         // a browser on a loaded machine

stream_descriptor adopt(const asio::any_io_executor& executor, FileDescriptor descriptor)
{
    stream_descriptor adopted(executor, descriptor.number());
    descriptor.release();
    return adopted;
}

std::string kept(const nlohmann::json& answer, const char* key, bool& truncated)
{
    auto text = answer.value(key, std::string());
    if (text.size() > kKept) truncated = true;
    text.resize(std::min(text.size(), kKept));
    return text;
}

} // namespace

class WarmWorker {
public:
    WarmWorker(const asio::any_io_executor& executor, const Command& command) : WarmWorker(executor, spawn(command)) {}

    ~WarmWorker()
    {
        asio::error_code ignored;
        errors_->close(ignored);
    }

    pid_t pid() const { return process_.pid(); }

    /// One line in, one line out; nullopt at the deadline. It throws where the process has died or does not answer in
    /// the agreed way.
    asio::awaitable<std::optional<nlohmann::json>> ask(std::vector<std::string> arguments, std::string input,
                                                       std::chrono::milliseconds deadline)
    {
        const nlohmann::json question{
            {"id", ++last_}, {"arguments", std::move(arguments)}, {"input", std::move(input)}};
        const std::string line = question.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
        const auto answer = co_await within(deadline, exchange(line));
        if (!answer) co_return std::nullopt;
        auto parsed = nlohmann::json::parse(*answer, nullptr, false);
        if (!parsed.is_object() || parsed.value("id", std::uint64_t{0}) != last_)
            throw std::runtime_error(fmt::format("a warm client answered '{:.80}'", *answer));
        co_return parsed;
    }

    /// What it has written to its standard error since the last call.
    std::string take_errors() { return std::exchange(*errors_text_, {}); }

    ExitStatus end()
    {
        process_.kill_group();
        return process_.reap();
    }

private:
    WarmWorker(const asio::any_io_executor& executor, Spawned child)
        : process_(std::move(child.process)),
          input_(adopt(executor, std::move(child.input))),
          output_(adopt(executor, std::move(child.output))),
          errors_(std::make_shared<stream_descriptor>(adopt(executor, std::move(child.errors))))
    {
        // Read beside everything else until it is closed: a full pipe would stop the process.
        auto drain = [](std::shared_ptr<stream_descriptor> errors,
                        std::shared_ptr<std::string> text) -> asio::awaitable<void> {
            std::vector<char> buffer(16 * 1024);
            for (;;) {
                auto [error, count] = co_await errors->async_read_some(asio::buffer(buffer), kAsTuple);
                if (error) co_return;
                text->append(buffer.data(), std::min(count, kKept - std::min(kKept, text->size())));
            }
        };
        asio::co_spawn(executor, drain(errors_, errors_text_), asio::detached);
    }

    asio::awaitable<std::string> exchange(const std::string& line)
    {
        auto [write_error, written] = co_await asio::async_write(input_, asio::buffer(line), kAsTuple);
        if (write_error) throw std::runtime_error("a warm client ended");
        auto [error, length] =
            co_await asio::async_read_until(output_, asio::dynamic_buffer(read_, kLongestAnswer), '\n', kAsTuple);
        if (error) throw std::runtime_error("a warm client ended before it answered");
        std::string answer = read_.substr(0, length);
        read_.erase(0, length);
        co_return answer;
    }

    Process process_;
    stream_descriptor input_, output_;
    std::shared_ptr<stream_descriptor> errors_; // closed with us, which ends its reading
    std::shared_ptr<std::string> errors_text_ = std::make_shared<std::string>();
    std::string read_;
    std::uint64_t last_ = 0;
};

WarmPool::WarmPool() = default;
WarmPool::~WarmPool() = default;

void WarmPool::end()
{
    idle_.clear();
}

asio::awaitable<ChildResult> WarmPool::run(Command cold, std::size_t prefix, std::string serve,
                                           std::chrono::milliseconds deadline)
{
    Command warm = cold;
    warm.argv.resize(prefix);
    warm.argv.push_back(std::move(serve));
    warm.input.clear();
    std::string key = fmt::format("{}", fmt::join(warm.argv, "\n"));
    for (const auto& [name, value] : warm.environment) key += fmt::format("\n{}={}", name, value);
    std::unique_ptr<WarmWorker> worker;
    if (auto& idle = idle_[key]; !idle.empty()) {
        worker = std::move(idle.back());
        idle.pop_back();
    } else {
        worker = std::make_unique<WarmWorker>(co_await asio::this_coro::executor, warm);
        const auto ready = co_await worker->ask({}, {}, kReadyLimit);
        if (!ready) throw std::runtime_error(fmt::format("{} does not become ready to serve", warm.argv.front()));
    }
    worker->take_errors();
    std::vector<std::string> arguments(cold.argv.begin() + static_cast<std::ptrdiff_t>(prefix), cold.argv.end());
    ChildResult result;
    result.pid = worker->pid();
    const auto started = std::chrono::steady_clock::now();
    std::optional<nlohmann::json> answer;
    std::string failure;
    try {
        answer = co_await worker->ask(std::move(arguments), std::move(cold.input), deadline);
    } catch (const std::runtime_error& error) {
        failure = error.what();
    }
    result.wall = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started);
    if (answer) {
        result.output = kept(*answer, "output", result.truncated);
        result.errors = kept(*answer, "errors", result.truncated);
        result.exit_code = answer->value("exit_code", -1);
        idle_[key].push_back(std::move(worker));
        co_return result;
    }
    result.timed_out = failure.empty();
    result.errors = worker->take_errors() + failure;
    result.signal = worker->end().signal;
    co_return result;
}

} // namespace alert40
