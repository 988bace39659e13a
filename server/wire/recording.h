// SPDX-License-Identifier: GPL-2.0-or-later
// The bytes of one connection as they passed the tap, with their times, and the capture file made of them.
//
//   tap.record_to(&recorder)             the tap tells what passes, from the accept on
//   compose_capture(recording, ...)      Recording -> pcapng, once the connection has ended
#pragma once

#include "server/wire/packets.h"
#include "server/wire/transcript.h"

namespace alert40 {

/// Who is told by the tap. A tap without one costs nothing more.
class WireRecorder {
public:
    WireRecorder() = default;
    WireRecorder(const WireRecorder&) = delete;
    WireRecorder& operator=(const WireRecorder&) = delete;
    virtual ~WireRecorder() = default;

    /// `at` is counted from the accept, here and below.
    virtual void bytes(Direction direction, ByteView bytes, std::chrono::microseconds at) = 0;
    virtual void socket(SocketEventKind kind, std::chrono::microseconds at) = 0;
    /// Before the first record that it protects.
    virtual void secret(const KeyLogEntry& entry, const Transcript& so_far) = 0;
    /// A whole handshake message, decrypted; before the event of the record that completes it.
    virtual void message(Direction /*direction*/, const HandshakeMessage& /*message*/) {}
    /// Event `index` of `so_far` is new, or more of it is known now: then it has been told before.
    virtual void event(const Transcript& /*so_far*/, std::size_t /*index*/) {}
};

struct RecordedEvent {
    std::chrono::microseconds at{};
    std::optional<SocketEventKind> socket; // nullopt: bytes
    Direction direction{};                 // of bytes
    std::size_t length = 0;                // of bytes
};

/// At most kMostOctets and kMostEvents are kept; what is over is counted, and nothing behind it is kept either.
class Recording {
public:
    static constexpr std::size_t kMostOctets = 1024 * 1024;
    static constexpr std::size_t kMostEvents = 64 * 1024;

    void bytes(Direction direction, ByteView bytes, std::chrono::microseconds at);
    void socket(SocketEventKind kind, std::chrono::microseconds at);

    const std::vector<RecordedEvent>& events() const { return events_; }
    /// The octets of all events, one behind the other.
    ByteView octets() const { return octets_; }
    bool cut() const { return cut_; }
    std::size_t octets_missing() const { return octets_missing_; }

private:
    std::vector<RecordedEvent> events_;
    Bytes octets_;
    bool cut_ = false;
    std::size_t octets_missing_ = 0;
};

/// "LABEL CLIENT_RANDOM SECRET", a line each, as SSLKEYLOGFILE holds them (draft-ietf-tls-keylogfile); empty where no
/// ClientHello came.
std::string key_log_line(const KeyLogEntry& entry, const Transcript& transcript);
std::string key_log_text(const Transcript& transcript);

/// What a capture says of itself beside the packets.
struct CaptureOf {
    TcpEnd client;
    TcpEnd server;
    std::string program; // that wrote it
    std::string comment; // the scenario, how it ended
};

/// The connection as a pcapng file: the opening handshake at the time of the accept, data in segments of Ethernet's
/// size, acknowledgements, FIN and RST, and the secrets of `transcript`. What was cut off is said in the comment.
Bytes compose_capture(const Recording& recording, const Transcript& transcript, const CaptureOf& about);

} // namespace alert40
