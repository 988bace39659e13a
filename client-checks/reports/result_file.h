// SPDX-License-Identifier: GPL-2.0-or-later
// Result files: what --report json=PATH writes, and merge and --baseline read. Two shapes of one schema:
// - whole, from write_result(): each scenario holds its cells;
// - while a run is under way, from a ResultJournal (result_journal.h): first the frame with "complete": false, then a
//   line per cell as it comes, in "cells". It is valid JSON after every line.
#pragma once

#include "client-checks/reports/result.h"

#include <ostream>

namespace alert40 {

constexpr int kResultSchema = 2;

void write_result(const RunResult& result, std::ostream& out);

/// The first lines of the other shape, up to its cells; a cell's line; what ends it.
std::string journal_head(const RunResult& frame);
std::string journal_line(const ResultCell& cell, std::size_t scenario);
constexpr std::string_view kJournalEnd = "]}\n";

/// Reads either shape. Of a journal whose last line was cut (the machine went down) the whole lines count.
/// Throws InputError for what cannot be read, is no JSON, is cut short, of another schema, or says what cannot be.
RunResult read_result(const std::filesystem::path& file);

/// The same from text; `name` is used in errors.
RunResult parse_result(std::string_view text, const std::string& name);

} // namespace alert40
