// SPDX-License-Identifier: GPL-2.0-or-later
// A TLS 1.2 server flight composed message by message, ServerHello to ServerHelloDone, for what no honest stack will
// send. What a FlightMessage does not name is what an honest server would say. It goes no further: a client that
// tolerates the departure sends its ClientKeyExchange into silence, so its connecting cannot be shown with this.
#pragma once

#include "certs/forge.h"
#include "scenarios/loader/scenario.h"
#include "server/wire/client_hello.h"

namespace alert40 {

/// Throws InputError for a message or an extension that such a flight does not have.
void check_flight(const std::vector<FlightMessage>& flight);

/// The records of the whole flight with an ECDHE suite that both sides have; nullopt where they share none.
std::optional<Bytes> compose_tls12_flight(const std::vector<FlightMessage>& flight, const ClientHello& hello,
                                          const Chain& chain, const std::vector<CipherSuite>& cipher_suites);

} // namespace alert40
