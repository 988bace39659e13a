// SPDX-License-Identifier: GPL-2.0-or-later
#include <wolfssl/options.h>

#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/kdf.h>

#include "server/stack/callbacks.h"
#include "server/stack/tls_session.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <stdexcept>

namespace alert40 {
namespace {

// The HKDF hook gets neither session nor context: the session that is being driven on this thread is named here.
thread_local std::vector<KeyLogEntry>* current_secrets = nullptr;

class DrivenSession {
public:
    explicit DrivenSession(std::vector<KeyLogEntry>& secrets) { current_secrets = &secrets; }
    ~DrivenSession() { current_secrets = nullptr; }
};

std::string_view key_log_label(std::string_view label)
{
    // RFC 8446, section 7.1; names of draft-ietf-tls-keylogfile.
    if (label == "c hs traffic") return "CLIENT_HANDSHAKE_TRAFFIC_SECRET";
    if (label == "s hs traffic") return "SERVER_HANDSHAKE_TRAFFIC_SECRET";
    if (label == "c ap traffic") return "CLIENT_TRAFFIC_SECRET_0";
    if (label == "s ap traffic") return "SERVER_TRAFFIC_SECRET_0";
    if (label == "exp master") return "EXPORTER_SECRET";
    return {};
}

int expand_label(byte* okm, word32 okm_length, const byte* prk, word32 prk_length, const byte* protocol,
                 word32 protocol_length, const byte* label, word32 label_length, const byte* info, word32 info_length,
                 int digest, int /*side*/)
{
    const int result = wc_Tls13_HKDF_Expand_Label(okm, okm_length, prk, prk_length, protocol, protocol_length, label,
                                                  label_length, info, info_length, digest);
    const auto name = key_log_label({reinterpret_cast<const char*>(label), label_length});
    if (result == 0 && current_secrets != nullptr && !name.empty())
        current_secrets->push_back({std::string(name), Bytes(okm, okm + okm_length)});
    return result;
}

std::optional<Alert> read_alert(const WOLFSSL_ALERT& alert)
{
    if (alert.code < 0) return std::nullopt;
    return Alert{static_cast<AlertLevel>(alert.level), static_cast<AlertDescription>(alert.code)};
}

WOLFSSL_ALERT_HISTORY alert_history(WOLFSSL* session)
{
    WOLFSSL_ALERT_HISTORY history{};
    wolfSSL_get_alert_history(session, &history);
    return history;
}

/// nullopt where the code is about something else.
std::optional<PeerFault> fault_of(int code)
{
    switch (code) {
    case NO_PEER_CERT:
        return PeerFault::missing;
    case ASN_AFTER_DATE_E:
        return PeerFault::expired;
    case ASN_BEFORE_DATE_E:
        return PeerFault::not_yet_valid;
    case ASN_NO_SIGNER_E:
    case ASN_SIG_CONFIRM_E:
        return PeerFault::untrusted;
    case ASN_SELF_SIGNED_E:
        return PeerFault::self_signed;
    case KEYUSAGE_E:
    case EXTKEYUSAGE_E:
    case KEYUSE_ENCIPHER_E:
    case EXTKEYUSE_AUTH_E:
    case ASN_PATHLEN_INV_E:
    case ASN_NAME_INVALID_E:
        return PeerFault::unsuitable;
    case CRL_CERT_REVOKED:
    case OCSP_CERT_REVOKED:
        return PeerFault::revoked;
    case VERIFY_CERT_ERROR:
    case SIG_VERIFY_E:
    case VERIFY_SIGN_ERROR:
        return PeerFault::wrong_signature;
    default:
        return std::nullopt;
    }
}

} // namespace

struct TlsSession::Callbacks {
    static int receive(WOLFSSL*, char* buffer, int size, void* context)
    {
        auto& session = *static_cast<TlsSession*>(context);
        const auto available = session.input_.size() - session.input_start_;
        if (available == 0) return session.input_closed_ ? WOLFSSL_CBIO_ERR_CONN_CLOSE : WOLFSSL_CBIO_ERR_WANT_READ;
        const auto count = std::min(available, static_cast<std::size_t>(size));
        std::memcpy(buffer, session.input_.data() + session.input_start_, count);
        session.input_start_ += count;
        if (session.input_start_ == session.input_.size()) {
            session.input_.clear();
            session.input_start_ = 0;
        }
        return static_cast<int>(count);
    }
    static int send(WOLFSSL*, char* buffer, int size, void* context)
    {
        const auto* octets = reinterpret_cast<const std::uint8_t*>(buffer);
        append(static_cast<TlsSession*>(context)->output_, {octets, static_cast<std::size_t>(size)});
        return size;
    }
};

void install_callbacks(WOLFSSL_CTX* context)
{
    wolfSSL_CTX_SetIORecv(context, TlsSession::Callbacks::receive);
    wolfSSL_CTX_SetIOSend(context, TlsSession::Callbacks::send);
    wolfSSL_CTX_SetHKDFExpandLabelCb(context, expand_label);
}

TlsSession::TlsSession(std::shared_ptr<TlsContext> context)
    : context_(std::move(context)),
      session_(wolfSSL_new(context_->native())),
      is_server_(context_->client_config() == nullptr)
{
    if (session_ == nullptr) throw std::runtime_error("wolfSSL_new failed");
    wolfSSL_SetIOReadCtx(session_, this);
    wolfSSL_SetIOWriteCtx(session_, this);
    wolfSSL_SetCertCbCtx(session_, this);
    wolfSSL_KeepArrays(session_); // for the master secret
    if (const auto* server = context_->server_config()) apply(*server);
    if (const auto* client = context_->client_config()) apply(*client);
}

void TlsSession::apply(const TlsServerConfig& server)
{
    use_alpn(server.alpn);
    if (!server.dh) return;
    wolfSSL_SetEnableDhKeyTest(session_, 0); // our own constants: no test of the prime at each handshake
    const auto& [prime, generator] = *server.dh;
    wolfSSL_SetTmpDH(session_, prime.data(), static_cast<int>(prime.size()), generator.data(),
                     static_cast<int>(generator.size()));
}

void TlsSession::apply(const TlsClientConfig& client)
{
    use_alpn(client.alpn);
    wolfSSL_UseSessionTicket(session_);
    if (client.staple_required) wolfSSL_UseOCSPStapling(session_, WOLFSSL_CSR_OCSP, 0);
    if (client.server_name.empty()) return;
    const auto& name = client.server_name;
    if (client.send_server_name)
        wolfSSL_UseSNI(session_, WOLFSSL_SNI_HOST_NAME, name.data(), static_cast<word16>(name.size()));
    if (client.verifies) wolfSSL_check_domain_name(session_, name.c_str());
}

void TlsSession::use_alpn(const std::vector<std::string>& protocols)
{
    if (protocols.empty()) return;
    std::string list = fmt::format("{}", fmt::join(protocols, ","));
    const int result =
        wolfSSL_UseALPN(session_, list.data(), static_cast<word32>(list.size()), WOLFSSL_ALPN_FAILED_ON_MISMATCH);
    if (result != WOLFSSL_SUCCESS)
        throw std::runtime_error(fmt::format("the TLS stack refuses the protocols {} ({})", list, result));
}

bool TlsSession::resume(const TlsSession& earlier)
{
    WOLFSSL_SESSION* session = wolfSSL_get1_session(earlier.session_);
    if (session == nullptr) return false;
    const int result = wolfSSL_set_session(session_, session);
    wolfSSL_SESSION_free(session);
    return result == WOLFSSL_SUCCESS;
}

TlsSession::~TlsSession()
{
    wolfSSL_free(session_);
}

void TlsSession::receive(ByteView bytes)
{
    append(input_, bytes);
}

bool TlsSession::wants_input(int result)
{
    const int code = wolfSSL_get_error(session_, result); // read once, at once: a later call may tell something else
    if (code == WOLFSSL_ERROR_WANT_READ || code == WOLFSSL_ERROR_WANT_WRITE) return true;
    char text[WOLFSSL_MAX_ERROR_SZ];
    error_ = StackError{code, wolfSSL_ERR_error_string(static_cast<unsigned long>(code), text)};
    return false;
}

/// Up to TLS 1.2 there is one secret, and no hook when it is made (RFC 5246, section 8.1).
void TlsSession::note_master_secret()
{
    unsigned char* master = nullptr;
    unsigned char* random = nullptr;
    unsigned int length = 0;
    unsigned int random_length = 0;
    if (master_secret_noted_ || wolfSSL_version(session_) > TLS1_2_VERSION) return;
    if (wolfSSL_get_keys(session_, &master, &length, &random, &random_length, &random, &random_length) !=
        WOLFSSL_SUCCESS)
        return;
    const ByteView secret(master, length);
    if (std::all_of(secret.begin(), secret.end(), [](auto octet) { return octet == 0; })) return; // not made yet
    secrets_.push_back({"CLIENT_RANDOM", Bytes(secret.begin(), secret.end())});
    master_secret_noted_ = true;
}

TlsProgress TlsSession::advance()
{
    const DrivenSession driven(secrets_);
    const int result = is_server_ ? wolfSSL_accept(session_) : wolfSSL_connect(session_);
    note_master_secret();
    if (result == WOLFSSL_SUCCESS) return TlsProgress::established;
    return wants_input(result) ? TlsProgress::wants_input : TlsProgress::failed;
}

Bytes TlsSession::read()
{
    const DrivenSession driven(secrets_);
    Bytes data;
    std::uint8_t buffer[4096];
    for (;;) {
        const int count = wolfSSL_read(session_, buffer, sizeof buffer);
        if (count > 0) {
            append(data, {buffer, static_cast<std::size_t>(count)});
            continue;
        }
        wants_input(count);
        return data;
    }
}

void TlsSession::write(ByteView data)
{
    const DrivenSession driven(secrets_);
    const int result = wolfSSL_write(session_, data.data(), static_cast<int>(data.size()));
    if (result <= 0) wants_input(result);
}

void TlsSession::shut_down()
{
    wolfSSL_shutdown(session_);
}

std::optional<Alert> TlsSession::last_received_alert() const
{
    return read_alert(alert_history(session_).last_rx);
}
std::optional<Alert> TlsSession::last_sent_alert() const
{
    return read_alert(alert_history(session_).last_tx);
}

std::string TlsSession::version_name() const
{
    return wolfSSL_get_version(session_);
}

bool TlsSession::resumed() const
{
    return wolfSSL_session_reused(session_) == 1;
}

Bytes TlsSession::peer_certificate() const
{
    WOLFSSL_X509* certificate = wolfSSL_get_peer_certificate(session_);
    if (certificate == nullptr) return {};
    int size = 0;
    const unsigned char* der = wolfSSL_X509_get_der(certificate, &size);
    Bytes bytes(der, der + size);
    wolfSSL_X509_free(certificate);
    return bytes;
}

std::string TlsSession::application_protocol() const
{
    char* protocol = nullptr;
    word16 length = 0;
    if (wolfSSL_ALPN_GetProtocol(session_, &protocol, &length) != WOLFSSL_SUCCESS) return {};
    return std::string(protocol, length);
}

CipherSuite TlsSession::cipher_suite() const
{
    const WOLFSSL_CIPHER* cipher = wolfSSL_get_current_cipher(session_);
    // wolfSSL numbers a cipher as its two octets on the wire, behind OpenSSL's 0x0300 prefix.
    return static_cast<CipherSuite>(static_cast<std::uint16_t>(wolfSSL_CIPHER_get_id(cipher)));
}

void TlsSession::note_peer_error(int code)
{
    if (!peer_error_) peer_error_ = code;
}

std::optional<PeerFault> TlsSession::peer_fault() const
{
    if (error_) return fault_of(error_->code);
    if (!peer_error_) return std::nullopt;
    return fault_of(*peer_error_).value_or(PeerFault::untrusted);
}

int note_peer_fault(int verified, WOLFSSL_X509_STORE_CTX* store)
{
    if (verified == 0 && store->userCtx != nullptr)
        static_cast<TlsSession*>(store->userCtx)->note_peer_error(store->error);
    return 1;
}

} // namespace alert40
