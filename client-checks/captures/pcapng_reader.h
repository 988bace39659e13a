// SPDX-License-Identifier: GPL-2.0-or-later
// Capture files in pcapng (draft-ietf-opsawg-pcapng): sections of either byte order one behind another, interfaces of
// different link types and clocks, packets in Enhanced, Simple and the obsolete Packet Blocks, secrets of TLS. What it
// does not know it passes over.
#pragma once

#include "client-checks/captures/byte_source.h"
#include "client-checks/captures/captured_packet.h"
#include "client-checks/captures/key_log.h"

#include <vector>

namespace alert40 {

class PcapngReader {
public:
    static bool is_pcapng(ByteView first_octets);

    /// `source` stands at the file's beginning, which is_pcapng() knows; the secrets in the file go into `secrets`,
    /// each before the packets behind it. Both outlive the reader.
    PcapngReader(ByteSource& source, KeyLog& secrets) : source_(source), secrets_(secrets) {}

    /// nullopt at the end, and where the file is damaged.
    std::optional<CapturedPacket> next();

    /// Where and how the file ends before its end; empty: it does not.
    const std::string& damage() const { return damage_; }

private:
    /// What an Interface Description Block says.
    struct Interface {
        std::uint32_t link_type = 0;
        std::uint32_t snap_length = 0;              // 0: none
        std::uint64_t ticks_per_second = 1'000'000; // 0: more than can be counted
        std::int64_t offset_seconds = 0;
    };

    /// The next block whole, not left behind yet. nullopt at the end, and where the file is damaged.
    std::optional<ByteView> block();
    std::optional<CapturedPacket> take(std::uint32_t type, ByteView body);
    void interface(ByteView body);
    void interface_option(Interface& interface, std::uint16_t code, ByteView value) const;
    void secrets(ByteView body);
    std::optional<CapturedPacket> enhanced_packet(ByteView body);
    std::optional<CapturedPacket> obsolete_packet(ByteView body);
    std::optional<CapturedPacket> simple_packet(ByteView body);
    std::optional<CapturedPacket> packet(std::size_t interface, std::uint64_t ticks, ByteView from_lengths);
    std::uint64_t ticks(ByteView body, std::size_t at) const;
    std::nullopt_t stop(std::string_view why);

    ByteSource& source_;
    KeyLog& secrets_;
    FileNumbers numbers_;
    std::vector<Interface> interfaces_; // of this section
    std::uint64_t packets_ = 0;
    std::string damage_;
};

} // namespace alert40
