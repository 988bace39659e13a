// SPDX-License-Identifier: GPL-2.0-or-later
// Somebody with a device that no program can start: is told what to open, and asked what was seen. One at a time, on
// the terminal; or the answers are in a file, and somebody (or a script) only opens:
//
//     [phone]                                   the client's name
//     "certificate/expired-tls13" = { faulty = "Your clock is ahead", fixed = "connected" }
#pragma once

#include "client-checks/checks/cell_server.h"

#include <asio/posix/stream_descriptor.hpp>

#include <map>

namespace alert40 {

/// What was seen, by client and scenario.
struct ManualAnswers {
    struct Seen {
        std::string faulty;
        std::string fixed;
    };
    std::map<std::string, std::map<std::string, Seen>> clients;
    std::filesystem::path file;
};

/// Throws InputError.
ManualAnswers load_answers(const std::filesystem::path& path);

/// The table in front of which everybody waits for his turn.
class ManualDesk {
public:
    /// `answers`: nullopt where a person is asked, on standard input and error.
    ManualDesk(asio::io_context& io, std::optional<ManualAnswers> answers);

    struct Errand {
        std::string client;
        std::string scenario;
        bool fixed = false;
        std::string open;
        std::string host;
        std::string name;
        std::filesystem::path ca;
    };

    /// Says what is to be opened, waits until `server` was met and left (`deadline` at most), and gets the answer.
    /// The result's output is the answer; exit status 0 where it is "connected", 77 where it is "skip".
    /// Throws InputError where the file of answers has none.
    asio::awaitable<ChildResult> run(Errand errand, CellServer& server, std::chrono::milliseconds deadline);

    /// The run was interrupted: nobody is waited for any more, and every answer is "skip".
    void stop();

private:
    asio::awaitable<void> take_turn();
    asio::awaitable<std::string> answer(const Errand& errand);
    asio::awaitable<std::string> read_line();

    std::optional<ManualAnswers> answers_;
    std::optional<asio::posix::stream_descriptor> input_;
    std::string read_;
    bool busy_ = false;
    asio::steady_timer freed_;
};

constexpr int kManualSkip = 77; // as automake's tests say it

} // namespace alert40
