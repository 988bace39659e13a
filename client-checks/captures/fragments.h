// SPDX-License-Identifier: GPL-2.0-or-later
// IP packets that came in fragments (RFC 791 section 3.2, RFC 8200 section 4.5), put together again.
#pragma once

#include "client-checks/captures/address.h"

#include <list>
#include <vector>

namespace alert40 {

struct Fragment {
    IpAddress from;
    IpAddress to;
    std::uint32_t identification = 0;
    std::uint8_t protocol = 0; // of IPv6: of the first header behind the fragment header
    std::size_t offset = 0;    // octets
    bool more = false;         // it is not the last
    ByteView octets;
};

class Fragments {
public:
    /// Packets that are waited for at a time; the oldest is given up for the next.
    static constexpr std::size_t kMostPackets = 64;
    /// Octets that are held for them; of one packet twice the longest at most, where its fragments overlap.
    static constexpr std::size_t kMostOctets = 4 * 1024 * 1024;

    /// What stands behind the IP header, once it is whole; the view holds until the next call. Where fragments overlap,
    /// the first stands.
    std::optional<ByteView> add(const Fragment& fragment);

    /// Packets that never became whole and were given up.
    std::uint64_t given_up() const { return given_up_; }
    /// Packets that are waited for.
    std::size_t waiting() const { return packets_.size(); }

private:
    struct Part {
        std::size_t offset = 0;
        Bytes octets;
    };
    struct Packet {
        IpAddress from;
        IpAddress to;
        std::uint32_t identification = 0;
        std::uint8_t protocol = 0;
        std::vector<Part> parts; // by offset
        std::size_t octets = 0;  // of all of them
        std::optional<std::size_t> length;
    };
    void give_up(std::list<Packet>::iterator packet);
    static bool is_whole(const Packet& packet);
    void join(const Packet& packet);

    std::list<Packet> packets_; // the oldest first
    std::size_t octets_ = 0;    // of all their parts
    Bytes whole_;
    std::uint64_t given_up_ = 0;
};

} // namespace alert40
