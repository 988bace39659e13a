// SPDX-License-Identifier: GPL-2.0-or-later
// A client's words without what differs from run to run by nature, so that two runs, or two clients, can be compared.
#pragma once

#include "client-checks/reports/result.h"

namespace alert40 {

/// {port} for the run's port, {folder} for its files' folder; ... for thread numbers, addresses of memory, dates, times
/// and durations. What a lexicon reads (error codes, numbers of alerts) stays.
std::string steady_words(const SeenRun& seen);

} // namespace alert40
