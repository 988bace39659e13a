// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/own_address.h"

#include <arpa/inet.h>
#include <array>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>

namespace alert40 {
namespace {

bool is_any(const std::string& address)
{
    return address == "0.0.0.0" || address == "::";
}

/// Empty where the interface has none of this family that others can use.
std::string text_of(const ifaddrs& interface, int family)
{
    if (interface.ifa_addr == nullptr || interface.ifa_addr->sa_family != family) return {};
    if ((interface.ifa_flags & IFF_UP) == 0 || (interface.ifa_flags & IFF_LOOPBACK) != 0) return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (family == AF_INET) {
        const auto* address = reinterpret_cast<const sockaddr_in*>(interface.ifa_addr);
        inet_ntop(AF_INET, &address->sin_addr, text.data(), text.size());
    } else {
        const auto* address = reinterpret_cast<const sockaddr_in6*>(interface.ifa_addr);
        if (IN6_IS_ADDR_LINKLOCAL(&address->sin6_addr)) return {};
        inet_ntop(AF_INET6, &address->sin6_addr, text.data(), text.size());
    }
    return text.data();
}

} // namespace

std::string address_for_us(const std::string& bound)
{
    if (!is_any(bound)) return bound;
    return bound == "::" ? "::1" : "127.0.0.1";
}

std::string address_for_others(const std::string& bound)
{
    if (!is_any(bound)) return bound;
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) != 0) return address_for_us(bound);
    const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> all(first, freeifaddrs);
    for (const auto* each = first; each != nullptr; each = each->ifa_next)
        if (auto text = text_of(*each, bound == "::" ? AF_INET6 : AF_INET); !text.empty()) return text;
    return address_for_us(bound);
}

} // namespace alert40
