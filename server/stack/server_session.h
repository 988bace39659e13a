// SPDX-License-Identifier: GPL-2.0-or-later
// The server's side of one TLS connection as bytes in, bytes out, whoever composes them: the stack (TlsSession) or a
// flight of our own. The connection drives it and knows no other.
//
//   session.receive(bytes);  session.advance();  send(session.take_output());  ... until established or failed
//   session.receive(bytes);  session.read();     session.write(text);          send(session.take_output())
//   session.shut_down();     send(session.take_output())
#pragma once

#include "server/wire/alert_message.h"
#include "server/wire/transcript.h"

namespace alert40 {

enum class TlsProgress { wants_input, established, failed };

struct StackError {
    int code = 0; // wolfSSL's number, negative; 0: not the stack's
    std::string text;
};

/// What is wrong with the peer's certificate, or with its not sending one.
enum class PeerFault { missing, expired, not_yet_valid, untrusted, self_signed, unsuitable, revoked, wrong_signature };

class ServerSession {
public:
    ServerSession() = default;
    ServerSession(const ServerSession&) = delete;
    ServerSession& operator=(const ServerSession&) = delete;
    virtual ~ServerSession() = default;

    virtual void receive(ByteView bytes) = 0;
    virtual void peer_closed() = 0; // its FIN

    /// Drives the handshake with what was received.
    virtual TlsProgress advance() = 0;

    /// Application data that was received; empty where there is none. After it, `error` tells whether the session
    /// failed.
    virtual Bytes read() = 0;
    virtual void write(ByteView data) = 0;
    virtual void shut_down() = 0; // close_notify

    /// What is to be sent, in order; empty where there is nothing.
    virtual Bytes take_output() = 0;

    /// Secrets derived since the last call, each before the first record of the server's that it protects: TLS 1.3's
    /// traffic secrets, or "CLIENT_RANDOM" with the master secret.
    virtual std::vector<KeyLogEntry> take_secrets() = 0;

    virtual const std::optional<StackError>& error() const = 0;
    /// As they were decrypted and parsed; nullopt where there was none.
    virtual std::optional<Alert> last_received_alert() const = 0;
    virtual std::optional<Alert> last_sent_alert() const = 0;

    /// Of an established session.
    virtual std::string version_name() const = 0;
    virtual CipherSuite cipher_suite() const = 0;

    /// Why the peer's certificate is, or would be, refused; nullopt where it is not, or this session decides by itself.
    virtual std::optional<PeerFault> peer_fault() const { return std::nullopt; }

    /// Whether some of what was read came as early data (RFC 8446, section 4.2.10).
    virtual bool read_early_data() const { return false; }
};

} // namespace alert40
