// SPDX-License-Identifier: GPL-2.0-or-later
// The ClientHellos that probes send: what a client would send now, with a random, session id and key shares of its
// own. Every key share is a public value that a server takes, though nobody keeps its private half: a probe ends where
// keys would begin.
#pragma once

#include "client-checks/clients/hello_profiles.h"
#include "server/wire/server_hello.h"

namespace alert40 {

/// How a ClientHello leaves: its record's version, and in how many pieces.
struct ProbeHello {
    ClientHello hello;
    ProtocolVersion record_version = ProtocolVersion::tls10; // RFC 8446 section 5.1 has 0x0301 for the first one
    /// Octets of the first segment; the rest follows kBetweenSegments later. 0: one write.
    std::size_t first_segment = 0;
    Bytes before; // octets in front of it: a PROXY header
};

/// What today's clients have in common (chromium's list, which nearly every other holds): TLS 1.3 and 1.2, ECDHE with
/// AEAD or CBC and static RSA, x25519, P-256 and P-384, RSA and ECDSA, h2 and http/1.1. Fresh.
ClientHello modern_hello(const std::optional<std::string>& server_name);

/// The same client's next one: another random, session id (of the same length) and key shares; a ticket or PSK of
/// another connection is left out.
ClientHello fresh(ClientHello hello);

/// `hello` with this name in SNI; nullopt takes the extension out.
ClientHello with_server_name(ClientHello hello, const std::optional<std::string>& name);

/// A public value of the group; nullopt where none can be made (the curves that no library of ours has).
std::optional<Bytes> public_value(NamedGroup group);

/// The second ClientHello that a HelloRetryRequest asks for (RFC 8446 section 4.1.2): the one key share, and the cookie
/// returned. nullopt where the group is not offered or cannot be made.
std::optional<ClientHello> retried(const ClientHello& first, const ServerHello& retry_request);

/// The profile of a client, by its name in client-checks/clients, or by one that others use for it ("node20",
/// "openssl-s_client", "python3.11-urllib"). The newest where there are several versions. Throws InputError with the
/// nearest names.
const HelloProfile& find_profile(const std::vector<HelloProfile>& profiles, std::string_view client);

/// A ClientHello in hexadecimal from a file, white space allowed: the message with or without its handshake and record
/// headers. Throws InputError.
ClientHello read_hello_file(const std::filesystem::path& file);

} // namespace alert40
