// SPDX-License-Identifier: GPL-2.0-or-later
// The server's side of a TLS 1.3 handshake (RFC 8446), composed message by message.
#pragma once

#include "server/flights/handshake.h"
#include "server/flights/key_schedule.h"
#include "server/flights/ticket.h"
#include "server/wire/record_protection.h"
#include "server/wire/server_hello.h"

namespace alert40 {

class Tls13Handshake final : public FlightHandshake {
public:
    explicit Tls13Handshake(FlightState& state) : FlightHandshake(state) {}

    void start(ReceivedHello received) override;
    void message(const HandshakeMessage& message) override;
    bool takes_early_data() const override { return state_is_ == Awaits::end_of_early_data; }

    std::string version_name() const override { return "TLSv1.3"; }
    CipherSuite cipher_suite() const override { return answer_.cipher_suite; }

private:
    enum class Awaits {
        second_client_hello,
        end_of_early_data,
        client_certificate,
        client_certificate_verify,
        client_finished,
        nothing, // the handshake is complete
    };

    // The ClientHello's answer.
    void answer(ReceivedHello received);
    bool must_retry() const;
    void send_retry();
    void send_flight();
    void choose_psk();
    void begin_early_data();
    Bytes shared_secret();

    Bytes compose(FlightStep step, const FlightMessage& departure) override;
    void sent(FlightStep step) override;
    Bytes compose_retry(const FlightMessage& departure);
    Bytes compose_server_hello(const FlightMessage& departure);
    Bytes compose_encrypted_extensions(const FlightMessage& departure) const;
    Bytes compose_certificate_request(const FlightMessage& departure) const;
    Bytes compose_certificate(const FlightMessage& departure) const;
    Bytes compose_certificate_verify(const FlightMessage& departure) const;
    Bytes compose_finished(const FlightMessage& departure) const;
    Bytes compose_new_session_ticket(const FlightMessage& departure);
    NamedGroup retry_group(const FlightMessage& departure) const;

    // What the client answers.
    void client_certificate(const HandshakeMessage& message);
    void client_certificate_verify(const HandshakeMessage& message);
    void client_finished(const HandshakeMessage& message);
    void key_update(const HandshakeMessage& message);
    void await_second_flight();

    Bytes transcript_hash() const { return hash(algorithms_.hash, state_.transcript); }
    Bytes log(std::string_view key_log_label, Bytes secret);
    RecordProtection protection(ByteView secret) const { return RecordProtection(algorithms_, secret); }

    Awaits state_is_ = Awaits::nothing;
    ReceivedHello received_;
    unsigned retries_ = 0; // HelloRetryRequests sent
    std::optional<NamedGroup> retried_;
    NamedGroup group_{};
    bool unoffered_group_ = false;
    ServerHello answer_;
    Tls13Algorithms algorithms_;
    std::optional<EphemeralKey> key_;
    std::optional<KeySchedule> schedule_;
    std::optional<SealedSession> psk_;
    bool early_data_ = false; // accepted
    Bytes client_secret_;     // of the traffic that is read
    Bytes server_secret_;
    Bytes client_handshake_secret_;
    Bytes resumption_secret_;
    Bytes client_key_info_; // of the client's certificate
    std::uint8_t tickets_ = 0;
};

} // namespace alert40
