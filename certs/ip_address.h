// SPDX-License-Identifier: GPL-2.0-or-later
// IP addresses between their text and the 4 or 16 octets that certificates carry.
#pragma once

#include "certs/bytes.h"

namespace alert40 {

/// 4 or 16 octets; nullopt where `text` is no address. No zone, no brackets, no port.
std::optional<Bytes> parse_ip_address(std::string_view text);

/// Dotted decimal, or IPv6 as RFC 5952 writes it; empty where `octets` are neither 4 nor 16.
std::string ip_address_text(ByteView octets);

} // namespace alert40
