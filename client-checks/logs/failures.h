// SPDX-License-Identifier: GPL-2.0-or-later
// The TLS failures that a log tells of: lines that belong together are read as one, what is the same is counted once.
// Memory is bounded whatever the log holds: a context of 64 KiB, 16 open connections, 100 different failures.
//
//   const WordIndex index(vocabulary);
//   FailureFinder finder(index);
//   while (const auto line = reader.next()) finder.read(*line);
//   const LogFailures found = finder.take();
#pragma once

#include "client-checks/diagnosis/account.h"
#include "client-checks/logs/line_reader.h"
#include "client-checks/logs/word_index.h"

#include <deque>
#include <set>

namespace alert40 {

struct QuotedLine {
    std::size_t number = 0; // from 1
    std::string text;       // at most 1 KiB of it, around what was recognised
};

struct LoggedFailure {
    const Voice* voice = nullptr; // whose words; lives as long as the vocabulary
    bool by_server = false;       // the log is the server's side's
    std::string software;         // of that server; empty where it is not told
    SymptomSet symptoms;          // by_server: as as_said_by_server() turns them
    std::string says;
    std::vector<QuotedLine> lines; // of the first time
    std::size_t count = 1;
    std::size_t last_line = 0; // where it was seen last
    Account account;           // of the first time
    bool about_tls = true;     // false: a connection ended, or never came, and nothing names TLS
    int weight = 0;            // of what is said; see says_more()
};

struct LogFailures {
    std::vector<LoggedFailure> failures; // those that say why first, then in the log's order
    std::size_t lines = 0;
    std::size_t left_out = 0;      // different failures beyond the first 100
    std::size_t first_success = 0; // the line that tells of a handshake that succeeded; 0: none does
    bool mentions_tls = false;
};

class FailureFinder {
public:
    /// `index`, and the vocabulary that it was made of, outlive the finder and what it gives.
    explicit FailureFinder(const WordIndex& index);

    /// Lines in order, as a LineReader gives them.
    void read(const LogLine& line);

    /// Once, at the end.
    LogFailures take();

private:
    static constexpr std::size_t kContext = 64 * 1024;
    static constexpr std::size_t kMostConnections = 16;
    static constexpr std::size_t kMostFailures = 100;
    static constexpr std::size_t kMostLines = 24; // of one failure

    /// Lines that belong to one failure.
    struct Episode {
        std::string connection; // empty: neighbours
        std::vector<QuotedLine> lines;
        std::vector<std::uint32_t> words; // indices that matched
        std::size_t last_line = 0;
        bool by_server = false;
        bool about_tls = false;
        const Voice* software = nullptr; // of the server, by a mark of its own
    };

    bool match(const LogLine& line, Episode& into, std::vector<std::uint32_t>& matched);
    void place(const LogLine& line, Episode one, const std::vector<std::uint32_t>& matched);
    void close(Episode& episode);
    void add(LoggedFailure failure);
    void keep_context(std::string_view text);

    const WordIndex& index_;
    std::vector<std::uint32_t> candidates_;
    Episode neighbours_;
    std::deque<Episode> connections_;
    std::string context_;
    bool new_entry_ = false; // a line began an entry since the last one of neighbours_
    bool joined_ = false;    // the next exception reports the one before
    LogFailures found_;
};

} // namespace alert40
