// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/http_answer.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr std::size_t kLargestRequest = 64 * 1024;

std::string_view reason_phrase(unsigned status)
{
    struct Reason {
        unsigned status;
        std::string_view phrase;
    };
    constexpr Reason kReasons[] = {
        {200, "OK"},
        {302, "Found"},
        {400, "Bad Request"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {407, "Proxy Authentication Required"},
        {421, "Misdirected Request"}, // RFC 9110 section 15.5.20
        {425, "Too Early"},           // RFC 8470 section 5.2
        {426, "Upgrade Required"},
        {495, "SSL Certificate Error"}, // 495 and 496 are nginx's own, and it shows 400 for them
        {496, "SSL Certificate Required"},
        {500, "Internal Server Error"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
    };
    for (const auto& each : kReasons)
        if (each.status == status) return each.phrase;
    return "Unnamed"; // RFC 9112 section 4: the phrase means nothing
}

bool starts_with_header(std::string_view line, std::string_view name)
{
    return line.size() >= name.size() && std::equal(name.begin(), name.end(), line.begin(), [](char left, char right) {
               return left == std::tolower(static_cast<unsigned char>(right));
           });
}

} // namespace

bool may_be_http(std::string_view request)
{
    constexpr std::string_view kMethods[] = {"GET ", "HEAD ", "POST ", "PUT ", "OPTIONS ", "DELETE "};
    const auto fits = [&](std::string_view method) {
        return request.starts_with(method) || method.starts_with(request);
    };
    return std::any_of(std::begin(kMethods), std::end(kMethods), fits);
}

bool is_complete_request(std::string_view request)
{
    return !may_be_http(request) || request.find("\r\n\r\n") != std::string_view::npos ||
           request.size() >= kLargestRequest;
}

std::optional<std::string> requested_host(std::string_view request)
{
    while (!request.empty()) {
        const auto end = std::min(request.find("\r\n"), request.size());
        auto line = request.substr(0, end);
        request.remove_prefix(std::min(end + 2, request.size()));
        if (!starts_with_header(line, "host:")) continue;
        line.remove_prefix(std::min(line.find_first_not_of(" \t", 5), line.size()));
        line = line.substr(0, line.find_last_not_of(" \t") + 1);
        const auto name_end = line.starts_with('[') ? line.find(']') + 1 : line.find(':');
        return std::string(line.substr(0, name_end));
    }
    return std::nullopt;
}

std::string http_answer(unsigned status, std::string_view body)
{
    return fmt::format("HTTP/1.1 {} {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n"
                       "Connection: close\r\n\r\n{}",
                       status, reason_phrase(status), body.size(), body);
}

} // namespace alert40
