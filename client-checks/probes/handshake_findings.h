// SPDX-License-Identifier: GPL-2.0-or-later
// What a whole handshake says about causes: the certificates as a client with given trust would judge them, the
// client's own certificate and how the server took it, and what the rules make of a handshake that failed.
#pragma once

#include "client-checks/diagnosis/finding.h"
#include "client-checks/probes/chain_judgement.h"
#include "client-checks/probes/handshake.h"
#include "client-checks/probes/resumption.h"

namespace alert40 {

/// What a handshake is judged by. All of it outlives the call.
struct JudgedBy {
    const TrustStore& trust;
    std::string name; // that the certificate must be for: LiveTarget::reference_name
    std::chrono::system_clock::time_point now = std::chrono::system_clock::now();
    const ClientIdentity* identity = nullptr; // that the handshake had to offer
};

struct HandshakeJudgement {
    std::vector<Finding> findings;  // the most likely first; empty: a client of this trust connects
    std::vector<std::string> notes; // true of the server, and no cause of a failure
    SymptomSet symptoms;            // what a client would say
    std::vector<ChainProblem> chain_problems;
    bool completed = false; // nothing failed: established, or left where it is not played on (`unplayable`)
    bool client_certificate_requested = false;
    bool client_certificate_wanting = false; // and the handshake fails for want of a good one

    bool healthy() const { return completed && findings.empty(); }
};

/// A handshake that could not be played to its end (`unplayable`) is judged by what came until then.
HandshakeJudgement judge_handshake(const Handshake& handshake, const JudgedBy& by);

/// resumption-broken where an offered session makes a handshake fail that succeeds without it.
std::optional<Finding> judge_resumption(const ResumptionReport& report);

/// The software that the server names in HTTP, as the causes' fixes call it: nginx, apache, haproxy, caddy, envoy,
/// java, node, go; empty where it says none of them.
std::string server_software(const Handshake& handshake);

} // namespace alert40
