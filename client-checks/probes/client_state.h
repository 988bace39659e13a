// SPDX-License-Identifier: GPL-2.0-or-later
// What the composed client's handshakes share: what it offers, and what it has learnt of the server.
#pragma once

#include "certs/certificate.h"
#include "client-checks/probes/fresh_hello.h"
#include "server/flights/session_state.h"
#include "server/wire/certificate_request.h"
#include "server/wire/server_hello.h"

#include <chrono>

namespace alert40 {

/// What a client proves itself with. The key need not belong to the first certificate: that is one of the faults.
struct ClientIdentity {
    std::vector<Bytes> chain; // DER, its own certificate first
    PrivateKey key;
};

/// A session that a server may take up again.
struct StoredSession {
    ProtocolVersion version{};
    CipherSuite suite{};
    Bytes secret;     // TLS 1.3: the PSK; else the master secret
    Bytes ticket;     // empty: known by its session id alone (up to TLS 1.2)
    Bytes session_id; // up to TLS 1.2; may be empty
    bool extended_master_secret = false;
    std::uint32_t age_add = 0;  // of a TLS 1.3 ticket (RFC 8446, section 4.6.1)
    std::uint32_t lifetime = 0; // seconds
    std::chrono::steady_clock::time_point received{};
};

struct ClientOffer {
    ClientHello hello; // freshen() makes the one that is sent
    std::optional<ClientIdentity> identity{};
    std::optional<StoredSession> session{}; // offered in the same ClientHello
};

/// The server's signature over the handshake: CertificateVerify or ServerKeyExchange. `unknown`: made with a key or a
/// scheme that cannot be judged here.
enum class SignatureCheck { none, good, wrong, unknown };

struct ServerFacts {
    std::optional<ServerHello> hello;
    std::vector<Bytes> chain; // DER, as sent
    Bytes staple;             // an OCSPResponse; empty: none came
    SignatureCheck signature = SignatureCheck::none;
    std::optional<SignatureScheme> scheme; // that it signed with
    std::optional<CertificateRequest> request;
    bool requested_afterwards = false; // the request came after the handshake (RFC 8446, section 4.6.2)
    bool asks_to_renegotiate = false;  // a HelloRequest came after the handshake (RFC 5246, section 7.4.1.1)
    std::string alpn;                  // empty: none was selected
    bool knows_name = false;           // it says that it used the name in SNI (RFC 6066, section 3)
    bool resumed = false;
    std::vector<StoredSession> sessions; // tickets, and the session that has an id
};

struct ClientState : SessionState {
    explicit ClientState(ClientOffer the_offer)
        : SessionState(ProtocolVersion::tls10),
          offer(std::move(the_offer)),
          fresh(freshen(offer.hello))
    {
    }

    ClientOffer offer;
    FreshHello fresh;
    ServerFacts server;
    bool sent_certificate = false; // one that is not empty
    std::string unplayable;        // why it went no further, and no fault of the server's; empty: it did

    /// Leaves without an alert: what comes next is not spoken here.
    void leave(std::string why)
    {
        if (error) return;
        unplayable = why;
        error = StackError{0, std::move(why)};
    }

    /// Judges a signature by the chain's first certificate. `scheme` nullopt: of TLS 1.1 and before.
    SignatureCheck check_signature(std::optional<SignatureScheme> scheme, ByteView content, ByteView signature) const;

    /// The scheme for the client's own CertificateVerify; nullopt where none that `request` takes fits the key.
    std::optional<SignatureScheme> own_scheme(const CertificateRequest& request, bool tls13) const;
};

/// One version's handshake, from the ServerHello on.
class ClientHandshake : public MessageTaker {
public:
    explicit ClientHandshake(ClientState& state) : state_(state) {}
    /// The server's answer to the first ClientHello, a HelloRetryRequest too; it is in the transcript already.
    virtual void start(const ServerHello& answer) = 0;

protected:
    /// Adds the message to the transcript and sends it under the keys that hold.
    void send(HandshakeType type, ByteView body);

    ClientState& state_;
};

/// An OCSPResponse out of a CertificateStatus body, also of the extension in TLS 1.3 (RFC 6066, section 8; RFC 6961);
/// empty where it holds none.
Bytes read_staple(ByteView body);

/// The protocol that an ALPN extension's body selects (RFC 7301, section 3.1); empty where it cannot be read.
std::string read_selected_alpn(ByteView body);

} // namespace alert40
