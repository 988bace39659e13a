// SPDX-License-Identifier: GPL-2.0-or-later
// Capture files in pcapng (draft-ietf-opsawg-pcapng): blocks written one after another, little-endian, one Ethernet
// interface. In this order:
//
//   PcapngWriter file(program, comment);  file.interface();  file.secrets(key_log);  file.packet(at, frame) ...
//   Bytes octets = file.take();
#pragma once

#include "certs/bytes.h"

#include <chrono>
#include <utility>

namespace alert40 {

class PcapngWriter {
public:
    /// Begins with the Section Header Block: `program` wrote it, `comment` is shown with the file's properties.
    PcapngWriter(std::string_view program, std::string_view comment);

    /// Adds the Interface Description Block that packets belong to: Ethernet, whole packets, times in microseconds.
    void interface(std::string_view description);

    /// Adds a Decryption Secrets Block in the TLS key log format. It has to stand before the packets that it opens;
    /// nothing is added where `key_log` is empty.
    void secrets(std::string_view key_log);

    /// Adds an Enhanced Packet Block: one Ethernet frame without its check sequence.
    void packet(std::chrono::system_clock::time_point at, ByteView frame);

    /// The file. The writer is empty afterwards.
    Bytes take() { return std::exchange(file_, {}); }

private:
    void u16(std::uint16_t value);
    void u32(std::uint32_t value);
    void padded(ByteView bytes);
    void option(std::uint16_t code, ByteView value);
    template <class Body> void block(std::uint32_t type, Body body);

    Bytes file_;
};

} // namespace alert40
