// SPDX-License-Identifier: GPL-2.0-or-later
// Sessions sealed into tickets (RFC 5077, section 4; RFC 8446, section 4.6.1), and the PSKs that a ClientHello offers.
#pragma once

#include "certs/bytes.h"
#include "scenarios/vocabulary/cipher_suite.h"
#include "scenarios/vocabulary/protocol_version.h"
#include "server/wire/client_hello.h"

#include <optional>

namespace alert40 {

struct SealedSession {
    ProtocolVersion version{};
    CipherSuite suite{};
    Bytes secret; // TLS 1.3: the PSK; else the master secret
    bool extended_master_secret = false;
    std::string server_name; // that was asked for; empty: none

    bool operator==(const SealedSession&) const = default;
};

/// A ticket that only `key` (32 octets) opens.
Bytes seal_ticket(ByteView key, const SealedSession& session);

/// nullopt for anything that seal_ticket() did not make with this key.
std::optional<SealedSession> open_ticket(ByteView key, ByteView ticket);

struct OfferedPsk {
    Bytes identity;
    Bytes binder;
};

struct PskOffer {
    std::vector<OfferedPsk> psks;
    std::size_t binders_length = 0; // of the binders list with its length field, at the message's end
};

/// What pre_shared_key offers (RFC 8446, section 4.2.11); nullopt where it is absent or cannot be read.
std::optional<PskOffer> read_psk_offer(const ClientHello& hello);

} // namespace alert40
