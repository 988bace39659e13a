// SPDX-License-Identifier: GPL-2.0-or-later
// Who speaks in a capture: an IP address and a port, without memory of their own, made to be looked up.
#pragma once

#include "certs/bytes.h"

#include <array>
#include <compare>

namespace alert40 {

struct IpAddress {
    std::array<std::uint8_t, 16> octets{}; // of IPv4 the first 4
    bool is_ipv6 = false;

    auto operator<=>(const IpAddress&) const = default;

    /// `bytes` are 4 octets or 16.
    static IpAddress of(ByteView bytes);
    /// "192.0.2.1", "2001:db8::1".
    std::string text() const;
};

struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;

    auto operator<=>(const Endpoint&) const = default;

    /// "192.0.2.1:443", "[2001:db8::1]:443".
    std::string text() const;
};

} // namespace alert40
