// SPDX-License-Identifier: GPL-2.0-or-later
// A scenario's expectation, made concrete for one client: exceptions and library manners applied.
#pragma once

#include "client-checks/checks/roster.h"

namespace alert40 {

struct Expected {
    Ending ends = Ending::connected;
    std::optional<AlertDescription> alert; // from the server with server_alert, from the client with client_rejects
    AlertLevel alert_level = AlertLevel::fatal;
    std::optional<Phase> phase;
    std::optional<Symptom> symptom;
    std::optional<bool> resumed;      // of the deciding connection
    bool resets = false;              // with client_rejects and no alert: RST, not FIN
    bool any_manner = false;          // with client_rejects: any alert, FIN or RST; the client's library is not known
    std::vector<std::string> because; // the exceptions that were applied
    std::string skip;                 // nothing can be shown: why
    SourcePos where;                  // what it was read from
};

/// Throws InputError where the scenario names a symptom that does not exist, or the lexicon does not say how its
/// library shows it.
Expected expect(const Scenario& scenario, const RosterEntry& client);

/// "server sends fatal handshake_failure (40), before-server-hello; the client reports ...".
std::string describe(const Expected& expected);

} // namespace alert40
