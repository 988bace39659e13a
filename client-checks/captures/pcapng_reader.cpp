// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/pcapng_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace alert40 {
namespace {

// Block types (draft-ietf-opsawg-pcapng section 11.1).
constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A; // the same in either byte order
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kObsoletePacket = 2;
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kDecryptionSecrets = 10;

constexpr std::uint32_t kByteOrderMagic = 0x1A2B3C4D;
constexpr std::uint32_t kTlsKeyLog = 0x544C534B; // secrets type "TLSK"
constexpr std::uint16_t kTimestampResolution = 9;
constexpr std::uint16_t kTimestampOffset = 14;

constexpr std::uint32_t kBlockFrame = 12; // type, length, and the length again
constexpr std::uint32_t kLongestBlock = 16 * 1024 * 1024;
constexpr std::size_t kMostInterfaces = 64 * 1024;
constexpr std::uint64_t kLatestSecond = std::uint64_t{1} << 33; // year 2242: what is beyond is no time of a packet

/// 10 or 2 to the power that an if_tsresol option says; 0 where that cannot be counted.
std::uint64_t ticks_per_second(std::uint8_t resolution)
{
    const unsigned power = resolution & 0x7F;
    if ((resolution & 0x80) != 0) return power < 64 ? std::uint64_t{1} << power : 0;
    std::uint64_t ticks = 1;
    for (unsigned step = 0; step < power; ++step) ticks = ticks > ~std::uint64_t{0} / 10 ? 0 : ticks * 10;
    return power < 20 ? ticks : 0;
}

std::optional<std::chrono::system_clock::time_point> time_of(std::uint64_t ticks, std::uint64_t per_second,
                                                             std::int64_t offset)
{
    if (per_second == 0) return std::nullopt;
    const std::uint64_t seconds = ticks / per_second;
    constexpr auto kFurthest = static_cast<std::int64_t>(kLatestSecond);
    if (seconds >= kLatestSecond || offset < -kFurthest || offset > kFurthest) return std::nullopt;
    const std::int64_t since_epoch = static_cast<std::int64_t>(seconds) + offset;
    if (since_epoch < 0 || since_epoch >= kFurthest) return std::nullopt;
    const auto rest = static_cast<long double>(ticks % per_second) / static_cast<long double>(per_second);
    const std::chrono::nanoseconds fraction(std::llround(rest * 1e9L));
    return std::chrono::system_clock::time_point(std::chrono::seconds(since_epoch) + fraction);
}

} // namespace

bool PcapngReader::is_pcapng(ByteView first_octets)
{
    return first_octets.size() >= 4 && FileNumbers().u32(first_octets, 0) == kSectionHeader;
}

std::optional<CapturedPacket> PcapngReader::next()
{
    for (;;) {
        const auto whole = block();
        if (!whole) return std::nullopt;
        auto packet = take(numbers_.u32(*whole, 0), whole->subspan(8, whole->size() - kBlockFrame));
        if (damage_.empty()) source_.skip(whole->size()); // the buffer stays as it is until the next block is asked for
        if (packet || !damage_.empty()) return packet;
    }
}

//    0                   4                    8                          length - 4
//   +-------------------+--------------------+---- ... ----+-------------------+
//   | type              | length of all of it| body        | length again      |
//   +-------------------+--------------------+---- ... ----+-------------------+
std::optional<ByteView> PcapngReader::block()
{
    if (!damage_.empty()) return std::nullopt;
    const auto start = source_.peek(kBlockFrame);
    if (start.empty()) return std::nullopt;
    if (start.size() < kBlockFrame) return stop("is cut within a block");
    if (FileNumbers().u32(start, 0) == kSectionHeader) { // its third word says the byte order of what follows
        const bool big_endian = FileNumbers(true).u32(start, 8) == kByteOrderMagic;
        if (!big_endian && FileNumbers(false).u32(start, 8) != kByteOrderMagic)
            return stop("is damaged: a section of no byte order begins");
        numbers_ = FileNumbers(big_endian);
    }
    const auto length = numbers_.u32(start, 4);
    if (length < kBlockFrame || length > kLongestBlock || length % 4 != 0)
        return stop(fmt::format("is damaged: a block of {} octets begins", length));
    const auto whole = source_.peek(length);
    if (whole.size() < length) return stop("is cut within a block");
    if (numbers_.u32(whole, length - 4) == length) return whole;
    return stop("is damaged: a block that says two lengths begins");
}

std::optional<CapturedPacket> PcapngReader::take(std::uint32_t type, ByteView body)
{
    switch (type) {
    case kSectionHeader:
        interfaces_.clear(); // each section counts its own
        return std::nullopt;
    case kInterfaceDescription:
        interface(body);
        return std::nullopt;
    case kDecryptionSecrets:
        secrets(body);
        return std::nullopt;
    case kEnhancedPacket:
        return enhanced_packet(body);
    case kObsoletePacket:
        return obsolete_packet(body);
    case kSimplePacket:
        return simple_packet(body);
    default: // names, statistics, what others have added
        return std::nullopt;
    }
}

