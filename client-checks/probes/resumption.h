// SPDX-License-Identifier: GPL-2.0-or-later
// Whether a server takes its own sessions up again, at the address that gave them and at its others.
#pragma once

#include "client-checks/probes/handshake.h"

#include <functional>

namespace alert40 {

/// How one offer of an earlier session ended.
struct Resumption {
    std::string where; // "192.0.2.1:443"
    enum class Result {
        resumed,
        full,     // a full handshake in its place, which is allowed (RFC 5077, section 3.4; RFC 8446, section 4.2.11)
        failed,   // the handshake failed
        not_made, // no connection
    } result = Result::not_made;
    Handshake handshake; // of a connection that was made
};

struct ResumptionReport {
    bool offered = false; // the first handshake left something to resume
    std::vector<Resumption> attempts;
    /// Without a session the handshake still succeeds where an offer failed; nullopt: not tried.
    std::optional<bool> full_still_works;
};

/// An address, and how a connection to it that is ready for a ClientHello is made.
struct ResumptionPlace {
    std::string where;
    std::function<asio::awaitable<Opened>()> open;
};

/// Offers the last session of `first`, which `plan` led to, twice at the first place and once at each other; after a
/// failure a full handshake shows whether the session is to blame. At most places + 2 connections, one at a time: a
/// ticket is for one use (RFC 8446, section 8.1), so each attempt takes another where the server gave several.
asio::awaitable<ResumptionReport> try_resumption(const Handshake& first, HandshakePlan plan,
                                                 std::vector<ResumptionPlace> places);

/// Sentences for a Diagnosis's notes: "resumes its sessions (TLS 1.3, by a PSK)", "does not resume: ...", "tickets of
/// 192.0.2.1:443 are not taken at 192.0.2.2:443: the two share no ticket key".
std::vector<std::string> notes_of(const ResumptionReport& report);

} // namespace alert40
