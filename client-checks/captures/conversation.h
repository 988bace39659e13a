// SPDX-License-Identifier: GPL-2.0-or-later
// What two ends of one TCP connection said, as far as TLS goes: first what came before it, then its records to the tap,
// until it is clear that the handshake succeeded; what comes then is not looked at.
#pragma once

#include "client-checks/captures/before_tls.h"
#include "client-checks/captures/key_log.h"
#include "client-checks/captures/record_stream.h"
#include "client-checks/captures/tcp_stream.h"
#include "server/wire/hello_gatherer.h"

namespace alert40 {

/// What of a direction is missing.
struct MissingOctets {
    std::uint64_t octets = 0;
    std::uint64_t places = 0;
    bool snapped = false; // a snap length cut them off
};

class Conversation {
public:
    using Time = std::chrono::system_clock::time_point;

    enum class Kind {
        open,      // nothing has shown what it is
        plain,     // not TLS, or not yet
        tls,       // records go to the tap
        settled,   // the handshake has succeeded, and application data followed
        under_way, // TLS that had begun before the capture
        other,     // not TLS
    };

    /// `secrets` outlives the conversation. `began`: the first packet of the connection; `from_start`: that was a SYN.
    Conversation(const KeyLog& secrets, Time began, bool from_start);

    void data(Direction direction, ByteView bytes, Time now);
    void missing(Direction direction, std::uint64_t octets, Loss why, Time now);
    void socket(SocketEventKind kind, Time now);

    Kind kind() const { return kind_; }
    /// Nothing that is said from here on is of use.
    bool is_over() const { return kind_ == Kind::settled || kind_ == Kind::under_way || kind_ == Kind::other; }
    const BeforeTls& before() const { return before_; }
    const MissingOctets& missing_from(Direction direction) const { return missing_[index(direction)]; }
    bool gave_up_handshake() const { return records_[0].gave_up_handshake() || records_[1].gave_up_handshake(); }
    const Transcript& transcript() const { return tap_.transcript(); }
    /// The octets that were looked at and the events made of them: what is held is of their order.
    std::size_t looked_at() const { return looked_at_ + tap_.transcript().events.capacity() * sizeof(TranscriptEvent); }
    /// A client that spoke in clear is written down as such, so that its failure can be told.
    void note_plain_client();

    /// With its time. The conversation is spent.
    Transcript take();

private:
    static std::size_t index(Direction direction) { return static_cast<std::size_t>(direction); }
    Tap::Time since(Time now) const { return Tap::Time(now - began_); }
    void before_tls(Direction direction, ByteView bytes, Time now);
    void records(Direction direction, ByteView bytes, Time now);
    void gather(ByteView bytes);
    void settle();

    const KeyLog& secrets_;
    Time began_;
    bool from_start_;
    Kind kind_ = Kind::open;
    BeforeTls before_;
    Tap tap_;
    RecordStream records_[2];
    std::optional<ClientHelloGatherer> gatherer_;
    MissingOctets missing_[2];
    std::size_t looked_at_ = 0;
};

} // namespace alert40
