// SPDX-License-Identifier: GPL-2.0-or-later
// One packet as a capture file holds it.
#pragma once

#include "certs/bytes.h"

#include <chrono>

namespace alert40 {

struct CapturedPacket {
    std::optional<std::chrono::system_clock::time_point> at; // nullopt: the file does not say
    std::uint32_t link_type = 0;                             // LINKTYPE_ of the Tcpdump Group's list
    ByteView octets;                                         // until the next packet is asked for
    std::uint32_t length = 0; // on the wire, never less than `octets` has: a snap length cuts
};

/// Longer ones there are none: libpcap's MAXIMUM_SNAPLEN.
constexpr std::uint32_t kLongestPacket = 256 * 1024;

/// Numbers of a file in the byte order of the machine that wrote it. The octets must be there.
class FileNumbers {
public:
    explicit FileNumbers(bool big_endian = false) : big_endian_(big_endian) {}
    std::uint16_t u16(ByteView bytes, std::size_t at) const
    {
        return static_cast<std::uint16_t>(big_endian_ ? bytes[at] << 8 | bytes[at + 1]
                                                      : bytes[at + 1] << 8 | bytes[at]);
    }
    std::uint32_t u32(ByteView bytes, std::size_t at) const
    {
        const std::uint32_t first = u16(bytes, at);
        const std::uint32_t second = u16(bytes, at + 2);
        return big_endian_ ? first << 16 | second : second << 16 | first;
    }
    std::uint64_t u64(ByteView bytes, std::size_t at) const
    {
        const std::uint64_t first = u32(bytes, at);
        const std::uint64_t second = u32(bytes, at + 4);
        return big_endian_ ? first << 32 | second : second << 32 | first;
    }

private:
    bool big_endian_;
};

} // namespace alert40
