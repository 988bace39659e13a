// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/link_layer.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

// LINKTYPE_ values: https://www.tcpdump.org/linktypes.html
constexpr std::uint32_t kNull = 0;
constexpr std::uint32_t kEthernet = 1;
constexpr std::uint32_t kRawOfBsd = 12; // DLT_RAW, which some wrote into files
constexpr std::uint32_t kRawOfOpenBsd = 14;
constexpr std::uint32_t kRaw = 101;
constexpr std::uint32_t kLoop = 108;
constexpr std::uint32_t kLinuxCooked = 113;
constexpr std::uint32_t kIpv4 = 228;
constexpr std::uint32_t kIpv6 = 229;
constexpr std::uint32_t kLinuxCooked2 = 276;

constexpr std::uint16_t kTypeIpv4 = 0x0800;
constexpr std::uint16_t kTypeIpv6 = 0x86DD;
constexpr std::uint16_t kTypeVlan = 0x8100;        // IEEE 802.1Q
constexpr std::uint16_t kTypeServiceVlan = 0x88A8; // IEEE 802.1ad
constexpr std::uint16_t kTypeOldVlan = 0x9100;
constexpr std::uint16_t kTypePppoeSession = 0x8864; // RFC 2516

struct LinkTypeName {
    std::uint32_t value;
    std::string_view name;
};

/// Those that captures come with; of others the number is said.
constexpr LinkTypeName kNames[] = {
    {0, "NULL"},
    {1, "ETHERNET"},
    {6, "IEEE802_5"},
    {9, "PPP"},
    {10, "FDDI"},
    {12, "RAW"},
    {14, "RAW"},
    {50, "PPP_HDLC"},
    {51, "PPP_ETHER"},
    {101, "RAW"},
    {104, "C_HDLC"},
    {105, "IEEE802_11"},
    {107, "FRELAY"},
    {108, "LOOP"},
    {109, "ENC"},
    {113, "LINUX_SLL"},
    {117, "PFLOG"},
    {119, "IEEE802_11_PRISM"},
    {127, "IEEE802_11_RADIOTAP"},
    {147, "USER0"},
    {163, "IEEE802_11_AVS"},
    {187, "BLUETOOTH_HCI_H4"},
    {189, "USB_LINUX"},
    {192, "PPI"},
    {195, "IEEE802_15_4_WITHFCS"},
    {201, "BLUETOOTH_HCI_H4_WITH_PHDR"},
    {220, "USB_LINUX_MMAPPED"},
    {227, "CAN_SOCKETCAN"},
    {228, "IPV4"},
    {229, "IPV6"},
    {239, "NFLOG"},
    {247, "INFINIBAND"},
    {249, "USBPCAP"},
    {252, "WIRESHARK_UPPER_PDU"},
    {253, "NETLINK"},
    {254, "BLUETOOTH_LINUX_MONITOR"},
    {258, "PKTAP"},
    {272, "NORDIC_BLE"},
    {276, "LINUX_SLL2"},
};

std::uint16_t u16(ByteView bytes, std::size_t at)
{
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

std::optional<ByteView> behind(ByteView bytes, std::size_t header)
{
    if (bytes.size() <= header) return std::nullopt;
    return bytes.subspan(header);
}

/// `bytes` stand behind the EtherType `type`.
std::optional<ByteView> of_type(std::uint16_t type, std::optional<ByteView> bytes)
{
    while (bytes && (type == kTypeVlan || type == kTypeServiceVlan || type == kTypeOldVlan)) {
        //   | priority and VLAN id (2) | EtherType (2) |
        if (bytes->size() < 4) return std::nullopt;
        type = u16(*bytes, 2);
        bytes = behind(*bytes, 4);
    }
    if (bytes && type == kTypePppoeSession) {
        //   | version, code, session, length (6) | PPP protocol (2) |
        if (bytes->size() < 8) return std::nullopt;
        const auto protocol = u16(*bytes, 6);
        return protocol == 0x0021 || protocol == 0x0057 ? behind(*bytes, 8) : std::nullopt;
    }
    return type == kTypeIpv4 || type == kTypeIpv6 ? bytes : std::nullopt;
}

/// The address family, in the byte order of the machine: 2 is IPv4 everywhere, of IPv6 each system has its own.
std::optional<ByteView> of_family(ByteView frame)
{
    if (frame.size() < 4) return std::nullopt;
    const std::uint32_t family = frame[0] | frame[3]; // one of them is 0: families are below 256
    const bool is_ip = family == 2 || family == 10 || family == 23 || family == 24 || family == 28 || family == 30;
    return is_ip ? behind(frame, 4) : std::nullopt;
}

} // namespace

bool reads_link_type(std::uint32_t link_type)
{
    switch (link_type) {
    case kNull:
    case kEthernet:
    case kRawOfBsd:
    case kRawOfOpenBsd:
    case kRaw:
    case kLoop:
    case kLinuxCooked:
    case kIpv4:
    case kIpv6:
    case kLinuxCooked2:
        return true;
    default:
        return false;
    }
}

std::string link_type_name(std::uint32_t link_type)
{
    for (const auto& each : kNames)
        if (each.value == link_type) return fmt::format("{} ({})", each.name, link_type);
    return fmt::format("{}", link_type);
}

std::optional<ByteView> ip_packet(std::uint32_t link_type, ByteView frame)
{
    switch (link_type) {
    case kEthernet: //   | destination (6) | source (6) | EtherType (2) |
        return frame.size() < 14 ? std::nullopt : of_type(u16(frame, 12), behind(frame, 14));
    case kLinuxCooked: //   | packet type, device type, address length (6) | address (8) | EtherType (2) |
        return frame.size() < 16 ? std::nullopt : of_type(u16(frame, 14), behind(frame, 16));
    case kLinuxCooked2: //   | EtherType (2) | reserved, interface, device and packet type, address (18) |
        return frame.size() < 20 ? std::nullopt : of_type(u16(frame, 0), behind(frame, 20));
    case kNull:
    case kLoop:
        return of_family(frame);
    default:
        return behind(frame, 0);
    }
}

} // namespace alert40
