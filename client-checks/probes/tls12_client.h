// SPDX-License-Identifier: GPL-2.0-or-later
// The client's side of a handshake of TLS 1.0 to 1.2 (RFC 2246, RFC 4346, RFC 5246), composed message by message:
// ECDHE, DHE and static RSA, with an AEAD or CBC. With any other suite it goes as far as ServerHelloDone: certificates
// and requests are in clear.
#pragma once

#include "client-checks/probes/client_state.h"
#include "server/flights/tls12_keys.h"
#include "server/wire/server_key_exchange.h"

namespace alert40 {

class Tls12Client final : public ClientHandshake {
public:
    Tls12Client(ClientState& state, ProtocolVersion version) : ClientHandshake(state), version_(version) {}

    void start(const ServerHello& answer) override;
    void message(const HandshakeMessage& message) override;
    void change_cipher_spec() override;

private:
    /// In the order of the messages; what is optional may be passed over.
    enum class Awaits {
        certificate,
        certificate_status,
        server_key_exchange,
        certificate_request,
        server_hello_done,
        new_session_ticket,
        change_cipher_spec,
        finished,
        nothing, // the handshake is complete
    };

    bool resumes(const ServerHello& answer) const;
    void certificate(const HandshakeMessage& message);
    void server_key_exchange(const HandshakeMessage& message);
    void certificate_request(const HandshakeMessage& message);
    void server_hello_done(const HandshakeMessage& message);
    void new_session_ticket(const HandshakeMessage& message);
    void finished(const HandshakeMessage& message);

    void send_certificate();
    void send_certificate_verify();
    void send_finished();
    struct Exchange {
        Bytes message; // ClientKeyExchange
        Bytes premaster;
    };
    std::optional<Exchange> exchange_keys();
    std::optional<Exchange> exchange_by(const GroupKey& key, ByteView peer, bool elliptic);
    std::optional<Exchange> exchange_by_rsa();
    bool make_keys();
    void store_session(Bytes ticket, std::uint32_t lifetime);

    Prf prf() const;
    Bytes transcript_hash() const { return handshake_hash(prf(), state_.transcript); }
    const std::array<std::uint8_t, 32>& client_random() const { return state_.fresh.hello.random; }
    const std::array<std::uint8_t, 32>& server_random() const { return state_.server.hello->random; }

    ProtocolVersion version_;
    Awaits awaits_ = Awaits::certificate;
    const CipherSuiteInfo* suite_ = nullptr;
    std::optional<ServerKeyExchange> exchange_;
    bool extended_master_secret_ = false;
    bool ticket_promised_ = false;
    Bytes master_;
    RecordKeys client_keys_;
    RecordKeys server_keys_;
    bool certified_ = false; // a certificate of ours went out, to be proved
};

} // namespace alert40
