// SPDX-License-Identifier: GPL-2.0-or-later
// Client definition + wishes of a scenario -> the command that is run, or why this client cannot be asked.
#pragma once

#include "client-checks/clients/definition.h"

#include <variant>

namespace alert40 {

/// Where the client shall go and with what.
struct Target {
    std::string host;       // address
    std::string first_host; // where the session comes from that is resumed; empty: the same
    unsigned port = 0;
    std::string name; // the name it verifies, and sends as SNI where the scenario wants that
    std::filesystem::path ca;
    std::filesystem::path client_chain; // empty: it has no certificate
    std::filesystem::path client_key;
    std::filesystem::path crl;           // PEM; empty: there is none
    std::string pin;                     // base64 of the SHA-256 of the SubjectPublicKeyInfo that is insisted on
    std::string pin_hex;                 // the same hash in hexadecimal
    std::string pin_key;                 // base64 of that SubjectPublicKeyInfo
    std::filesystem::path faketime;      // libfaketime; empty: not on this machine
    std::filesystem::path run_directory; // for the files of options
    std::filesystem::path self;          // this program, for the builtin client
    std::filesystem::path bin;           // of clients that are no packages
    std::filesystem::path source, build; // of a program of ours; empty: it is none
};

struct Skip {
    std::string why;
};

/// What is run.
struct Invocation {
    std::optional<Command> before; // runs first, and gets the session that `command` resumes
    Command command;
    std::optional<std::regex> connected_pattern; // where it differs from the client's own
    /// How many of command.argv's first words a warm process was started with; nullopt: this run has wishes that a
    /// running process cannot be told (environment variables), or the client has no warm process.
    std::optional<std::size_t> warm_prefix;
};

/// {source}, {build}, {bin} and {self} in a command that is not a run: compiling, asking for the version.
std::vector<std::string> fill_paths(std::vector<std::string> argv, const Target& target);

/// Writes the files that options need into the run directory. Throws std::system_error where that fails.
std::variant<Invocation, Skip> expand(const ClientDefinition& client, const ClientSettings& wishes,
                                      const Target& target, Starttls starttls = Starttls::none);

} // namespace alert40
