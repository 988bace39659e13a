// SPDX-License-Identifier: GPL-2.0-or-later
// The diagnosis of a live server: its addresses, what a client's ClientHello meets there, and by experiment why.
#pragma once

#include "client-checks/diagnosis/diagnosis.h"
#include "client-checks/probes/experiment.h"
#include "client-checks/probes/handshake_findings.h"

namespace alert40 {

struct LiveQuestion {
    LiveTarget target;
    ClientHello hello;   // what the client sends; a fresh copy goes out each time
    std::string client;  // whose it is, in words; empty: what today's clients have in common
    std::string library; // its lexicon's name; empty: of no certain client
    std::size_t repeat = 1;
    TrustStore trust;                       // whom the client trusts
    std::optional<ClientIdentity> identity; // what it proves itself with
    Subject subject;
};

/// Never throws for what the network does.
asio::awaitable<Diagnosis> diagnose_live(LiveQuestion question, const Knowledge& knowledge);

} // namespace alert40
