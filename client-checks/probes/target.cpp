// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/target.h"

#include "scenarios/loader/input_error.h"

#include <asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace alert40 {
namespace {

constexpr std::size_t kLongestHost = 253; // RFC 1035 section 2.3.4

std::uint16_t parse_port(std::string_view text, std::string_view whole)
{
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0 || port > 0xFFFF)
        throw InputError(fmt::format("'{}': '{}' is no port (1 to 65535)", whole, text));
    return static_cast<std::uint16_t>(port);
}

std::vector<std::string> split(std::string_view text)
{
    std::vector<std::string> parts;
    for (;;) {
        const auto comma = text.find(',');
        parts.emplace_back(text.substr(0, comma));
        if (comma == std::string_view::npos) return parts;
        text.remove_prefix(comma + 1);
    }
}

std::string without_brackets(std::string host)
{
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') return host.substr(1, host.size() - 2);
    return host;
}

} // namespace

bool is_address(std::string_view host)
{
    asio::error_code error;
    asio::ip::make_address(host, error);
    return !error;
}

HostPort parse_host_port(std::string_view text, std::uint16_t default_port)
{
    HostPort where{std::string(text), default_port};
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) throw InputError(fmt::format("'{}': the ']' is missing", text));
        where.host = text.substr(1, end - 1);
        const auto rest = text.substr(end + 1);
        if (!rest.empty() && !rest.starts_with(':'))
            throw InputError(fmt::format("'{}': after ']' comes ':' and a port", text));
        if (!rest.empty()) where.port = parse_port(rest.substr(1), text);
        if (!is_address(where.host)) throw InputError(fmt::format("'{}' is no IPv6 address", where.host));
    } else if (const auto colon = text.rfind(':'); colon != std::string_view::npos && text.find(':') == colon) {
        where.host = text.substr(0, colon);
        where.port = parse_port(text.substr(colon + 1), text);
    } else if (colon != std::string_view::npos && !is_address(text)) {
        throw InputError(fmt::format("'{}' is not HOST:PORT; an IPv6 address stands in brackets: [::1]:443", text));
    }
    if (where.host.empty()) throw InputError(fmt::format("'{}' names no host", text));
    if (where.host.size() > kLongestHost || std::any_of(where.host.begin(), where.host.end(), [](unsigned char each) {
            return each <= ' ' || each == '/' || each == '@' || each >= 0x7F;
        }))
        throw InputError(fmt::format("'{}' is not HOST:PORT: neither a URL nor spaces", text));
    return where;
}

std::string display_name(const HostPort& where)
{
    const bool bracketed = where.host.find(':') != std::string::npos;
    return bracketed ? fmt::format("[{}]:{}", where.host, where.port) : fmt::format("{}:{}", where.host, where.port);
}

LiveTarget make_target(std::string_view where, const std::string& server_name)
{
    LiveTarget target;
    auto hosts = split(where);
    const HostPort last = parse_host_port(hosts.back());
    hosts.back() = last.host;
    for (const auto& host : hosts) target.hosts.push_back(parse_host_port(without_brackets(host)).host);
    target.port = last.port;
    if (!server_name.empty())
        target.server_name = server_name;
    else if (!is_address(target.hosts.front()))
        target.server_name = target.hosts.front();
    target.reference_name = target.server_name.value_or(target.hosts.front());
    return target;
}

std::chrono::milliseconds answer_deadline(const ProbeLimits& limits, std::chrono::microseconds round_trip)
{
    constexpr auto kLeast = std::chrono::milliseconds(400);
    const auto patient = std::chrono::ceil<std::chrono::milliseconds>(round_trip * 20) + kLeast;
    return std::min(patient, limits.answer);
}

} // namespace alert40