//   | link type (2) | reserved (2) | snap length (4) | options: code (2), length (2), value padded to 4 ... |
void PcapngReader::interface(ByteView body)
{
    if (body.size() < 8) {
        stop("is damaged: an interface is described in too few octets");
        return;
    }
    if (interfaces_.size() >= kMostInterfaces) {
        stop("is damaged: one interface more than anybody has is described");
        return;
    }
    Interface interface;
    interface.link_type = numbers_.u16(body, 0);
    interface.snap_length = numbers_.u32(body, 4);
    body = body.subspan(8);
    while (body.size() >= 4) {
        const auto code = numbers_.u16(body, 0);
        const std::size_t length = numbers_.u16(body, 2);
        if (code == 0 || body.size() - 4 < length) break;
        interface_option(interface, code, body.subspan(4, length));
        body = body.subspan(std::min(body.size(), 4 + (length + 3) / 4 * 4));
    }
    interfaces_.push_back(interface);
}

void PcapngReader::interface_option(Interface& interface, std::uint16_t code, ByteView value) const
{
    if (code == kTimestampResolution && value.size() == 1) interface.ticks_per_second = ticks_per_second(value[0]);
    if (code == kTimestampOffset && value.size() == 8)
        interface.offset_seconds = static_cast<std::int64_t>(numbers_.u64(value, 0));
}

//   | secrets type (4) | length (4) | secrets |
void PcapngReader::secrets(ByteView body)
{
    if (body.size() < 8 || numbers_.u32(body, 0) != kTlsKeyLog) return;
    const auto text = body.subspan(8).first(std::min<std::size_t>(numbers_.u32(body, 4), body.size() - 8));
    secrets_.add({reinterpret_cast<const char*>(text.data()), text.size()});
}

std::uint64_t PcapngReader::ticks(ByteView body, std::size_t at) const
{
    return std::uint64_t{numbers_.u32(body, at)} << 32 | numbers_.u32(body, at + 4);
}

//   | interface (4) | time, upper (4) | time, lower (4) | captured length (4) | length on the wire (4) | packet |
std::optional<CapturedPacket> PcapngReader::enhanced_packet(ByteView body)
{
    if (body.size() < 20) return stop("is damaged: a packet without a header is");
    return packet(numbers_.u32(body, 0), ticks(body, 4), body.subspan(12));
}

//   | interface (2) | drops (2) | time, upper (4) | time, lower (4) | captured length (4) | length (4) | packet |
std::optional<CapturedPacket> PcapngReader::obsolete_packet(ByteView body)
{
    if (body.size() < 20) return stop("is damaged: a packet without a header is");
    return packet(numbers_.u16(body, 0), ticks(body, 4), body.subspan(12));
}

//   | length on the wire (4) | packet, up to the first interface's snap length |
std::optional<CapturedPacket> PcapngReader::simple_packet(ByteView body)
{
    if (body.size() < 4 || interfaces_.empty()) return stop("is damaged: a packet without an interface is");
    const auto& interface = interfaces_.front();
    CapturedPacket packet;
    packet.link_type = interface.link_type;
    packet.length = numbers_.u32(body, 0);
    auto captured = std::min<std::size_t>(packet.length, body.size() - 4);
    if (interface.snap_length != 0) captured = std::min<std::size_t>(captured, interface.snap_length);
    if (captured > kLongestPacket) return stop("is damaged: a packet longer than any is");
    packet.octets = body.subspan(4, captured);
    ++packets_;
    return packet;
}

std::optional<CapturedPacket> PcapngReader::packet(std::size_t interface, std::uint64_t ticks, ByteView from_lengths)
{
    const auto captured = numbers_.u32(from_lengths, 0);
    if (captured > from_lengths.size() - 8 || captured > kLongestPacket)
        return stop("is damaged: a packet longer than its block is");
    if (interface >= interfaces_.size()) return stop("is damaged: a packet of an interface that is not described is");
    const auto& about = interfaces_[interface];
    CapturedPacket packet;
    packet.at = time_of(ticks, about.ticks_per_second, about.offset_seconds);
    packet.link_type = about.link_type;
    packet.octets = from_lengths.subspan(8, captured);
    packet.length = std::max(captured, numbers_.u32(from_lengths, 4));
    ++packets_;
    return packet;
}

std::nullopt_t PcapngReader::stop(std::string_view why)
{
    damage_ = fmt::format("the file {} at octet {}, behind {} packets", why, source_.offset(), packets_);
    return std::nullopt;
}

} // namespace alert40
