// SPDX-License-Identifier: GPL-2.0-or-later
// One TLS connection of the engine over memory buffers: bytes in, bytes out, no socket.
// A client session (the checker's builtin client) is driven in the same way.
#pragma once

#include "server/stack/server_session.h"
#include "server/stack/tls_context.h"

struct WOLFSSL;

namespace alert40 {

class TlsSession final : public ServerSession {
public:
    /// Throws std::runtime_error where the engine cannot make a session.
    explicit TlsSession(std::shared_ptr<TlsContext> context);
    ~TlsSession() override;

    /// A client's, before its first advance(): offers the session that `earlier` ended with, ticket included.
    /// False where that left nothing to resume.
    bool resume(const TlsSession& earlier);

    void receive(ByteView bytes) override;
    void peer_closed() override { input_closed_ = true; }
    TlsProgress advance() override;
    Bytes read() override;
    void write(ByteView data) override;
    void shut_down() override;
    Bytes take_output() override { return std::exchange(output_, {}); }
    std::vector<KeyLogEntry> take_secrets() override { return std::exchange(secrets_, {}); }
    const std::optional<StackError>& error() const override { return error_; }
    std::optional<Alert> last_received_alert() const override;
    std::optional<Alert> last_sent_alert() const override;
    std::string version_name() const override;
    CipherSuite cipher_suite() const override;
    bool resumed() const;
    /// DER; empty before it has come, and after an abbreviated handshake.
    Bytes peer_certificate() const;
    std::string application_protocol() const; // empty: none was negotiated

    /// With TlsServerConfig::takes_any_certificate also what a stricter server would have refused it for.
    std::optional<PeerFault> peer_fault() const override;
    void note_peer_error(int code);

    struct Callbacks; // the engine's I/O, which needs the buffers

private:
    void apply(const TlsServerConfig& server);
    void apply(const TlsClientConfig& client);
    void use_alpn(const std::vector<std::string>& protocols);
    bool wants_input(int result);
    void note_master_secret();

    std::shared_ptr<TlsContext> context_;
    WOLFSSL* session_;
    Bytes input_;
    std::size_t input_start_ = 0;
    bool input_closed_ = false;
    bool is_server_;
    bool master_secret_noted_ = false;
    Bytes output_;
    std::vector<KeyLogEntry> secrets_;
    std::optional<StackError> error_;
    std::optional<int> peer_error_; // wolfSSL's number
};

} // namespace alert40
