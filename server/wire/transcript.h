// SPDX-License-Identifier: GPL-2.0-or-later
// Everything that one connection did, as a capture with a key log would show it: records, handshake messages, alerts,
// TCP events, times. Nothing in here comes from the scenario; diagnosis reads it as evidence.
#pragma once

#include "scenarios/loader/expectation.h"
#include "server/wire/alert_message.h"
#include "server/wire/certificate_request.h"
#include "server/wire/client_hello.h"
#include "server/wire/hello_gatherer.h"
#include "server/wire/server_hello.h"

#include <chrono>

namespace alert40 {

enum class Direction { client_to_server, server_to_client };

/// One record, or the beginning of one that never became whole.
struct RecordEvent {
    Direction direction{};
    std::chrono::microseconds at{}; // since the connection was accepted
    Phase phase{};                  // before this record
    ContentType type{};             // of the header
    ProtocolVersion version{};      // of the header
    std::uint16_t length = 0;
    bool encrypted = false;
    std::optional<ContentType> inner_type; // of a TLS 1.3 record that could be decrypted
    std::vector<HandshakeType> messages;   // handshake messages that were completed by it
    std::optional<Alert> alert;            // also where it was encrypted and could be read
};

enum class SocketEventKind { client_fin, client_reset, server_fin, server_reset, deadline };

struct SocketEvent {
    SocketEventKind kind{};
    std::chrono::microseconds at{};
    Phase phase{};
};

/// Bytes that are no TLS records, from one side, as far as they came.
struct OtherBytes {
    Direction direction{};
    std::chrono::microseconds at{};
    Phase phase{};
    Bytes first_bytes; // at most kFirstBytesKept
    std::size_t total = 0;
};

/// What one side said before TLS, in the protocol that asks for it (STARTTLS).
struct PlainText {
    Direction direction{};
    std::chrono::microseconds at{};
    Phase phase{};
    Bytes bytes;
};

using TranscriptEvent = std::variant<RecordEvent, SocketEvent, OtherBytes, PlainText>;

/// Secrets as the key log format names them (draft-ietf-tls-keylogfile): "CLIENT_HANDSHAKE_TRAFFIC_SECRET".
struct KeyLogEntry {
    std::string label;
    Bytes secret;
};

struct Transcript {
    std::chrono::system_clock::time_point started;
    std::vector<TranscriptEvent> events;
    Phase phase = Phase::before_client_hello; // at the end

    std::optional<ClientHello> client_hello; // the first one
    ProtocolVersion client_hello_record_version{};
    std::optional<WireError> client_hello_error;
    std::optional<NotTls> not_tls; // what the client sent instead of TLS

    std::optional<ServerHello> server_hello; // the last one: not a HelloRetryRequest where a ServerHello followed
    bool hello_retry_request = false;
    std::vector<Bytes> server_chain; // DER, as sent
    bool server_certificate_seen = false;
    std::optional<CertificateRequest> certificate_request;
    std::vector<Bytes> client_chain;
    bool client_certificate_seen = false; // a Certificate message came from the client, be it empty
    std::optional<NamedGroup> group;      // of the key exchange
    std::size_t dh_bits = 0;              // of DHE parameters in a ServerKeyExchange

    std::optional<SignatureScheme> server_signature; // of a ServerKeyExchange (TLS 1.2) or CertificateVerify (TLS 1.3)

    std::vector<KeyLogEntry> key_log;
};

std::string_view name(Direction direction);
std::string_view name(SocketEventKind kind);

/// The first event that decides how the connection ended: a fatal alert, close_notify, FIN, RST or deadline, whichever
/// came first; nullptr where the transcript holds none of them.
const TranscriptEvent* deciding_event(const Transcript& transcript);

} // namespace alert40
