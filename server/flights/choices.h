// SPDX-License-Identifier: GPL-2.0-or-later
// What a composed flight negotiates: an honest choice among what both sides have, and the dishonest one, "unoffered".
#pragma once

#include "certs/key_agreement.h"
#include "server/flights/plan.h"
#include "server/wire/client_hello.h"

namespace alert40 {

/// A suite of a shared key and no certificate (RFC 4279, section 2).
inline bool is_plain_psk(const CipherSuiteInfo& suite)
{
    return suite.key_exchange == KeyExchange::psk && suite.authentication == Authentication::psk;
}

/// The first suite of ours that the client offers and that fits version and key; where none is shared, the first of
/// ours that fits; nullptr where there is none at all.
const CipherSuiteInfo* choose_suite(const FlightPlan& plan, const ClientHello& hello, ProtocolVersion version);

/// A suite of that version and key which the client does not offer: one that records can be protected with, where there
/// is one.
CipherSuite unoffered_suite(const FlightPlan& plan, const ClientHello& hello, ProtocolVersion version);

/// The curves that a composed flight can exchange keys on; nullopt for the other groups.
std::optional<EcdhGroup> ecdh_group(NamedGroup group);

/// The first group of ours that the client offers; where it names none, secp256r1 (RFC 8422, section 5.1.1).
NamedGroup choose_group(const FlightPlan& plan, const ClientHello& hello);
/// One that the client does not list: up to TLS 1.2 a curve.
NamedGroup unoffered_group(const ClientHello& hello, ProtocolVersion version);

/// A scheme that the key can sign with and the client offers, of ours where the plan names some; `tls13`: for a
/// CertificateVerify of TLS 1.3.
SignatureScheme choose_scheme(const FlightPlan& plan, const ClientHello& hello, bool tls13);
/// What an honest side of ours signs with this key, most usual first: SHA-2 before SHA-1, and no PSS before TLS 1.3,
/// where it is the only one.
std::vector<SignatureScheme> schemes_of(const PrivateKey& key, bool tls13);
SignatureScheme unoffered_scheme(const FlightPlan& plan, const ClientHello& hello);

/// The application protocol; nullopt where none is shared or none is ours.
std::optional<std::string> choose_alpn(const FlightPlan& plan, const ClientHello& hello);

/// `choice`, or what `unoffered` makes for it.
template <class T, class Unoffered> T settle(const Choice<T>& choice, Unoffered unoffered)
{
    return choice.unoffered ? unoffered() : choice.value;
}

} // namespace alert40
