// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/pcapng.h"

#include <utility>

namespace alert40 {
namespace {

// Block types (draft-ietf-opsawg-pcapng section 11.1).
constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kDecryptionSecrets = 0x0000000A;

constexpr std::uint32_t kByteOrderMagic = 0x1A2B3C4D;
constexpr std::uint32_t kTlsKeyLog = 0x544C534B; // secrets type "TLSK"
constexpr std::uint16_t kLinkTypeEthernet = 1;

constexpr std::uint16_t kOptionEnd = 0;
constexpr std::uint16_t kOptionComment = 1;
constexpr std::uint16_t kOptionUserApplication = 4;      // of a section
constexpr std::uint16_t kOptionInterfaceDescription = 3; // of an interface
constexpr std::uint16_t kOptionTimestampResolution = 9;  // of an interface: a negative power of 10
constexpr std::uint8_t kMicroseconds = 6;
constexpr std::size_t kLongestOption = 0xFFFF;

ByteView octets(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

} // namespace

void PcapngWriter::u16(std::uint16_t value)
{
    file_.push_back(static_cast<std::uint8_t>(value));
    file_.push_back(static_cast<std::uint8_t>(value >> 8));
}

void PcapngWriter::u32(std::uint32_t value)
{
    u16(static_cast<std::uint16_t>(value));
    u16(static_cast<std::uint16_t>(value >> 16));
}

/// Everything in a block begins at a multiple of 4 octets.
void PcapngWriter::padded(ByteView bytes)
{
    append(file_, bytes);
    while (file_.size() % 4 != 0) file_.push_back(0);
}

void PcapngWriter::option(std::uint16_t code, ByteView value)
{
    value = value.first(std::min(value.size(), kLongestOption));
    u16(code);
    u16(static_cast<std::uint16_t>(value.size()));
    padded(value);
}

//    0                   4                    8                          length - 4
//   +-------------------+--------------------+---- ... ----+-------------------+
//   | type              | length of all of it| body        | length again      |
//   +-------------------+--------------------+---- ... ----+-------------------+
template <class Body> void PcapngWriter::block(std::uint32_t type, Body body)
{
    const std::size_t start = file_.size();
    u32(type);
    u32(0);
    body();
    const auto length = static_cast<std::uint32_t>(file_.size() + 4 - start);
    u32(length);
    for (std::size_t octet = 0; octet < 4; ++octet)
        file_[start + 4 + octet] = static_cast<std::uint8_t>(length >> (8 * octet));
}

PcapngWriter::PcapngWriter(std::string_view program, std::string_view comment)
{
    block(kSectionHeader, [&] {
        u32(kByteOrderMagic);
        u16(1); // version 1.0
        u16(0);
        u32(0xFFFFFFFF); // the section's length, 64 bits: not said
        u32(0xFFFFFFFF);
        option(kOptionUserApplication, octets(program));
        option(kOptionComment, octets(comment));
        option(kOptionEnd, {});
    });
}

void PcapngWriter::interface(std::string_view description)
{
    block(kInterfaceDescription, [&] {
        u16(kLinkTypeEthernet);
        u16(0); // reserved
        u32(0); // no limit on a packet's length
        option(kOptionInterfaceDescription, octets(description));
        option(kOptionTimestampResolution, ByteView(&kMicroseconds, 1));
        option(kOptionEnd, {});
    });
}

void PcapngWriter::secrets(std::string_view key_log)
{
    if (key_log.empty()) return;
    block(kDecryptionSecrets, [&] {
        u32(kTlsKeyLog);
        u32(static_cast<std::uint32_t>(key_log.size()));
        padded(octets(key_log));
    });
}

void PcapngWriter::packet(std::chrono::system_clock::time_point at, ByteView frame)
{
    const auto since_epoch = std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch());
    const auto stamp = static_cast<std::uint64_t>(since_epoch.count());
    block(kEnhancedPacket, [&] {
        u32(0); // the first interface
        u32(static_cast<std::uint32_t>(stamp >> 32));
        u32(static_cast<std::uint32_t>(stamp));
        u32(static_cast<std::uint32_t>(frame.size())); // captured
        u32(static_cast<std::uint32_t>(frame.size())); // on the wire
        padded(frame);
    });
}

} // namespace alert40
