// SPDX-License-Identifier: GPL-2.0-or-later
// What a client with given trust would object to in a server's certificates, judged here and now: a live diagnosis
// knows what a capture does not, the anchors, the name and the time.
#pragma once

#include "certs/trust_store.h"
#include "client-checks/probes/client_state.h"

namespace alert40 {

struct ChainQuestion {
    std::vector<Bytes> chain; // DER, as sent
    Bytes staple;             // an OCSPResponse; empty: none came
    bool asked_for_staple = true;
    SignatureCheck signature = SignatureCheck::none;
    bool established = false; // the handshake came to its end: what was signed is what was sent
    std::string name;         // that the certificate must be for, a host name or an address; empty: not judged
    std::chrono::system_clock::time_point now;
};

struct ChainProblem {
    std::string cause;   // an id of scenarios/causes
    std::string symptom; // what a client would say: "verify:expired"
    std::string fact;    // a sentence without full stop: dates, names, issuers
    bool sure = true;    // false: another cause would leave the same chain
};

/// The problems, the one that a client should be told of first at the front; empty: a client with this trust and this
/// name takes the chain.
std::vector<ChainProblem> judge_chain(const ChainQuestion& question, const TrustStore& trust);

/// The certificate's names as a sentence has them: "a.example, *.b.example" (at most 6, then "and 3 more").
std::string names_of(const Certificate& certificate);

} // namespace alert40
