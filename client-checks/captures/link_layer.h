// SPDX-License-Identifier: GPL-2.0-or-later
// What stands around an IP packet on its link, taken off: Ethernet with VLAN tags (802.1Q, QinQ) and PPPoE, Linux's
// cooked captures, BSD's loopback, or nothing.
#pragma once

#include "certs/bytes.h"

#include <string>

namespace alert40 {

/// Whether packets of this LINKTYPE_ can be read.
bool reads_link_type(std::uint32_t link_type);

/// "IEEE802_11_RADIOTAP (127)".
std::string link_type_name(std::uint32_t link_type);

/// The packet from its IP header on; nullopt where it is none of IP, or too short. `link_type` is one that can be read.
std::optional<ByteView> ip_packet(std::uint32_t link_type, ByteView frame);

} // namespace alert40
