// SPDX-License-Identifier: GPL-2.0-or-later
// What a composed flight is put together from: an honest server's settings, and the departures. Made when a scenario is
// bound; sessions only read it.
#pragma once

#include "certs/forge.h"
#include "scenarios/loader/scenario.h"

#include <functional>
#include <map>

namespace alert40 {

/// DHE parameters of any quality.
struct DhGroup {
    Bytes prime;
    Bytes generator;
};

struct FlightPlan {
    std::vector<FlightMessage> departures{};
    Chain chain;
    std::vector<CipherSuite> cipher_suites{};         // most preferred first
    std::vector<NamedGroup> groups{};                 // most preferred first
    std::vector<SignatureScheme> signature_schemes{}; // empty: whatever the key can do
    std::vector<std::string> alpn{};                  // empty: the extension is ignored
    ClientCertificate client_certificate = ClientCertificate::none;
    std::vector<Bytes> client_anchors{};                // DER
    std::optional<PrivateKey> other_key{};              // of the chain's key type, where a signature is made with it
    std::map<std::string, std::vector<Bytes>> chains{}; // of the recipes that departures name, DER
    std::optional<DhGroup> dh{};
    Bytes staple{}; // the honest OCSPResponse; empty: none
    bool issues_tickets = false;
    Bytes ticket_key{}; // 32 octets
    EarlyData early_data = EarlyData::none;
};

/// Whether a server with these settings answers with a composed flight: it departs from an honest one, takes or
/// refuses early data, or staples an OCSP response, which the stack cannot.
bool is_composed(const ServerSettings& server);

/// Throws InputError, at the entry, for a message or a field that none of `versions` has, and for one that is said
/// twice.
void check_flight(const std::vector<FlightMessage>& flight, const std::vector<ProtocolVersion>& versions);

/// Makes what the plan's departures need beside its chain: the other key, DHE parameters (of `dh_bits` where no
/// departure says another length). Takes milliseconds, for a prime of an unusual length up to some seconds.
void prepare(FlightPlan& plan, std::optional<unsigned> dh_bits);

/// The flight's own departure in this message; nullptr where it is honest.
const FlightMessage* departure_in(const FlightPlan& plan, FlightStep step);

} // namespace alert40
