// SPDX-License-Identifier: GPL-2.0-or-later
// The result of a run as plain values: what every report is written from, and what a result file (result_file.h) holds.
// summarise() makes it from a matrix that ran here; read_result() and merge() from files, of other machines too.
#pragma once

#include "client-checks/checks/matrix.h"

namespace alert40 {

/// Enough to run the client again by hand: with --keep-files its files are still there.
struct ResultCommand {
    std::vector<std::string> argv;
    StringMap environment;
    std::string input;
    unsigned port = 0;

    std::string text() const; // one line: the environment, then the words
};

/// What one run of a client showed. Texts are empty where nothing is to be said.
struct SeenRun {
    std::string ends; // in the words of a scenario's `ends`
    std::string phase;
    std::string alert;
    std::string alert_by;
    std::string outcome;           // how the deciding connection ended, in a line; empty: nothing on the wire
    std::vector<std::string> wire; // the deciding connection, step by step
    std::vector<std::string> also; // how its other connections ended
    std::string ja3;               // of its ClientHello
    std::string ja4;
    std::string symptom; // the symptoms in a line
    std::vector<std::string> symptoms;
    std::string says;   // the client's own words
    std::string errors; // the end of its standard error, where it has no words that a lexicon knows
    int exit_code = 0;
    ResultCommand command;
};

struct ResultFinding {
    std::string cause;
    std::string confidence;
    std::vector<std::string> because;
};

/// A position in a file; inside the data the path is relative to it: the same on every machine.
struct ResultPlace {
    std::string file;
    unsigned line = 0;
    unsigned column = 0;

    std::string text() const;
};

struct ResultFix {
    std::string symptom;
    ResultCommand command;
};

/// A further run of the client beside the one that decides.
struct FurtherRun {
    unsigned connection = 0;
    SeenRun seen;
};

struct ResultCell {
    std::string client;
    Verdict verdict = Verdict::error;
    std::string word; // the cell in a word: what ended the connection where it passed, else the verdict
    std::vector<std::string> why;
    std::vector<std::string> because; // exceptions of the scenario that were applied
    bool accepts = false;
    bool known = false; // compared with a baseline: it was red there in the same way
    std::int64_t ms = 0;
    std::string expected;
    ResultPlace expected_at;
    std::optional<SeenRun> seen;
    unsigned connection = 1;
    std::vector<FurtherRun> further;
    std::vector<ResultFinding> findings;
    std::vector<std::string> first_class;
    std::vector<std::string> from_client_only;
    std::string next_test;
    std::vector<std::string> proved; // the causes that the experiments found, the best first; empty: none were made
    std::vector<std::string> proof;  // the experiments
    std::optional<ResultFix> fix;

    bool red() const { return verdict == Verdict::fail || verdict == Verdict::error; }
};

struct ResultScenario {
    std::string name;
    std::string title;
    std::string cause;
    std::string lesson;
    std::string fix;               // in a sentence; empty: it has none
    ResultPlace at;                // its file
    std::size_t place = 0;         // among all the scenarios of the whole run, of which this may be a shard
    std::vector<ResultCell> cells; // those that were measured

    /// nullptr where it was not measured.
    const ResultCell* cell_of(std::string_view client) const;
};

struct ResultClient {
    std::string name;
    std::string title;
    std::string library;
    std::string version;
    std::string absent;

    bool operator==(const ResultClient&) const = default;
};

/// Which part of a run this is: the index-th (from 1) of `count`; `of` is the same for all parts of one run.
struct ShardOf {
    unsigned index = 1;
    unsigned count = 1;
    std::string of;
};

/// What a run was asked for: what of a baseline can be gone.
struct Asked {
    std::vector<std::string> scenarios; // ids and families; empty: all
    std::vector<std::string> clients;   // empty: all
    bool files = false;                 // scenarios were given as files, which are of no catalogue

    bool operator==(const Asked&) const = default;
};

/// One difference to a baseline.
struct Change {
    enum class Kind { verdict, behaviour, words, added, gone, client };
    Kind kind{};
    bool counts = false;  // it makes the exit status 1
    std::string scenario; // empty: all of the client's
    std::string client;
    std::string before;
    std::string now;
};
std::string_view name(Change::Kind kind);

/// What changed since a baseline; what counts first.
struct Comparison {
    std::string baseline; // the path
    std::string started;  // of its run
    std::vector<Change> changes;
    std::size_t known = 0; // cells that are red as they were there
};

struct RunResult {
    bool complete = true;    // every cell was measured
    std::string interrupted; // why not
    std::string started;     // "2026-11-21T10:47:32Z"; empty: not known
    std::chrono::milliseconds wall{};
    std::optional<ShardOf> shard;
    std::vector<Asked> asked; // more than one: merged
    std::vector<ResultClient> clients;
    std::vector<ResultScenario> scenarios;
    std::optional<Comparison> since;

    const ResultClient* client(std::string_view name) const;
};

/// The scenarios and clients without any cell.
RunResult frame_of(const MatrixResult& matrix, const std::filesystem::path& data);
ResultCell summarise(const CellResult& cell, const std::filesystem::path& data);
/// Cells that no client has run (it was interrupted) are left out, and it is not complete then.
RunResult summarise(const MatrixResult& matrix, const std::filesystem::path& data);

struct Tally {
    std::size_t pass = 0, fail = 0, skip = 0, error = 0, accepts = 0; // `accepts` are passes too
    std::size_t known = 0;                                            // failed or in error, as in the baseline
    std::size_t total() const { return pass + fail + skip + error; }
};
Tally tally(const RunResult& result);

/// 0 all as expected; 1 an expectation was not met; 3 a cell in error, no client runs, or it is not complete.
/// With a baseline: 1 where a change counts; cells that are red as they were there do not.
int exit_status(const RunResult& result);

} // namespace alert40
