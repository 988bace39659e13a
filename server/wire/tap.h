// SPDX-License-Identifier: GPL-2.0-or-later
// The one place that every byte of a connection passes, both ways: it cuts the streams into records, follows the
// handshake, decrypts TLS 1.3 where it is given the secrets, and writes the transcript. It changes nothing. Where it
// has a recorder, that is told all of it too.
//
//   Tap tap(now); tap.bytes(direction, view, now) ...; tap.secret(label, secret) ...; tap.socket(kind, now);
//   Transcript transcript = tap.take();
#pragma once

#include "server/wire/record_protection.h"
#include "server/wire/recording.h"
#include "server/wire/transcript.h"

namespace alert40 {

class Tap {
public:
    /// Records beyond this many events are not written down: a peer that goes on for ever must not fill the memory.
    /// TCP events still are.
    static constexpr std::size_t kMostEvents = 4096;

    using Time = std::chrono::steady_clock::time_point;

    explicit Tap(Time accepted);

    /// `recorder` is told what passes from here on, and outlives the tap; a copy of the tap tells nobody.
    void record_to(WireRecorder* recorder) { recorder_.recorder = recorder; }

    void bytes(Direction direction, ByteView bytes, Time now);
    void socket(SocketEventKind kind, Time now);

    /// What is said before TLS (STARTTLS): no part of either stream of records.
    void plain_text(Direction direction, ByteView bytes, Time now);

    /// The ClientHello as the gatherer parsed it (the tap does not parse it again), or why there is none.
    void client_hello(ClientHello hello, ProtocolVersion record_version);
    void client_hello_failed(const WireError& error) { transcript_.client_hello_error = error; }
    void client_not_tls(NotTls bytes) { transcript_.not_tls = std::move(bytes); }

    /// A traffic secret, before the first record that it protects.
    void secret(KeyLogEntry entry);

    /// What the stack read in an encrypted alert that the tap could not: put into the last alert record of `direction`
    /// that holds none.
    void decrypted_alert(Direction direction, Alert alert);

    /// `record`, a protected alert that `direction` has not sent yet (TLS 1.3), with another alert in it under the same
    /// keys; nullopt where it is none that can be read.
    std::optional<Bytes> with_other_alert(Direction direction, const Record& record, Alert alert) const;

    const Transcript& transcript() const { return transcript_; }
    bool fatal_alert_from(Direction direction) const { return half(direction).fatal_alert; }
    Transcript take() { return std::move(transcript_); }

private:
    /// One direction of the connection.
    struct Half {
        RecordReader records;
        HandshakeReader handshake;
        std::optional<RecordProtection> handshake_keys;
        std::optional<RecordProtection> application_keys;
        bool encrypted = false;   // up to TLS 1.2: a change_cipher_spec was seen
        bool finished = false;    // TLS 1.3: Finished was seen; application keys hold from here on
        bool application = false; // application data was seen
        bool fatal_alert = false;
        bool unreadable = false;     // a handshake message broke the framing: nothing behind it is read
        std::size_t other_event = 0; // 1 + index of the OtherBytes event; 0: the stream is TLS so far
    };

    /// A copy of a tap looks at what might be sent, and nothing of that happened.
    struct OfThisTapAlone {
        OfThisTapAlone() = default;
        OfThisTapAlone(const OfThisTapAlone& /*other*/) {}
        OfThisTapAlone& operator=(const OfThisTapAlone& /*other*/) { return *this; }
        WireRecorder* recorder = nullptr;
    };

    Half& half(Direction direction) { return halves_[static_cast<std::size_t>(direction)]; }
    const Half& half(Direction direction) const { return halves_[static_cast<std::size_t>(direction)]; }

    void record(Direction direction, const Record& record, Time now);
    std::optional<InnerPlaintext> decrypt(Direction direction, const Record& record);
    void make_keys(std::optional<RecordProtection>& keys, std::string_view label) const;
    void content(Direction direction, ContentType type, ByteView content, RecordEvent& event);
    void handshake(Direction direction, ByteView fragment, RecordEvent& event);
    void message(Direction direction, const HandshakeMessage& message);
    void server_message(const HandshakeMessage& message);
    void server_hello(const HandshakeMessage& message);
    void client_message(const HandshakeMessage& message);
    void other_bytes(Direction direction, ByteView bytes, Time now);
    void reach(Phase phase);
    void tell_event(std::size_t index) const
    {
        if (recorder_.recorder != nullptr) recorder_.recorder->event(transcript_, index);
    }
    void tell_last_event() const { tell_event(transcript_.events.size() - 1); }
    bool is_tls13() const;
    std::chrono::microseconds since(Time now) const;

    Time accepted_;
    Transcript transcript_;
    OfThisTapAlone recorder_;
    Half halves_[2];
    bool early_data_accepted_ = false; // EncryptedExtensions says so
};

} // namespace alert40
