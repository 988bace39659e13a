// SPDX-License-Identifier: GPL-2.0-or-later
// What a handshake message says, as JSON with the names that the RFCs give its fields (RFC 8446, 5246, 5280, 6066).
#pragma once

#include "scenarios/vocabulary/cipher_suite.h"
#include "server/control/json_text.h"
#include "server/wire/handshake.h"

namespace alert40 {

/// What the reading of a message depends on.
struct Negotiated {
    ProtocolVersion version = ProtocolVersion::tls12;
    CipherSuite suite{};
};

/// Writes one object. A message that cannot be read has the member "error"; one that is not decoded only "length".
/// Bytes are outside bytes: nothing throws.
void write_fields(JsonText& json, const HandshakeMessage& message, const Negotiated& negotiated);

} // namespace alert40
