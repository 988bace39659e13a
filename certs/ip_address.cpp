// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/ip_address.h"

#include <arpa/inet.h>

#include <array>

namespace alert40 {

std::optional<Bytes> parse_ip_address(std::string_view text)
{
    const std::string terminated(text);
    if (terminated.find('\0') != std::string::npos) return std::nullopt;
    Bytes octets(16);
    if (::inet_pton(AF_INET6, terminated.c_str(), octets.data()) == 1) return octets;
    octets.resize(4);
    if (::inet_pton(AF_INET, terminated.c_str(), octets.data()) == 1) return octets;
    return std::nullopt;
}

std::string ip_address_text(ByteView octets)
{
    if (octets.size() != 4 && octets.size() != 16) return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = octets.size() == 4 ? AF_INET : AF_INET6;
    ::inet_ntop(family, octets.data(), text.data(), static_cast<socklen_t>(text.size()));
    return text.data();
}

} // namespace alert40
