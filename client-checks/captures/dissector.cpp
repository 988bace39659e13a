// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/dissector.h"

#include "client-checks/captures/link_layer.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;

constexpr std::uint8_t kHopByHop = 0; // extension headers of IPv6 (RFC 8200 section 4)
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kAuthentication = 51; // RFC 4302
constexpr std::uint8_t kDestinationOptions = 60;
constexpr std::uint8_t kMobility = 135; // RFC 6275

constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kTcpHeader = 20;

std::uint16_t u16(ByteView bytes, std::size_t at)
{
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

std::uint32_t u32(ByteView bytes, std::size_t at)
{
    return std::uint32_t{u16(bytes, at)} << 16 | u16(bytes, at + 2);
}

/// `bytes`, which begin with a header of `length` octets and are `announced` long on the wire by what it says (0: it
/// says nothing, as where the card cuts segments), without the header and without what a link pads; `cut` becomes what
/// is missing behind them.
ByteView content(ByteView bytes, std::size_t length, std::size_t announced, std::uint32_t& cut)
{
    const std::size_t on_wire = bytes.size() + cut;
    const std::size_t end = announced == 0 ? on_wire : std::clamp(announced, length, std::max(on_wire, length));
    const std::size_t there = std::min(end, bytes.size());
    cut = static_cast<std::uint32_t>(end - there);
    return bytes.subspan(length, there - length);
}

} // namespace

std::optional<SeenSegment> Dissector::dissect(const CapturedPacket& packet)
{
    ++counts_.packets;
    if (!reads_link_type(packet.link_type)) return count(counts_.unread_links[packet.link_type]);
    const auto ip = ip_packet(packet.link_type, packet.octets);
    if (!ip || ip->empty()) return count(counts_.not_ip);
    const auto cut = static_cast<std::uint32_t>(packet.length - packet.octets.size());
    const unsigned version = (*ip)[0] >> 4;
    if (version != 4 && version != 6) return count(counts_.not_ip);
    const auto payload = version == 4 ? ipv4(*ip, cut) : ipv6(*ip, cut);
    if (!payload) return std::nullopt;
    if (payload->protocol == kTcp) return tcp(*payload);
    count_other(*payload);
    return std::nullopt;
}

//   | version, length in words (1) | class (1) | length (2) | identification (2) | flags, offset / 8 (2) |
//   | hops (1) | protocol (1) | checksum (2) | source (4) | destination (4) | options |
std::optional<Dissector::Payload> Dissector::ipv4(ByteView packet, std::uint32_t cut)
{
    if (packet.size() < kIpv4Header) return count(counts_.headers_cut);
    const std::size_t header = std::size_t{packet[0]} % 16 * 4;
    if (header < kIpv4Header) return count(counts_.not_ip);
    if (packet.size() < header) return count(counts_.headers_cut);
    Payload payload{
        IpAddress::of(packet.subspan(12, 4)), IpAddress::of(packet.subspan(16, 4)), packet[9], {}, cut, packet[8]};
    payload.octets = content(packet, header, u16(packet, 2), payload.cut);
    const auto place = u16(packet, 6);
    const bool more = (place & 0x2000) != 0;
    const std::size_t offset = std::size_t{place} % 0x2000 * 8;
    if (!more && offset == 0) return payload;
    return whole(payload, {payload.from, payload.to, u16(packet, 4), payload.protocol, offset, more, payload.octets});
}

//   | version, class, flow (4) | payload's length (2) | next header (1) | hops (1) | source (16) | destination (16) |
std::optional<Dissector::Payload> Dissector::ipv6(ByteView packet, std::uint32_t cut)
{
    if (packet.size() < kIpv6Header) return count(counts_.headers_cut);
    Payload payload{
        IpAddress::of(packet.subspan(8, 16)), IpAddress::of(packet.subspan(24, 16)), packet[6], {}, cut, packet[7]};
    const std::size_t length = u16(packet, 4);
    payload.octets = content(packet, kIpv6Header, length == 0 ? 0 : kIpv6Header + length, payload.cut);
    return behind_extension_headers(payload);
}

//   | next header (1) | length in 8 octets, without the first 8 (1) | ... |
std::optional<Dissector::Payload> Dissector::behind_extension_headers(Payload payload)
{
    for (;;) {
        const auto type = payload.protocol;
        const bool extension = type == kHopByHop || type == kRouting || type == kFragment || type == kAuthentication ||
                               type == kDestinationOptions || type == kMobility;
        if (!extension) return payload;
        if (payload.octets.size() < 8) return count(counts_.headers_cut);
        const auto header = payload.octets;
        // RFC 4302 section 2.2: the length of this one counts 4 octets, without the first 8.
        const std::size_t length = type == kFragment         ? 8
                                   : type == kAuthentication ? (std::size_t{header[1]} + 2) * 4
                                                             : (std::size_t{header[1]} + 1) * 8;
        if (header.size() < length) return count(counts_.headers_cut);
        payload.protocol = header[0];
        payload.octets = header.subspan(length);
        if (type != kFragment) continue;
        //   | next header (1) | reserved (1) | offset / 8, reserved, more (2) | identification (4) |
        const std::size_t offset = u16(header, 2) & 0xFFF8U;
        const bool more = (header[3] & 1) != 0;
        if (offset == 0 && !more) continue; // RFC 6946: it is all in one
        auto joined =
            whole(payload, {payload.from, payload.to, u32(header, 4), payload.protocol, offset, more, payload.octets});
        if (!joined) return std::nullopt;
        payload = *joined;
    }
}

std::optional<Dissector::Payload> Dissector::whole(Payload payload, const Fragment& fragment)
{
    if (payload.cut > 0) return count(counts_.headers_cut); // what was cut off is in the middle of the packet
    const auto joined = fragments_.add(fragment);
    if (!joined) return std::nullopt;
    payload.octets = *joined;
    return payload;
}

//   | source (2) | destination (2) | sequence (4) | acknowledgement (4) | length in words (4 bits), flags (2) | ...
std::optional<SeenSegment> Dissector::tcp(const Payload& payload)
{
    if (payload.octets.size() < kTcpHeader) return count(counts_.headers_cut);
    const std::size_t header = std::size_t{payload.octets[12]} / 16 * 4;
    if (header < kTcpHeader) return count(counts_.not_ip);
    ++counts_.tcp;
    SeenSegment segment;
    segment.from = {payload.from, u16(payload.octets, 0)};
    segment.to = {payload.to, u16(payload.octets, 2)};
    segment.sequence = u32(payload.octets, 4);
    segment.acknowledgement = u32(payload.octets, 8);
    segment.flags = payload.octets[13];
    segment.cut = payload.cut;
    segment.hops = payload.hops;
    if (payload.octets.size() >= header) {
        segment.payload = payload.octets.subspan(header);
    } else { // the options were cut, and all behind them
        const auto missing = static_cast<std::uint32_t>(header - payload.octets.size());
        segment.cut -= std::min(segment.cut, missing);
    }
    return segment;
}

void Dissector::count_other(const Payload& payload)
{
    ++counts_.other_protocols;
    if (payload.protocol != kUdp || payload.octets.size() < 4) return;
    if (u16(payload.octets, 0) == 443 || u16(payload.octets, 2) == 443) ++counts_.udp_443;
}

} // namespace alert40
