// SPDX-License-Identifier: GPL-2.0-or-later
// Classic capture files (draft-ietf-opsawg-pcap), of either byte order, with times in micro- or nanoseconds, and those
// of the kernel patch that has longer packet headers. Not libpcap: that reads a FILE* only, and does not say where a
// file is cut.
#pragma once

#include "client-checks/captures/byte_source.h"
#include "client-checks/captures/captured_packet.h"

namespace alert40 {

class PcapReader {
public:
    /// Whether a file that begins with these octets is one.
    static bool is_pcap(ByteView first_octets);

    /// `source` stands at the file's beginning, which is_pcap() knows, and outlives the reader.
    explicit PcapReader(ByteSource& source);

    /// nullopt at the end, and where the file is damaged.
    std::optional<CapturedPacket> next();

    /// Where and how the file ends before its end; empty: it does not.
    const std::string& damage() const { return damage_; }

private:
    std::nullopt_t stop(std::string_view why);

    ByteSource& source_;
    FileNumbers numbers_;
    std::size_t header_length_ = 16; // of a packet
    std::uint32_t ticks_per_second_ = 1'000'000;
    std::uint32_t link_type_ = 0;
    std::uint64_t packets_ = 0;
    std::string damage_;
};

} // namespace alert40
