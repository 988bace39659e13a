// SPDX-License-Identifier: GPL-2.0-or-later
// One direction of a TCP connection, put in order as its receiver did (RFC 9293 section 3.10.7.4): what came twice is
// taken once, what came early waits, and what never came is told.
#pragma once

#include "certs/bytes.h"

#include <vector>

namespace alert40 {

/// Why octets of a stream are not there.
enum class Loss {
    not_captured, // their receiver had them, or went on without
    snap_length,  // the packet is there, and its end is not
};

/// Told what a stream says, in order.
class StreamListener {
public:
    StreamListener() = default;
    StreamListener(const StreamListener&) = delete;
    StreamListener& operator=(const StreamListener&) = delete;
    virtual ~StreamListener() = default;

    virtual void data(ByteView octets) = 0;
    virtual void missing(std::uint64_t octets, Loss why) = 0;
};

class TcpStream {
public:
    /// What waits for a hole to be filled; beyond it the hole is given up.
    static constexpr std::size_t kMostHeld = 256 * 1024;
    static constexpr std::size_t kMostHeldSegments = 256;

    bool started() const { return started_; }
    /// `sequence` is the number of the first octet that is awaited: behind a SYN, or of the first segment seen.
    void start(std::uint32_t sequence);

    /// `cut` octets stand behind `payload` in the segment, and were not captured. Starts the stream where it has not.
    void segment(std::uint32_t sequence, ByteView payload, std::uint32_t cut, StreamListener& listener);

    /// The receiver has all before `sequence`: a hole there will not be filled, unless the capture has the packets in
    /// another order, which it is given some more acknowledgements for.
    void acknowledged(std::uint32_t sequence, StreamListener& listener);

    /// Nothing more comes: holes are told, and what waited behind them.
    void flush(StreamListener& listener);

    /// From here on nothing is held and nothing is told: nobody listens any more.
    void forget();

    /// Everything before `sequence` was told.
    bool reached(std::uint32_t sequence) const { return started_ && next_sequence_ == sequence; }
    /// What waits takes about so many octets of memory.
    std::size_t held() const { return held_octets_ + held_.size() * (sizeof(Held) + kOfAllocation); }

private:
    struct Held {
        std::uint64_t offset = 0;
        Bytes octets;
        std::uint32_t cut = 0;
    };

    static constexpr std::size_t kOfAllocation = 32; // octets, of the least

    void take(std::uint64_t offset, ByteView payload, std::uint32_t cut, StreamListener& listener);
    void hold(std::uint64_t offset, ByteView payload, std::uint32_t cut);
    void give_up_hole(std::uint64_t to, StreamListener& listener);
    void drain(StreamListener& listener);

    bool started_ = false;
    bool forgotten_ = false;
    std::uint32_t next_sequence_ = 0;
    std::uint64_t next_ = 0;         // the same as an offset in the stream; it begins at 2^32, so that none is negative
    std::uint64_t acknowledged_ = 0; // the furthest, as an offset
    unsigned acknowledged_beyond_ = 0;
    std::vector<Held> held_; // by offset
    std::size_t held_octets_ = 0;
};

} // namespace alert40
