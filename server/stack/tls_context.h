// SPDX-License-Identifier: GPL-2.0-or-later
// The honest TLS engine's settings: one TlsContext per side and configuration, made before listening (6 us each),
// shared by the sessions of one thread. The engine is wolfSSL; nothing of it shows in this header.
#pragma once

#include "certs/forge.h"
#include "scenarios/vocabulary/cipher_suite.h"
#include "scenarios/vocabulary/named_group.h"
#include "scenarios/vocabulary/protocol_version.h"
#include "scenarios/vocabulary/signature_scheme.h"

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

struct WOLFSSL_CTX;

namespace alert40 {

enum class PeerCertificate { none, optional, required };

struct DhParameters {
    Bytes prime;
    Bytes generator;
};

/// What session tickets are sealed with (RFC 5077, section 4). Servers that share it read each other's tickets.
using TicketKey = std::array<std::uint8_t, 32>;

struct TlsServerConfig {
    std::vector<ProtocolVersion> versions;  // contiguous
    std::vector<CipherSuite> cipher_suites; // most preferred first
    std::vector<NamedGroup> groups;         // most preferred first; up to TLS 1.2 a preference only (wolfSSL 5.5.4)
    std::optional<Chain> chain;
    PeerCertificate client_certificate = PeerCertificate::none;
    std::vector<Bytes> client_anchors;  // DER
    bool takes_any_certificate = false; // of a client: the handshake goes on, and TlsSession::peer_fault() judges it
    std::optional<DhParameters> dh;
    std::vector<SignatureScheme> signature_schemes; // it signs with, and takes from clients; empty: the library's
    /// Application protocols, most preferred first; a client that offers others gets alert 120 (RFC 7301, section 3.2).
    /// Empty: the extension is ignored.
    std::vector<std::string> alpn;
    std::optional<TicketKey> ticket_key; // nullopt: no tickets, and no session is ever resumed
    /// An OCSPResponse, DER, for clients that ask for one (RFC 6066, section 8); it goes out as it is, whatever it
    /// says.
    std::optional<Bytes> staple;
};

struct TlsClientConfig {
    std::vector<ProtocolVersion> versions; // empty, here and below: the library's defaults
    std::vector<CipherSuite> cipher_suites;
    std::vector<NamedGroup> groups;
    std::vector<SignatureScheme> signature_schemes;
    std::string anchors_pem; // what the server is verified with
    std::string server_name; // verified against the certificate, and sent as SNI unless `send_server_name` is false
    bool send_server_name = true;
    bool verifies = true;                 // false: whatever certificate comes is taken, as by a box that looks into TLS
    std::optional<std::string> chain_pem; // client certificate and key, PEM
    std::string key_pem;
    std::vector<std::string> alpn; // most preferred first; empty: no such extension
    bool staple_required = false;  // asks for an OCSP response, and refuses a server that sends none
    std::string crls_pem;          // where not empty, the server's certificate is looked up in them
    bool extended_master_secret = true;
};

class TlsContext {
public:
    /// Throw std::runtime_error naming the setting that the engine refuses.
    static std::shared_ptr<TlsContext> server(const TlsServerConfig& config);
    static std::shared_ptr<TlsContext> client(const TlsClientConfig& config);

    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;
    ~TlsContext();

    WOLFSSL_CTX* native() const { return context_; }
    /// One of them is null: the settings that are applied to each session. The server's are without chain and anchors.
    const TlsServerConfig* server_config() const { return server_config_ ? &*server_config_ : nullptr; }
    const TlsClientConfig* client_config() const { return client_config_ ? &*client_config_ : nullptr; }

private:
    explicit TlsContext(WOLFSSL_CTX* context) : context_(context) {}
    WOLFSSL_CTX* context_;
    std::optional<TlsServerConfig> server_config_;
    std::optional<TlsClientConfig> client_config_;
};

/// What this build of the engine can serve.
bool stack_serves(CipherSuite suite);
bool stack_serves(ProtocolVersion version);
bool stack_serves(NamedGroup group, ProtocolVersion version);

/// Frees what the engine keeps per thread (1.6 MB of precomputed points). Call it last on every thread but the main
/// one.
void leave_stack_thread();

/// Sets the clock by which certificates are judged, for the whole process: the machine's, and this much.
void set_stack_clock(std::chrono::seconds offset);

/// Whether wolfSSL was compiled with this program (see certs/wolfssl/), legacy versions and suites included.
bool stack_is_from_source();

/// "wolfSSL 5.5.4", of the library that runs; "wolfSSL 5.5.4-source" where stack_is_from_source().
std::string stack_version();

} // namespace alert40
