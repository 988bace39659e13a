// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/packets.h"

#include "server/wire/writer.h"

#include <algorithm>
#include <stdexcept>

namespace alert40 {
namespace {

constexpr std::size_t kMtu = 1500;
constexpr std::size_t kTcpHeader = 20;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::uint8_t kHopLimit = 64;
constexpr std::uint8_t kProtocolTcp = 6;
constexpr std::uint16_t kWindow = 0xFFFF;
constexpr std::uint8_t kWindowScale = 7;

bool is_ipv4(const TcpEnd& end)
{
    return end.address.size() == 4;
}

/// The Internet checksum's sum (RFC 1071) over `bytes` as big-endian words, an odd octet padded with zero.
std::uint32_t sum_of(ByteView bytes, std::uint32_t sum = 0)
{
    for (std::size_t at = 0; at < bytes.size(); ++at) sum += at % 2 == 0 ? std::uint32_t{bytes[at]} << 8 : bytes[at];
    return sum;
}

void put_checksum(Bytes& header, std::size_t at, std::uint32_t sum)
{
    while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
    const auto checksum = static_cast<std::uint16_t>(~sum);
    header[at] = static_cast<std::uint8_t>(checksum >> 8);
    header[at + 1] = static_cast<std::uint8_t>(checksum);
}

void u32(Writer& writer, std::uint32_t value)
{
    writer.u16(static_cast<std::uint16_t>(value >> 16));
    writer.u16(static_cast<std::uint16_t>(value));
}

Bytes compose_tcp(const TcpEnd& from, const TcpEnd& to, const TcpSegment& segment)
{
    Writer writer;
    writer.u16(from.port);
    writer.u16(to.port);
    u32(writer, segment.sequence);
    u32(writer, segment.acknowledgement);
    writer.u8(static_cast<std::uint8_t>((kTcpHeader + segment.options.size()) / 4 << 4));
    writer.value(segment.flags);
    writer.u16(kWindow);
    writer.u16(0); // checksum
    writer.u16(0); // urgent pointer
    writer.bytes(segment.options);
    writer.bytes(segment.payload);
    Bytes tcp = writer.take();
    // The pseudo header: both addresses, the protocol, the length (RFC 9293 section 3.1, RFC 8200 section 8.1).
    const std::uint32_t pseudo = sum_of(to.address, sum_of(from.address)) + kProtocolTcp;
    put_checksum(tcp, 16, sum_of(tcp, pseudo + static_cast<std::uint32_t>(tcp.size())));
    return tcp;
}

Bytes compose_ipv4_header(const TcpEnd& from, const TcpEnd& to, std::size_t payload, std::uint16_t number)
{
    Writer writer;
    writer.u8(0x45); // version 4, 5 words
    writer.u8(0);
    writer.u16(static_cast<std::uint16_t>(kIpv4Header + payload));
    writer.u16(number);
    writer.u16(0x4000); // don't fragment
    writer.u8(kHopLimit);
    writer.u8(kProtocolTcp);
    writer.u16(0); // checksum
    writer.bytes(from.address);
    writer.bytes(to.address);
    Bytes header = writer.take();
    put_checksum(header, 10, sum_of(header));
    return header;
}

Bytes compose_ipv6_header(const TcpEnd& from, const TcpEnd& to, std::size_t payload)
{
    Writer writer;
    u32(writer, 0x60000000); // version 6, no class, no flow
    writer.u16(static_cast<std::uint16_t>(payload));
    writer.u8(kProtocolTcp);
    writer.u8(kHopLimit);
    writer.bytes(from.address);
    writer.bytes(to.address);
    return writer.take();
}

/// A locally administered address that shows the port.
void ethernet_address(Writer& writer, const TcpEnd& end)
{
    u32(writer, 0x02000000);
    writer.u16(end.port);
}

} // namespace

std::size_t largest_payload(const TcpEnd& end)
{
    return kMtu - kTcpHeader - (is_ipv4(end) ? kIpv4Header : kIpv6Header);
}

Bytes syn_options(const TcpEnd& end)
{
    Writer writer;
    writer.u8(2); // maximum segment size (RFC 9293 section 3.7.1)
    writer.u8(4);
    writer.u16(static_cast<std::uint16_t>(largest_payload(end)));
    writer.u8(1); // no operation
    writer.u8(3); // window scale (RFC 7323 section 2.2)
    writer.u8(3);
    writer.u8(kWindowScale);
    return writer.take();
}

Bytes compose_frame(const TcpEnd& from, const TcpEnd& to, const TcpSegment& segment, std::uint16_t number)
{
    if (from.address.size() != to.address.size()) throw std::logic_error("compose_frame: the ends are of two families");
    const Bytes tcp = compose_tcp(from, to, segment);
    Writer writer;
    ethernet_address(writer, to);
    ethernet_address(writer, from);
    writer.u16(is_ipv4(from) ? 0x0800 : 0x86DD);
    writer.bytes(is_ipv4(from) ? compose_ipv4_header(from, to, tcp.size(), number)
                               : compose_ipv6_header(from, to, tcp.size()));
    writer.bytes(tcp);
    return writer.take();
}

} // namespace alert40
