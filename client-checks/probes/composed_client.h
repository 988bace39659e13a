// SPDX-License-Identifier: GPL-2.0-or-later
// A TLS client that plays any ClientHello through Finished, bytes in and bytes out. It is composed, not a library's,
// because a library's client sends its own ClientHello alone and stops at the first thing it dislikes: this one goes on
// past a certificate that nobody trusts, and past a wrong signature, since what comes then is evidence too. It judges
// what a handshake cannot do without: the framing, keys, MACs and Finished.
//
//   ComposedClient client(offer);  send(client.take_output());
//   while (client.progress() == TlsProgress::wants_input) { client.receive(bytes); send(client.take_output()); }
//   client.write(request); ...  client.read()
#pragma once

#include "client-checks/probes/client_state.h"

namespace alert40 {

class ComposedClient final : private MessageTaker {
public:
    /// The ClientHello is ready to be sent. Throws std::runtime_error where the machine gives no keys.
    explicit ComposedClient(ClientOffer offer);

    /// The ClientHello as it is sent first, and its record's version.
    const ClientHello& client_hello() const { return first_hello_; }
    static constexpr ProtocolVersion kRecordVersion = ProtocolVersion::tls10; // RFC 8446, section 5.1

    /// What came; after it take_output() and take_secrets() have what follows from it. The secrets are those of records
    /// that may have been part of what came.
    void receive(ByteView bytes) { input_.receive(bytes); }
    TlsProgress progress() const;

    Bytes read() { return std::exchange(state_.application_data, {}); }
    void write(ByteView data);
    void shut_down(); // close_notify

    Bytes take_output() { return state_.records.take_output(); }
    std::vector<KeyLogEntry> take_secrets() { return std::exchange(state_.secrets, {}); }

    const ServerFacts& server() const { return state_.server; }
    const std::vector<std::string>& left_out() const { return state_.fresh.left_out; }
    bool established() const { return state_.established; }
    bool closed() const { return state_.closed; } // close_notify came
    bool sent_certificate() const { return state_.sent_certificate; }
    /// Why it ended, in words; empty while it goes on. `unplayable` is the same where nobody is to blame.
    std::string failure() const { return state_.error ? state_.error->text : std::string(); }
    const std::string& unplayable() const { return state_.unplayable; }
    std::optional<Alert> received_alert() const { return state_.received; }
    std::optional<Alert> sent_alert() const { return state_.sent; }

private:
    void message(const HandshakeMessage& message) override;
    void change_cipher_spec() override;
    void other_record() override;
    void send_hello();
    void server_hello(const HandshakeMessage& message);
    std::optional<WireError> refuse(const ServerHello& answer) const;

    ClientState state_;
    ClientHello first_hello_;
    std::unique_ptr<ClientHandshake> handshake_; // from the ServerHello on
    SessionInput input_;
};

} // namespace alert40
