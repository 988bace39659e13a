// SPDX-License-Identifier: GPL-2.0-or-later
// TCP segments as Ethernet frames: the layers that a socket hides, put around what passed it. Checksums are right.
#pragma once

#include "certs/bytes.h"

namespace alert40 {

/// One end of a TCP connection. `address` is 4 octets (IPv4) or 16 (IPv6), the same at both ends.
struct TcpEnd {
    Bytes address;
    std::uint16_t port = 0;
};

/// Control bits of a segment (RFC 9293 section 3.1).
enum class TcpFlags : std::uint8_t { fin = 0x01, syn = 0x02, rst = 0x04, psh = 0x08, ack = 0x10 };

constexpr TcpFlags operator|(TcpFlags left, TcpFlags right)
{
    return static_cast<TcpFlags>(static_cast<std::uint8_t>(left) | static_cast<std::uint8_t>(right));
}

struct TcpSegment {
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    TcpFlags flags{};
    Bytes options; // a multiple of 4 octets, at most 40
    Bytes payload; // with headers at most 65535 octets
};

/// What fits into one segment on Ethernet (1500 octets of IP) between such ends.
std::size_t largest_payload(const TcpEnd& end);

/// The options of a SYN: maximum segment size, and windows that are never full here.
Bytes syn_options(const TcpEnd& end);

/// The frame. `number` counts the sender's packets (the IPv4 identification). Throws std::logic_error where the ends
/// are not of one family.
Bytes compose_frame(const TcpEnd& from, const TcpEnd& to, const TcpSegment& segment, std::uint16_t number);

} // namespace alert40
