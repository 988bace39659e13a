// SPDX-License-Identifier: GPL-2.0-or-later
// Several results as one: the parts of a run, or runs that have no cell in common.
#pragma once

#include "client-checks/reports/result.h"

namespace alert40 {

struct ResultFile {
    std::string path; // for errors
    RunResult result;
};

/// Parts must be of one run, each there once; scenarios then stand as in the whole run. Runs that were not parts may
/// have other scenarios or other clients, and no cell twice. A client has one version in all.
/// The time is the longest's: they ran side by side. Throws InputError.
RunResult merge(std::vector<ResultFile> files);

} // namespace alert40
