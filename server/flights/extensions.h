// SPDX-License-Identifier: GPL-2.0-or-later
// The parts of messages that both versions compose alike, each with what a FlightMessage departs in.
#pragma once

#include "server/flights/choices.h"
#include "server/wire/certificate_message.h"
#include "server/wire/server_hello.h"

namespace alert40 {

/// Leaves out and puts in what the departure says.
void depart(std::vector<Extension>& extensions, const FlightMessage& departure);

/// The fields of a ServerHello or HelloRetryRequest beside its extensions.
void depart(ServerHello& answer, const FlightMessage& departure, const FlightPlan& plan, const ClientHello& hello,
            ProtocolVersion version);

/// The protocol that the answer selects; nullopt: it says nothing.
std::optional<std::string> answered_alpn(const FlightPlan& plan, const ClientHello& hello,
                                         const FlightMessage& departure);

/// The chain as the departure has it: another recipe's, none, garbled, cut short.
std::vector<Bytes> departed_chain(const FlightPlan& plan, const FlightMessage& departure);

/// The OCSPResponse, or empty.
const Bytes& staple_of(const FlightPlan& plan, const FlightMessage& departure);

/// A CertificateStatus body (RFC 6066, section 8), which is also the extension's body in TLS 1.3.
Bytes certificate_status(ByteView staple);

/// `message` signed as the departure says.
Bytes departed_signature(const FlightPlan& plan, const FlightMessage& departure, SignatureScheme scheme,
                         ByteView message);

/// What we ask client certificates to be signed with.
std::vector<SignatureScheme> accepted_client_schemes();

} // namespace alert40
