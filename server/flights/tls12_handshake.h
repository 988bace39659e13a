// SPDX-License-Identifier: GPL-2.0-or-later
// The server's side of a handshake up to TLS 1.2 (RFC 5246), composed message by message: through Finished with ECDHE
// or DHE and an AEAD, with other suites and versions as far as ServerHelloDone.
#pragma once

#include "server/flights/handshake.h"
#include "server/flights/ticket.h"
#include "server/wire/server_hello.h"

namespace alert40 {

class Tls12Handshake final : public FlightHandshake {
public:
    Tls12Handshake(FlightState& state, ProtocolVersion version) : FlightHandshake(state), version_(version) {}

    void start(ReceivedHello received) override;
    void message(const HandshakeMessage& message) override;
    void change_cipher_spec() override;

    std::string version_name() const override;
    CipherSuite cipher_suite() const override { return answer_.cipher_suite; }

private:
    enum class Awaits {
        client_certificate,
        client_key_exchange,
        client_certificate_verify,
        client_finished,
        departure, // ServerHelloDone was as far as it goes: the client leaves
        nothing,   // the handshake is complete
    };

    bool resume();
    void send_flight();
    void send_finished();

    Bytes compose(FlightStep step, const FlightMessage& departure) override;
    void sent(FlightStep step) override;
    Bytes compose_server_hello(const FlightMessage& departure);
    Bytes compose_certificate(const FlightMessage& departure) const;
    Bytes compose_server_key_exchange(const FlightMessage& departure);
    Bytes compose_certificate_request() const;
    Bytes compose_finished(const FlightMessage& departure) const;
    Bytes compose_new_session_ticket() const;

    void client_certificate(const HandshakeMessage& message);
    void client_key_exchange(const HandshakeMessage& message);
    void client_certificate_verify(const HandshakeMessage& message);
    void client_finished(const HandshakeMessage& message);
    std::optional<Bytes> premaster(ByteView client_key_exchange);
    void make_keys();

    Bytes transcript_hash() const { return hash(algorithms_->hash, state_.transcript); }
    bool extends_master_secret() const;
    bool is_ephemeral() const;

    ProtocolVersion version_;
    Awaits state_is_ = Awaits::nothing;
    ReceivedHello received_;
    ServerHello answer_;
    const CipherSuiteInfo* suite_ = nullptr;    // keys are made for
    std::optional<Tls12Algorithms> algorithms_; // nullopt: no way past ServerHelloDone
    std::optional<EphemeralKey> key_;
    Bytes dh_secret_;
    Bytes master_;
    std::optional<Tls12KeyPair> keys_;
    bool client_encrypts_ = false; // its ChangeCipherSpec was seen
    bool resumed_ = false;
    Bytes client_key_info_;
};

} // namespace alert40
