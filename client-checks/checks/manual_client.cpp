// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/manual_client.h"

#include "scenarios/loader/fields.h"

#include <asio/experimental/as_tuple.hpp>
#include <asio/read_until.hpp>
#include <asio/redirect_error.hpp>
#include <fmt/format.h>
#include <unistd.h>

namespace alert40 {
namespace {

using std::chrono::steady_clock;

ManualAnswers::Seen read_seen(const TomlValue& value)
{
    using Seen = ManualAnswers::Seen;
    static const Fields<Seen> fields = {field("faulty", &Seen::faulty, "What was seen with the fault").require(),
                                        field("fixed", &Seen::fixed, "What was seen with the fix")};
    return read_table(value.as_table(), fields);
}

void tell(const ManualDesk::Errand& errand)
{
    fmt::print(stderr, "\nalert40-check: {}: {}, {}\n  open  {}\n", errand.client, errand.scenario,
               errand.fixed ? "with the fix" : "with the fault", errand.open);
    fmt::print(stderr, "  {} has to lead to {}; the root to trust is in {}\n", errand.name, errand.host,
               errand.ca.string());
}

} // namespace

ManualAnswers load_answers(const std::filesystem::path& path)
{
    ManualAnswers answers;
    answers.file = path;
    for (const auto& [client, scenarios] : parse_toml_file(path).entries)
        for (const auto& [scenario, seen] : scenarios.as_table().entries)
            answers.clients[client][scenario] = read_seen(seen);
    return answers;
}

ManualDesk::ManualDesk(asio::io_context& io, std::optional<ManualAnswers> answers)
    : answers_(std::move(answers)),
      freed_(io, steady_clock::time_point::max())
{
    if (!answers_) input_.emplace(io, dup(STDIN_FILENO));
}

asio::awaitable<ChildResult> ManualDesk::run(Errand errand, CellServer& server, std::chrono::milliseconds deadline)
{
    co_await take_turn();
    struct Leave { // also when the answer is missing
        ManualDesk& desk;
        ~Leave()
        {
            desk.busy_ = false;
            desk.freed_.cancel();
        }
    } const leave{*this};
    const auto started = steady_clock::now();
    tell(errand);
    const bool came = !server.listens() || co_await server.await_connection(deadline);
    if (!came && !answers_)
        fmt::print(stderr, "  nothing has connected and left within {} s\n", deadline.count() / 1000);
    ChildResult result;
    result.output = co_await answer(errand);
    result.exit_code = result.output == "connected" ? 0 : result.output == "skip" ? kManualSkip : 1;
    result.wall = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - started);
    co_return result;
}

void ManualDesk::stop()
{
    asio::error_code ignored;
    if (input_) input_->close(ignored);
}

asio::awaitable<void> ManualDesk::take_turn()
{
    while (busy_) {
        asio::error_code woken;
        co_await freed_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    busy_ = true;
}

asio::awaitable<std::string> ManualDesk::answer(const Errand& errand)
{
    if (!answers_) {
        fmt::print(stderr, "  What was seen? 'connected', 'skip', or what it said (nothing: it failed silently): ");
        co_return co_await read_line();
    }
    const auto client = answers_->clients.find(errand.client);
    if (client != answers_->clients.end())
        if (const auto found = client->second.find(errand.scenario); found != client->second.end())
            co_return errand.fixed ? found->second.fixed : found->second.faulty;
    throw InputError(
        fmt::format("{} has no answer of {} for {}", answers_->file.string(), errand.client, errand.scenario),
        fmt::format("[{}]\n  \"{}\" = {{ faulty = \"what it said\", fixed = \"connected\" }}", errand.client,
                    errand.scenario));
}

/// "skip" where nobody is there any more.
asio::awaitable<std::string> ManualDesk::read_line()
{
    asio::error_code ended;
    if (!input_->is_open()) co_return "skip";
    const auto length = co_await asio::async_read_until(*input_, asio::dynamic_buffer(read_), '\n',
                                                        asio::redirect_error(asio::use_awaitable, ended));
    if (ended) co_return "skip";
    std::string line = read_.substr(0, length - 1);
    read_.erase(0, length);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    co_return line;
}

} // namespace alert40
