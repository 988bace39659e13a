// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/pcap_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace alert40 {
namespace {

//   | magic (4) | version (2, 2) | reserved (8) | snap length (4) | link type, lower 16 bits (4) |
constexpr std::size_t kFileHeader = 24;
constexpr std::uint32_t kMicroseconds = 0xA1B2C3D4;
constexpr std::uint32_t kNanoseconds = 0xA1B23C4D;
constexpr std::uint32_t kKuznetzov = 0xA1B2CD34; // microseconds, and 8 octets more in a packet's header

bool is_magic(std::uint32_t number)
{
    return number == kMicroseconds || number == kNanoseconds || number == kKuznetzov;
}

} // namespace

bool PcapReader::is_pcap(ByteView first_octets)
{
    if (first_octets.size() < 4) return false;
    return is_magic(FileNumbers(true).u32(first_octets, 0)) || is_magic(FileNumbers(false).u32(first_octets, 0));
}

PcapReader::PcapReader(ByteSource& source) : source_(source)
{
    const auto header = source_.peek(kFileHeader);
    numbers_ = FileNumbers(is_magic(FileNumbers(true).u32(header, 0)));
    if (header.size() < kFileHeader) {
        damage_ = "the file is cut within its header";
        return;
    }
    const auto magic = numbers_.u32(header, 0);
    if (magic == kNanoseconds) ticks_per_second_ = 1'000'000'000;
    if (magic == kKuznetzov) header_length_ = 24;
    link_type_ = numbers_.u32(header, 20) & 0xFFFF;
    source_.skip(kFileHeader);
}

//   | seconds (4) | fraction (4) | captured length (4) | length on the wire (4) |
std::optional<CapturedPacket> PcapReader::next()
{
    if (!damage_.empty()) return std::nullopt;
    const auto header = source_.peek(header_length_);
    if (header.empty()) return std::nullopt;
    if (header.size() < header_length_) return stop("is cut within a packet's header");
    const std::uint64_t seconds = numbers_.u32(header, 0);
    const std::uint64_t fraction = numbers_.u32(header, 4);
    const auto captured = numbers_.u32(header, 8);
    const auto length = numbers_.u32(header, 12);
    if (captured > kLongestPacket || fraction >= ticks_per_second_) return stop("is damaged: no packet's header is");
    const auto whole = source_.peek(header_length_ + captured);
    if (whole.size() < header_length_ + captured) return stop("is cut within a packet");
    CapturedPacket packet;
    packet.at.emplace(
        std::chrono::nanoseconds(seconds * 1'000'000'000 + fraction * (1'000'000'000 / ticks_per_second_)));
    packet.link_type = link_type_;
    packet.octets = whole.subspan(header_length_);
    packet.length = std::max(length, captured);
    source_.skip(whole.size());
    ++packets_;
    return packet;
}

std::nullopt_t PcapReader::stop(std::string_view why)
{
    damage_ = fmt::format("the file {} at octet {}, behind {} packets", why, source_.offset(), packets_);
    return std::nullopt;
}

} // namespace alert40
