// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <fmt/format.h>

namespace alert40 {

IpAddress IpAddress::of(ByteView bytes)
{
    IpAddress address;
    address.is_ipv6 = bytes.size() == address.octets.size();
    std::copy(bytes.begin(), bytes.end(), address.octets.begin());
    return address;
}

std::string IpAddress::text() const
{
    char buffer[INET6_ADDRSTRLEN] = {};
    inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, octets.data(), buffer, sizeof buffer);
    return buffer;
}

std::string Endpoint::text() const
{
    return fmt::format(fmt::runtime(address.is_ipv6 ? "[{}]:{}" : "{}:{}"), address.text(), port);
}

} // namespace alert40
