// SPDX-License-Identifier: GPL-2.0-or-later
// What is known about one failure: what a capture (with a key log, if there is one) and the client's own output hold,
// and nothing else. Never the scenario, its faults, its adaptive lists or its fixed twin. What is not known is absent.
#pragma once

#include "certs/certificate.h"
#include "client-checks/diagnosis/account.h"
#include "client-checks/lexicons/symptom.h"
#include "server/wire/outcome.h"

namespace alert40 {

struct Evidence {
    /// The wire; nullptr where there is only text. It outlives the evidence.
    const Transcript* wire = nullptr;
    std::optional<Outcome> outcome; // of that wire
    /// Other connections of the same client to the same name, from the same capture. They outlive the evidence.
    std::vector<const Transcript*> beside;
    /// The alert that decided the end, and who sent it.
    std::optional<Alert> alert;
    std::optional<Direction> alert_from;

    /// What the client's output can mean; empty where there is none, or no lexicon knows it.
    SymptomSet symptoms;
    std::string library;       // of the client; empty where it is not known
    std::string says;          // the client's own words
    bool side_unknown = false; // they are a library's, from a log that does not tell whether a client's or a server's
    /// What a server says of it (server:<reason>), and alerts that the client is said to have sent (alert-sent:<name>):
    /// from a server's log or page, or a debug output.
    SymptomSet reported;
    /// What the client's output tells beside its error; empty where it tells nothing.
    Account account;

    /// The server's chain as it was sent and could be read.
    std::vector<Certificate> server_chain;
    std::vector<Certificate> client_chain;
    /// The octets of each certificate that was sent in clear, also where no more than that is known of them.
    std::vector<std::size_t> server_certificate_octets;
    std::vector<std::size_t> client_certificate_octets;
    std::optional<std::chrono::system_clock::time_point> captured_at;
    /// When the evidence is looked at: the run was not later. Absent: not known, and not assumed.
    std::optional<std::chrono::system_clock::time_point> looked_at;

    /// The server's certificates were sent in clear, and no more than their lengths was recorded.
    bool knows_lengths_alone() const { return !server_certificate_octets.empty() && wire->server_chain.empty(); }
    bool has_wire() const { return wire != nullptr; }
    bool has_text() const { return !symptoms.empty() || !reported.empty(); }
    const ClientHello* client_hello() const;
    /// The server's first certificate, where it could be read.
    const Certificate* server_leaf() const { return server_chain.empty() ? nullptr : &server_chain.front(); }
    bool server_sent(AlertDescription description) const;
    bool client_sent(AlertDescription description) const;
    /// The client's text can mean this ("verify:expired").
    bool can_mean(std::string_view symptom) const;
    /// The client's text means this and nothing else.
    bool means_only(std::string_view symptom) const;
    /// The wire was decided before the ServerHello by an alert of the server with one of these descriptions.
    bool refused_before_server_hello(AlertDescription description) const;
    /// It was decided, by whatever, before a ServerHello: by the wire, or where there is none by the client's account.
    bool ended_before_server_hello() const;
    bool is_tls13() const;
    template <class How> bool ended() const { return outcome && std::holds_alternative<How>(outcome->how); }
};

/// Gathers the evidence of one run. Symptoms that are a server's words, or an alert that the client sent, are put into
/// `reported`. Either part may be missing: `wire` nullptr, `symptoms` empty.
/// A transcript that started at the epoch has no known time: then `captured_at` is absent.
Evidence gather_evidence(const Transcript* wire, const SymptomSet& symptoms, std::string library, std::string says);

} // namespace alert40
