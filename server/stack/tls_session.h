// SPDX-License-Identifier: GPL-2.0-or-later
// One TLS connection of the engine over memory buffers: bytes in, bytes out, no socket.
//
//   TlsSession session(context);
//   session.receive(bytes);  session.advance();  send(session.take_output());  ... until established or failed
//   session.receive(bytes);  session.read();     session.write(text);          send(session.take_output())
//   session.shut_down();     send(session.take_output())
#pragma once

#include "server/stack/tls_context.h"
#include "server/wire/alert_message.h"
#include "server/wire/transcript.h"

struct WOLFSSL;

namespace alert40 {

enum class TlsProgress { wants_input, established, failed };

struct StackError {
    int code = 0; // wolfSSL's number, negative
    std::string text;
};

class TlsSession {
public:
    /// Throws std::runtime_error where the engine cannot make a session.
    explicit TlsSession(std::shared_ptr<TlsContext> context);
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;
    ~TlsSession();

    void receive(ByteView bytes);
    void peer_closed() { input_closed_ = true; }

    /// Drives the handshake with what was received.
    TlsProgress advance();

    /// Application data that was received; empty where there is none. After it, `error` tells whether the session
    /// failed.
    Bytes read();
    void write(ByteView data);
    void shut_down(); // close_notify

    /// What is to be sent, in order; empty where there is nothing.
    Bytes take_output() { return std::exchange(output_, {}); }

    /// Traffic secrets derived since the last call (TLS 1.3).
    std::vector<KeyLogEntry> take_secrets() { return std::exchange(secrets_, {}); }

    const std::optional<StackError>& error() const { return error_; }
    /// As the engine decrypted and parsed them; nullopt where there was none.
    std::optional<Alert> last_received_alert() const;
    std::optional<Alert> last_sent_alert() const;

    /// Of an established session.
    std::string version_name() const;
    CipherSuite cipher_suite() const;

    struct Callbacks; // the engine's I/O, which needs the buffers

private:
    bool wants_input(int result);

    std::shared_ptr<TlsContext> context_;
    WOLFSSL* session_;
    Bytes input_;
    std::size_t input_start_ = 0;
    bool input_closed_ = false;
    bool is_server_;
    Bytes output_;
    std::vector<KeyLogEntry> secrets_;
    std::optional<StackError> error_;
};

} // namespace alert40
