// SPDX-License-Identifier: GPL-2.0-or-later
// What a server accepts, as concrete sets, and the decision before the ServerHello: whom it refuses and with which
// alert. The decision is the OpenSSL library's (as in s_server and Apache); wolfSSL deviates from it for versions,
// groups and the certificate's curve, and is therefore only asked to serve those who are not refused here.
#pragma once

#include "scenarios/loader/scenario.h"
#include "server/wire/client_hello.h"

namespace alert40 {

/// The certificate a server can sign with.
struct ServerKey {
    SignatureKey kind = SignatureKey::ecdsa;
    std::optional<NamedGroup> curve; // of an ECDSA key
};

struct Policy {
    std::vector<ProtocolVersion> versions;
    std::vector<CipherSuite> cipher_suites; // most preferred first
    std::vector<NamedGroup> groups;         // most preferred first
    std::optional<ServerKey> key;           // nullopt: no usable certificate
    bool has_dh_parameters = false;
    std::vector<std::string> names; // empty: every name is served
    NameRefusal unknown_name;
    NameRefusal missing_name;
};

struct Refusal {
    AlertDescription alert{};
    std::string because; // for logs: "no shared cipher suite"
};

/// nullopt where the server goes on to its ServerHello.
std::optional<Refusal> refuse(const Policy& policy, const ClientHello& hello);

/// The version such a server negotiates; nullopt where none is shared.
std::optional<ProtocolVersion> negotiated_version(const Policy& policy, const ClientHello& hello);

/// RFC 8446, section 4.4.3: the schemes a key can sign with; up to TLS 1.2 ECDSA is not bound to a curve.
bool can_sign(const ServerKey& key, SignatureScheme scheme, ProtocolVersion version);

/// Up to TLS 1.2: whether such a server would answer this hello with this suite.
bool serves(const Policy& policy, const ClientHello& hello, CipherSuite suite);

/// Host names compare without case (RFC 6066, section 3).
bool same_name(std::string_view left, std::string_view right);

} // namespace alert40
