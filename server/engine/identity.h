// SPDX-License-Identifier: GPL-2.0-or-later
// One certificate of a server with the key, the decisions and the engine's context that go with it; and which of
// several answers a ClientHello.
#pragma once

#include "server/engine/policy.h"
#include "server/flights/plan.h"
#include "server/stack/tls_context.h"

#include <map>

namespace alert40 {

struct BoundIdentity {
    Policy policy;
    std::optional<Chain> chain;  // nullopt: there is no certificate
    std::optional<Bytes> staple; // nullopt: none is sent
    std::shared_ptr<TlsContext> context;
    std::map<Agreed, std::shared_ptr<TlsContext>> contexts;      // of what was agreed so far
    std::map<Agreed, std::shared_ptr<const FlightPlan>> flights; // the same, where alert40 composes the flight
};

/// The place in `identities` (one at least) that an OpenSSL server with all these certificates chooses: in TLS 1.3 by
/// the client's first signature scheme that one can sign with, up to TLS 1.2 by its first suite that one serves. The
/// first where none can.
std::size_t choose_identity(std::span<const BoundIdentity> identities, const ClientHello& hello);

} // namespace alert40
