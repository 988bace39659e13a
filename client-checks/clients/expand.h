// SPDX-License-Identifier: GPL-2.0-or-later
// Client definition + wishes of a scenario -> the command that is run, or why this client cannot be asked.
#pragma once

#include "client-checks/clients/definition.h"

#include <variant>

namespace alert40 {

/// Where the client shall go and with what.
struct Target {
    std::string host; // address
    unsigned port = 0;
    std::string name; // the name it verifies, and sends as SNI where the scenario wants that
    std::filesystem::path ca;
    std::filesystem::path client_chain; // empty: it has no certificate
    std::filesystem::path client_key;
    std::filesystem::path run_directory; // for the files of options
    std::filesystem::path self;          // this program, for the builtin client
};

struct Skip {
    std::string why;
};

/// Writes the files that options need into the run directory. Throws std::system_error where that fails.
std::variant<Command, Skip> expand(const ClientDefinition& client, const ClientSettings& wishes, const Target& target);

} // namespace alert40
