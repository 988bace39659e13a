// SPDX-License-Identifier: GPL-2.0-or-later
// What a learner can ask for, and what each costs. The costs are those of a real ticket: what the customer has at hand
// is cheap, what another team has to find and hand out is dear.
#pragma once

#include "client-checks/diagnosis/diagnosis.h"
#include "client-checks/lab/exercise_room.h"
#include "scenarios/loader/scenario.h"

#include <span>

namespace alert40 {

enum class EvidenceKind {
    customer_account,
    repeat,
    client_hello,
    server_flight,
    chain,
    other_client,
    capture,
    ladder,
    server_configuration,
    diagnosis,
};

struct EvidenceOffer {
    EvidenceKind kind{};
    std::string_view name; // "client-hello"
    std::string_view title;
    int cost = 0;
    bool again = false;    // it may be asked for again, and costs again
    bool wire = false;     // it tells what the wire held
    bool decisive = false; // it decides between all causes: nothing is inseparable behind it
};

std::span<const EvidenceOffer> all_evidence();
const EvidenceOffer* find_evidence(std::string_view name);
const EvidenceOffer& offer_of(EvidenceKind kind);

/// The connection that a ticket is about: the first with a ClientHello that failed, else the last with one, else the
/// last; nullptr where there is none.
const RoomConnection* failing_connection(const RoomRun& run);

/// What the client's text holds, and with `wire` the connection it is about, and those beside it.
Evidence evidence_of(const RoomRun& run, bool wire);

// Each as plain text, lines ended by '\n'. None names a scenario, a cause, a recipe or a fault.
std::string client_hello_text(const Transcript& transcript);
std::string server_flight_text(const Transcript& transcript);
std::string chain_text(const Transcript& transcript);
std::string ladder_text(const RoomRun& run);
/// What an operator reads out: the settings of TLS that are set. What the wire does wrong stands in none.
std::string configuration_text(const ServerSettings& server);
/// "#1  curl: (35) ...": what each run ended with.
std::string runs_text(std::span<const RoomRun> runs);
std::string diagnosis_text(const Diagnosis& diagnosis, const Knowledge& knowledge);

} // namespace alert40
