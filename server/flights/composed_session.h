// SPDX-License-Identifier: GPL-2.0-or-later
// A TLS connection whose server flight alert40 composes itself, for what no honest stack will say. It goes on through
// Finished and application data, so that a client that tolerates the departure is seen to connect.
#pragma once

#include "server/flights/handshake.h"

namespace alert40 {

class ComposedSession final : public ServerSession {
public:
    /// Answers `hello` in `version`, which the plan's settings and the ClientHello have in common. The plan outlives
    /// the session.
    ComposedSession(const FlightPlan& plan, ProtocolVersion version, ReceivedHello hello);
    ~ComposedSession() override;

    void receive(ByteView bytes) override { input_.receive(bytes); }
    void peer_closed() override { peer_closed_ = true; }
    TlsProgress advance() override;
    Bytes read() override;
    void write(ByteView data) override;
    void shut_down() override;
    Bytes take_output() override { return state_.records.take_output(); }
    std::vector<KeyLogEntry> take_secrets() override { return std::exchange(state_.secrets, {}); }
    const std::optional<StackError>& error() const override { return state_.error; }
    std::optional<Alert> last_received_alert() const override { return state_.received; }
    std::optional<Alert> last_sent_alert() const override { return state_.sent; }
    std::string version_name() const override { return handshake_->version_name(); }
    CipherSuite cipher_suite() const override { return handshake_->cipher_suite(); }
    bool read_early_data() const override { return state_.early_data; }

private:
    FlightState state_;
    std::unique_ptr<FlightHandshake> handshake_;
    SessionInput input_;
    bool peer_closed_ = false;
};

} // namespace alert40
