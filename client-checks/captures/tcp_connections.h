// SPDX-License-Identifier: GPL-2.0-or-later
// The TCP connections of a capture: segments are put to their connection and into order, and each connection is handed
// over once it is clear how its handshake ended. What is held stays bounded, whatever the capture has.
//
//   TcpConnections connections(secrets, receiver);
//   connections.segment(segment, at) ...;  connections.finish();
#pragma once

#include "client-checks/captures/conversation.h"
#include "client-checks/captures/dissector.h"

#include <functional>
#include <list>
#include <memory>
#include <unordered_map>

namespace alert40 {

/// A side's packets that came over another number of hops than its first: somebody else may have sent them.
struct OtherHops {
    std::uint8_t usual = 0;
    std::uint8_t seen = 0;
    std::string what; // "RST", "data"
};

struct SeenConnection {
    enum class End {
        ended,    // FIN both ways, or RST
        settled,  // it goes on, and is of no more interest
        idle,     // nothing came for kIdle
        reused,   // a SYN began another one between the same ends
        pushed,   // there were too many at a time
        file_end, // the capture ended before it
    };

    std::size_t number = 0; // from 1, in the order of their first packets
    Endpoint client;
    Endpoint server;
    Conversation::Time began;
    Conversation::Time last; // packet
    End end{};
    unsigned syns = 0;          // 0: it had begun before the capture
    bool answered = false;      // a SYN and ACK came, or it had begun before
    bool refused = false;       // the SYN was answered with RST
    std::uint64_t packets[2]{}; // of the client, of the server
    std::optional<OtherHops> other_hops;
    std::unique_ptr<Conversation> conversation; // nullptr where nothing was said
};

/// How many there were, and what was left out.
struct ConnectionCounts {
    std::size_t connections = 0;
    std::size_t pushed = 0; // handed over early: more than kMostConversations at a time
};

class TcpConnections {
public:
    /// Handshakes at a time, and the octets looked at for them; the one that was quiet longest is handed over for the
    /// next.
    static constexpr std::size_t kMostConversations = 4096;
    static constexpr std::size_t kMostOctets = 32 * 1024 * 1024;
    /// Connections that are remembered, also those that are over: late segments of theirs are none of a new one.
    static constexpr std::size_t kMostConnections = 50'000;
    static constexpr std::chrono::minutes kIdle{15};

    using Receiver = std::function<void(SeenConnection)>;

    /// `secrets` outlives it.
    TcpConnections(const KeyLog& secrets, Receiver receiver) : secrets_(secrets), receiver_(std::move(receiver)) {}

    void segment(const SeenSegment& segment, Conversation::Time at);
    /// The capture ends: what is open is handed over.
    void finish();

    const ConnectionCounts& counts() const { return counts_; }

private:
    struct Key {
        Endpoint low;
        Endpoint high;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const;
    };
    struct Flow {
        Key key;
        SeenConnection seen;
        TcpStream streams[2];
        std::optional<std::uint32_t> fin[2]; // the sequence number of a FIN that was seen
        bool fin_told[2]{};
        std::uint32_t first_sequence = 0; // of the SYN
        std::optional<std::uint8_t> hops[2];
        bool payload = false; // one has come
        bool over = false;
        std::size_t looked_at = 0; // octets, of those in octets_
    };
    using Flows = std::list<Flow>; // the one that was quiet longest first

    Flow& flow_of(const SeenSegment& segment, Conversation::Time at);
    Flow& begin(const Key& key, const SeenSegment& segment, Conversation::Time at);
    void turn_round(Flow& flow);
    void open(Flow& flow, const SeenSegment& segment);
    void take(Flow& flow, Direction direction, const SeenSegment& segment, Conversation::Time at);
    void tell_fins(Flow& flow, Conversation::Time at);
    void note_hops(Flow& flow, Direction direction, const SeenSegment& segment);
    void flush(Flow& flow, Conversation::Time at);
    void hand_over(Flow& flow, SeenConnection::End end);
    void keep_bounds(Conversation::Time now);

    const KeyLog& secrets_;
    Receiver receiver_;
    Flows live_; // with a conversation
    Flows quiet_;
    std::unordered_map<Key, Flows::iterator, KeyHash> flows_;
    std::size_t octets_ = 0;
    Conversation::Time latest_{};
    ConnectionCounts counts_;
};

} // namespace alert40
