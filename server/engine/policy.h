// SPDX-License-Identifier: GPL-2.0-or-later
// What a server accepts, as concrete sets, and its decision about a ClientHello: refused, how, and when; or served with
// which version, suite and group. How it decides is its persona's (server/personas); the stack is only asked to serve
// what was chosen here.
#pragma once

#include "scenarios/loader/scenario.h"
#include "server/personas/persona.h"
#include "server/wire/client_hello.h"

namespace alert40 {

/// The certificate a server can sign with.
struct ServerKey {
    SignatureKey kind = SignatureKey::ecdsa;
    std::optional<NamedGroup> curve; // of an ECDSA key
};

struct Policy {
    std::shared_ptr<const Persona> persona; // never null
    std::vector<ProtocolVersion> versions;
    std::vector<CipherSuite> cipher_suites;                        // most preferred first
    std::vector<NamedGroup> groups;                                // most preferred first
    std::optional<std::vector<SignatureScheme>> signature_schemes; // nullopt: all that the key can make
    std::vector<std::string> alpn;                                 // empty: ALPN is ignored
    std::optional<ServerKey> key;                                  // nullopt: no usable certificate
    bool has_dh_parameters = false;
    bool requires_extended_master_secret = false;
    std::vector<std::string> names; // empty: every name is served
    NameAnswer unknown_name;
    NameAnswer missing_name;
};

/// What the server goes on with.
struct Agreed {
    ProtocolVersion version{};
    CipherSuite suite{};
    std::optional<NamedGroup> group; // of TLS 1.3, of ECDHE, and of DHE where the client named it (RFC 7919)
    bool retry = false;              // the client sent no share of the group: HelloRetryRequest
    std::string alpn;                // the application protocol; empty: none
    bool fallback = false;           // the client says that it fell back (RFC 7507), and the server goes on

    auto operator<=>(const Agreed&) const = default;
};

struct Refusal {
    RefusalReason reason{};
    RefusalAnswer answer;         // its record_version is set
    std::string because;          // for logs: "no shared cipher suite"
    std::optional<Agreed> agreed; // where the answer comes after the ServerHello
};

struct Decision {
    std::optional<Refusal> refusal;
    Agreed agreed;                           // where there is no refusal
    std::optional<AlertDescription> warning; // goes out before the ServerHello
    std::optional<unsigned> http_status;     // of the answer after the handshake
};

Decision decide(const Policy& policy, const ClientHello& hello);

/// nullopt where the server goes on to its ServerHello.
std::optional<Refusal> refuse(const Policy& policy, const ClientHello& hello);

/// The version such a server negotiates; nullopt where none is shared.
std::optional<ProtocolVersion> negotiated_version(const Policy& policy, const ClientHello& hello);

/// The schemes of RFC 8446, section 4.4.3, that a key can make in this version; up to TLS 1.2 ECDSA is not bound to a
/// curve.
bool can_sign(const ServerKey& key, SignatureScheme scheme, ProtocolVersion version);

/// Up to TLS 1.2: whether such a server would answer this hello with this suite.
bool serves(const Policy& policy, const ClientHello& hello, CipherSuite suite);

/// Host names compare without case (RFC 6066, section 3).
bool same_name(std::string_view left, std::string_view right);

} // namespace alert40
