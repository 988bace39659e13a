// SPDX-License-Identifier: GPL-2.0-or-later
// What changed since an earlier run, cell by cell. What makes the exit status 1:
// - another verdict, for better or worse (a baseline that is too red hides the next failure),
// - a cell that fails as it did, but otherwise: another end on the wire, other symptoms,
// - a new cell that fails, and a cell that is gone.
// What is told and does not count: a client's new version, other words with the same meaning, a new cell that passes.
#pragma once

#include "client-checks/reports/result.h"

namespace alert40 {

/// Fills result.since, and marks each cell that is red as it was. `path` is the baseline's, to be named.
/// A cell is gone where the run was asked for it; of a part of a run, and of one that is not complete, nothing is.
void compare(RunResult& result, const RunResult& baseline, const std::string& path);

} // namespace alert40
