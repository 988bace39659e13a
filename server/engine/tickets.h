// SPDX-License-Identifier: GPL-2.0-or-later
// The tickets that a ClientHello offers, and whether a key opens one: what a broken server stumbles over before it says
// anything.
#pragma once

#include "server/stack/tls_context.h"
#include "server/wire/client_hello.h"

namespace alert40 {

/// The non-empty session_ticket (RFC 5077, section 3.2) and the identities of pre_shared_key (RFC 8446,
/// section 4.2.11), in this order. Malformed extensions hold none.
std::vector<Bytes> offered_tickets(const ClientHello& hello);

/// The ticket names this key as the one that it is sealed with.
bool opens(const TicketKey& key, ByteView ticket);

} // namespace alert40
