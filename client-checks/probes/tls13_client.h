// SPDX-License-Identifier: GPL-2.0-or-later
// The client's side of a TLS 1.3 handshake (RFC 8446), composed message by message.
#pragma once

#include "client-checks/probes/client_state.h"
#include "server/flights/key_schedule.h"
#include "server/wire/record_protection.h"

namespace alert40 {

/// Puts a pre_shared_key for `session` behind all other extensions of `hello`, its binder made over `transcript` (what
/// was said before: nothing, or the first round) and the message (RFC 8446, section 4.2.11.2). Returns the whole
/// ClientHello message. `session` is one of TLS 1.3.
Bytes compose_with_psk(ClientHello& hello, const StoredSession& session, ByteView transcript);

class Tls13Client final : public ClientHandshake {
public:
    explicit Tls13Client(ClientState& state) : ClientHandshake(state) {}

    void start(const ServerHello& answer) override;
    void message(const HandshakeMessage& message) override;

private:
    enum class Awaits {
        server_hello, // the second one
        encrypted_extensions,
        certificate_or_request,
        certificate,
        certificate_verify,
        finished,
        nothing, // the handshake is complete
    };

    void retry(const ServerHello& request);
    void agree(const ServerHello& answer);
    void server_hello(const HandshakeMessage& message);
    void encrypted_extensions(const HandshakeMessage& message);
    void certificate_request(const HandshakeMessage& message);
    void certificate(const HandshakeMessage& message);
    void certificate_verify(const HandshakeMessage& message);
    void finished(const HandshakeMessage& message);
    void send_certificate(const CertificateRequest& request);
    void send_change_cipher_spec();
    void after_handshake(const HandshakeMessage& message);
    void new_session_ticket(const HandshakeMessage& message);
    void answer_later_request(const HandshakeMessage& message);
    void key_update(const HandshakeMessage& message);

    Bytes transcript_hash() const { return hash(algorithms_.hash, state_.transcript); }
    Bytes log(std::string_view key_log_label, Bytes secret);
    RecordProtection protection(ByteView secret) const { return RecordProtection(algorithms_, secret); }

    Awaits awaits_ = Awaits::server_hello;
    Tls13Algorithms algorithms_;
    std::optional<KeySchedule> schedule_;
    bool retried_ = false;
    bool changed_cipher_spec_ = false;
    Bytes client_secret_; // of the traffic that is written
    Bytes server_secret_;
    Bytes resumption_secret_;
};

} // namespace alert40
