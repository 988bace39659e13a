// SPDX-License-Identifier: GPL-2.0-or-later
// Which scenarios are exercises, how hard each is, and which one comes next. The level is counted, not judged: two
// scenarios that end in the same way (who ends it, with which alert, after which message, what the client concludes)
// look the same to whoever reads the ticket, so what counts is how many causes of the catalogue end like this one.
//
//     level 1   one cause ends so
//     level 2   two to four do
//     level 3   five and more
#pragma once

#include "client-checks/lab/curricula.h"

#include <random>
#include <set>

namespace alert40 {

struct PoolEntry {
    const Scenario* scenario = nullptr; // outlives the pool
    std::size_t causes = 0;             // of the catalogue that end so, this one among them
    int level = 0;
};

/// What an exercise is asked for, and what it must not be.
struct PoolChoice {
    std::string family;   // empty: any
    std::string cause;    // empty: any
    std::string scenario; // empty: any
    std::optional<int> level;
    std::set<std::string, std::less<>> not_these; // scenarios that this learner had; ignored where nothing else is left
    std::string not_cause;                        // of the one before; ignored where nothing else is left
    std::string never; // the scenario before: not even then, unless it is named or the only one
};

class ExercisePool {
public:
    /// Every scenario that fails, has a fix and a cause with a page. `scenarios` outlives the pool.
    ExercisePool(const std::vector<Scenario>& scenarios, const CauseCatalogue& causes);

    const std::vector<PoolEntry>& entries() const { return entries_; }
    /// nullptr: it is no exercise.
    const PoolEntry* find(std::string_view scenario) const;

    /// One of those that `choice` leaves, each cause as likely as any other, and within it each scenario; nullptr where
    /// it leaves none.
    const PoolEntry* pick(const PoolChoice& choice, std::mt19937_64& random) const;

private:
    std::vector<PoolEntry> entries_;
};

/// "server-alert handshake_failure before-server-hello": scenarios of one signature end in the same way.
std::string ending_signature(const Expectation& expectation);

/// A place in a list of `count` (at least 1): the same for the same seed with every standard library.
std::size_t place_of(std::size_t count, std::mt19937_64& random);

} // namespace alert40
