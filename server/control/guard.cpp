// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/guard.h"

#include <algorithm>
#include <array>
#include <asio/ip/address.hpp>
#include <unistd.h>

namespace alert40 {
namespace {

std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char each) { return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each; });
    return result;
}

bool is_port(std::string_view text)
{
    const auto digit = [](char each) { return each >= '0' && each <= '9'; };
    return !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), digit);
}

std::optional<asio::ip::address> address_of(const std::string& text)
{
    asio::error_code invalid;
    const auto address = asio::ip::make_address(text, invalid);
    return invalid ? std::nullopt : std::optional(address);
}

bool is_name_of_machine(const std::string& host)
{
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return false;
    const auto own = lower(name.data());
    return !own.empty() && (host == own || host == own + ".local");
}

} // namespace

std::optional<std::string> host_of(std::string_view authority)
{
    std::string_view host = authority;
    std::string_view rest;
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        host = authority.substr(1, end - 1);
        rest = authority.substr(end + 1);
    } else if (const auto colon = authority.find(':'); colon != std::string_view::npos) {
        host = authority.substr(0, colon);
        rest = authority.substr(colon);
    }
    if (host.empty() || (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1))))) return std::nullopt;
    return lower(host);
}

bool is_own_host(std::string_view authority, std::string_view bound)
{
    const auto host = host_of(authority);
    if (!host) return false;
    if (*host == "localhost" || host->ends_with(".localhost")) return true;
    const auto address = address_of(*host);
    const auto own = address_of(std::string(bound));
    if (address && (address->is_loopback() || (own && (own->is_unspecified() || *own == *address)))) return true;
    return own && !own->is_loopback() && is_name_of_machine(*host);
}

bool is_same_origin(std::string_view origin, std::string_view authority)
{
    constexpr std::string_view kScheme = "http://";
    return origin.starts_with(kScheme) && lower(origin.substr(kScheme.size())) == lower(authority);
}

} // namespace alert40
