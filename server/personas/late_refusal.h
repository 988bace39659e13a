// SPDX-License-Identifier: GPL-2.0-or-later
// A refusal that comes after the server's flight has begun, as some software does: up to TLS 1.2 behind ServerHello and
// Certificate, in TLS 1.3 behind the ServerHello or EncryptedExtensions and encrypted. Such a flight is composed: the
// honest stack would refuse before it.
#pragma once

#include "server/personas/persona.h"
#include "server/wire/client_hello.h"
#include "server/wire/transcript.h"

namespace alert40 {

struct StartedFlight {
    ProtocolVersion version{};
    CipherSuite suite{};
    std::optional<NamedGroup> group;
    std::vector<Bytes> chain; // DER
    std::string alpn;         // up to TLS 1.2; empty: none
};

struct LateRefusal {
    Bytes records;
    std::vector<KeyLogEntry> secrets; // TLS 1.3: under which the alert goes out
};

/// `hello_message`: the ClientHello as a handshake message, for the transcript hash. nullopt where the group has no key
/// agreement here, or the client's share is none: then the refusal comes before the ServerHello.
std::optional<LateRefusal> compose_late_refusal(const Persona& persona, const RefusalAnswer& answer,
                                                const StartedFlight& flight, const ClientHello& hello,
                                                ByteView hello_message);

} // namespace alert40
