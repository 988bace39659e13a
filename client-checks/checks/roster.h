// SPDX-License-Identifier: GPL-2.0-or-later
// The clients of a run: definitions joined with their lexicons, and whether each is on this machine.
#pragma once

#include "client-checks/clients/expand.h"
#include "client-checks/lexicons/lexicon.h"

namespace alert40 {

struct RosterEntry {
    ClientDefinition definition;
    const Lexicon* lexicon = nullptr; // lives in the roster
    Manners manners;                  // the library's, with the client's own put over them
    std::string version;              // empty where it is absent or does not say
    std::string absent;               // why it cannot run here; empty: it can
};

struct Roster {
    std::map<std::string, Lexicon, std::less<>> lexicons;
    std::vector<RosterEntry> clients;
};

/// Loads the clients of `data` and the user's own in `more`, only those in `names` where it is not empty, and asks each
/// for its version. Throws InputError for an unknown name or library.
asio::awaitable<Roster> muster(std::filesystem::path data, std::vector<std::string> names, std::filesystem::path self,
                               std::vector<std::filesystem::path> more = {});

} // namespace alert40
