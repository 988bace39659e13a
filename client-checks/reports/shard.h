// SPDX-License-Identifier: GPL-2.0-or-later
// Parts of a run, for several machines: every scenario is in exactly one part, which depends on the ids alone.
#pragma once

#include "client-checks/reports/result.h"

namespace alert40 {

struct Shard {
    unsigned index = 1; // from 1
    unsigned count = 1;
};

/// "2/5". Throws InputError.
Shard parse_shard(std::string_view text);

/// For each scenario whether it is of this part. Parts differ by at most one scenario, neighbours are spread.
std::vector<bool> scenarios_of(const Shard& shard, const std::vector<std::string>& ids);

/// What all parts of one run have in common, in 16 digits: the scenarios, the clients, and `settings`.
std::string run_digest(std::vector<std::string> ids, std::vector<std::string> clients, std::string_view settings);

} // namespace alert40
