// SPDX-License-Identifier: GPL-2.0-or-later
// The clients of a run: definitions joined with their lexicons, and whether each is on this machine.
#pragma once

#include "client-checks/clients/expand.h"
#include "client-checks/lexicons/lexicon.h"

#include <list>

namespace alert40 {

struct RosterEntry {
    ClientDefinition definition;
    const Lexicon* lexicon = nullptr;    // lives in the roster: the library's, with the client's own lines before it
    std::filesystem::path bin;           // of clients that are no packages
    std::filesystem::path source, build; // of a program of ours; empty: it is none
    Manners manners;                     // the library's, with the client's own put over them
    std::string version;                 // empty where it is absent or does not say
    std::string absent;                  // why it cannot run here; empty: it can
};

struct Roster {
    std::map<std::string, Lexicon, std::less<>> lexicons;
    std::list<Lexicon> own_words; // of clients that have some
    std::vector<RosterEntry> clients;
};

struct MusterOptions {
    std::filesystem::path data;
    std::vector<std::string> names; // empty: all
    std::filesystem::path self;     // this program
    std::filesystem::path programs; // where programs of ours are compiled to; empty: they are not, only looked at
    std::vector<std::filesystem::path> client_files = {}; // the user's own: files, or folders of them
    bool versions = true;                                 // each is asked for its version; takes seconds in all
};

/// Loads the clients, compiles the programs that they need, and asks each for its version.
/// Throws InputError for an unknown name or library.
asio::awaitable<Roster> muster(MusterOptions options);

/// Fills entry.version, of a client that is here and says it. `self`: this program.
asio::awaitable<void> ask_version(RosterEntry& entry, const std::filesystem::path& self);

} // namespace alert40
