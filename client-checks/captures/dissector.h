// SPDX-License-Identifier: GPL-2.0-or-later
// From a captured packet to the TCP segment in it: link layer, IPv4 and IPv6 with their fragments and extension
// headers. Checksums are not judged: a card that computes them leaves wrong ones in the captures of its own machine.
#pragma once

#include "client-checks/captures/address.h"
#include "client-checks/captures/captured_packet.h"
#include "client-checks/captures/fragments.h"
#include "server/wire/packets.h"

#include <map>

namespace alert40 {

struct SeenSegment {
    Endpoint from;
    Endpoint to;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    std::uint8_t flags = 0; // TcpFlags
    ByteView payload;       // as far as it was captured; holds as long as the packet
    std::uint32_t cut = 0;  // octets of the payload behind it that a snap length cut off
    std::uint8_t hops = 0;  // time to live, hop limit

    bool has(TcpFlags flag) const { return (flags & static_cast<std::uint8_t>(flag)) != 0; }
};

/// Packets by what was in them.
struct PacketCounts {
    std::uint64_t packets = 0;
    std::uint64_t tcp = 0;
    std::uint64_t other_protocols = 0;                     // of IP
    std::uint64_t not_ip = 0;                              // ARP and others; too short to tell
    std::uint64_t udp_443 = 0;                             // QUIC (RFC 9000), which is not looked into
    std::uint64_t headers_cut = 0;                         // the snap length left no whole header
    std::map<std::uint32_t, std::uint64_t> unread_links{}; // by LINKTYPE_
};

class Dissector {
public:
    /// nullopt where there is no TCP segment in it, or not yet.
    std::optional<SeenSegment> dissect(const CapturedPacket& packet);

    const PacketCounts& counts() const { return counts_; }
    /// Packets in fragments of which some are missing.
    std::uint64_t fragmented_and_lost() const { return fragments_.given_up() + fragments_.waiting(); }

private:
    /// What stands behind an IP header.
    struct Payload {
        IpAddress from;
        IpAddress to;
        std::uint8_t protocol = 0;
        ByteView octets;
        std::uint32_t cut = 0;
        std::uint8_t hops = 0;
    };

    std::optional<Payload> ipv4(ByteView packet, std::uint32_t cut);
    std::optional<Payload> ipv6(ByteView packet, std::uint32_t cut);
    std::optional<Payload> behind_extension_headers(Payload payload);
    std::optional<Payload> whole(Payload payload, const Fragment& fragment);
    std::optional<SeenSegment> tcp(const Payload& payload);
    void count_other(const Payload& payload);
    std::nullopt_t count(std::uint64_t& counter)
    {
        ++counter;
        return std::nullopt;
    }

    PacketCounts counts_;
    Fragments fragments_;
};

} // namespace alert40
