// SPDX-License-Identifier: GPL-2.0-or-later
// What one run of one client against one server showed, and where that differs from what was expected.
#pragma once

#include "client-checks/checks/expected.h"
#include "client-checks/diagnosis/diagnosis.h"
#include "server/wire/outcome.h"

namespace alert40 {

struct Observation {
    std::vector<std::string> argv;
    StringMap environment;
    std::string input;                           // what the client was given on its standard input
    bool resumes = false;                        // it connects twice: the second time decides
    std::optional<std::regex> connected_pattern; // instead of the client's own
    unsigned port = 0;                           // of its own listener
    ChildResult child;
    std::vector<Transcript> connections; // in the order of their end; those without a ClientHello included
    std::size_t deciding = 0;            // index; meaningless where there is none
    SymptomSet symptoms;
    std::string says;                          // the client's own words
    bool tells_no_cause = false;               // it tells success from failure, and no more: a stub, a device, a person
    std::optional<std::string> not_applicable; // the server could not be what the scenario asks for this client

    std::optional<Diagnosis> proved; // by experiment with the same server, where that was asked for

    const Transcript* wire() const { return connections.empty() ? nullptr : &connections[deciding]; }
};

/// Reads the client's output into symptoms, and picks the deciding connection: the first that carried a ClientHello and
/// ended as expected, else the first that carried one; of a client that resumes, from its second connection on.
void interpret(Observation& observation, const Expected& expected, const RosterEntry& client);

/// The wire shows an abbreviated handshake: the session of an earlier one was resumed (RFC 5246 section 7.3, RFC 5077
/// section 3.4, RFC 8446 section 2.2).
bool resumed(const Transcript& transcript);

/// Each difference, as a sentence: "expected X, seen Y". Empty: as expected.
std::vector<std::string> differences(const Observation& observation, const Expected& expected);

} // namespace alert40
