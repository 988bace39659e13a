// SPDX-License-Identifier: GPL-2.0-or-later
// The results of a room: a row for each exercise, as a table and as CSV (RFC 4180).
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace alert40 {

struct ResultRow {
    std::string exercise;
    std::string learner;
    std::string curriculum; // empty: none
    int step = 0;           // of it, from 1; 0: none
    int level = 0;
    std::chrono::system_clock::time_point started;
    std::chrono::seconds took{}; // until it was solved or given up, or until now
    std::string state;           // open, solved, given-up
    std::string scenario;        // empty where the reader may not know it
    std::string cause;           // the same
    std::string answered;        // the last cause named
    bool fix_right = false;
    std::vector<std::string> asked; // kinds of evidence, in order
    int cost = 0;                   // of that evidence
    int wrong_answers = 0;
    int score = 0;
};

std::vector<std::string> result_columns();
std::vector<std::string> result_cells(const ResultRow& row);

/// A header and a line for each row, each ended by CRLF. A text that a spreadsheet would take for a formula (it begins
/// with = + - @, a tab or a line's end) is written behind an apostrophe.
std::string results_csv(const std::vector<ResultRow>& rows);

/// One field as RFC 4180 section 2 has it: quoted where it holds a comma, a quotation mark or a line's end.
std::string csv_field(std::string text);

/// "2026-11-21T17:00:00Z".
std::string utc_text(std::chrono::system_clock::time_point time);

} // namespace alert40
