// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/trigger_client.h"

#include "server/engine/within.h"

#include <asio/connect.hpp>
#include <asio/experimental/as_tuple.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace alert40 {
namespace {

using asio::ip::tcp;
using std::chrono::steady_clock;

constexpr auto kAsTuple = asio::experimental::as_tuple(asio::use_awaitable);
constexpr std::size_t kMostKept = 256 * 1024; // octets of the answer

/// An address needs no resolver, which would start a thread.
asio::awaitable<std::vector<tcp::endpoint>> endpoints_of(const HttpUrl& url)
{
    asio::error_code error;
    unsigned port = 0;
    std::from_chars(url.port.data(), url.port.data() + url.port.size(), port);
    const auto address = asio::ip::make_address(url.host, error);
    std::vector<tcp::endpoint> endpoints;
    if (!error) {
        endpoints.emplace_back(address, static_cast<asio::ip::port_type>(port));
        co_return endpoints;
    }
    tcp::resolver resolver(co_await asio::this_coro::executor);
    const auto found = co_await resolver.async_resolve(url.host, url.port, asio::use_awaitable);
    for (const auto& each : found) endpoints.push_back(each.endpoint());
    co_return endpoints;
}

/// The answer is whole: its length is said, and is there. Else it ends with the connection.
bool is_whole(std::string_view answer)
{
    const auto head = answer.find("\r\n\r\n");
    if (head == std::string_view::npos) return false;
    std::string lines(answer.substr(0, head));
    std::transform(lines.begin(), lines.end(), lines.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    constexpr std::string_view kLength = "\r\ncontent-length:";
    auto at = lines.find(kLength);
    if (at == std::string::npos) return false;
    at = lines.find_first_not_of(' ', at + kLength.size());
    if (at == std::string::npos) return false;
    std::size_t length = 0;
    std::from_chars(lines.data() + at, lines.data() + lines.size(), length);
    return answer.size() - head - 4 >= length;
}

/// The octets of the answer. Throws asio::system_error where there is nobody.
asio::awaitable<std::string> get(HttpUrl url)
{
    const auto endpoints = co_await endpoints_of(url);
    tcp::socket socket(co_await asio::this_coro::executor);
    co_await asio::async_connect(socket, endpoints, asio::use_awaitable);
    const std::string host = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
    const std::string request = fmt::format("GET {} HTTP/1.0\r\nHost: {}:{}\r\nUser-Agent: alert40-check\r\n"
                                            "Connection: close\r\n\r\n",
                                            url.target, host, url.port);
    co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
    std::string answer;
    std::vector<char> buffer(16 * 1024);
    while (answer.size() < kMostKept && !is_whole(answer)) {
        auto [error, count] = co_await socket.async_read_some(asio::buffer(buffer), kAsTuple);
        if (error) break;
        answer.append(buffer.data(), count);
    }
    co_return answer;
}

asio::awaitable<std::string> get_or_say(std::string text, HttpUrl url)
{
    try {
        co_return co_await get(std::move(url));
    } catch (const asio::system_error& error) {
        if (error.code() == asio::error::operation_aborted) throw;
        throw std::runtime_error(fmt::format("the device cannot be asked, {}: {}", text, error.code().message()));
    }
}

/// Status line, empty line, body.
std::string without_headers(const std::string& answer)
{
    const auto first = answer.find("\r\n");
    const auto head = answer.find("\r\n\r\n");
    if (first == std::string::npos || head == std::string::npos) return answer;
    return answer.substr(0, first) + "\n\n" + answer.substr(head + 4);
}

/// "HTTP/1.1 404 Not Found" and above; an answer that is none is none.
bool is_error(std::string_view answer)
{
    return answer.size() > 9 && answer.starts_with("HTTP/") && (answer[9] == '4' || answer[9] == '5');
}

std::chrono::milliseconds left(steady_clock::time_point end)
{
    const auto remains = std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now());
    return std::max(remains, std::chrono::milliseconds(1));
}

} // namespace

std::optional<HttpUrl> parse_http_url(std::string_view text)
{
    constexpr std::string_view kScheme = "http://";
    if (!text.starts_with(kScheme)) return std::nullopt;
    if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 127; }))
        return std::nullopt;
    text.remove_prefix(kScheme.size());
    HttpUrl url;
    const auto path = text.find_first_of("/?");
    auto authority = text.substr(0, path);
    if (path != std::string_view::npos) url.target = (text[path] == '?' ? "/" : "") + std::string(text.substr(path));
    if (authority.find('@') != std::string_view::npos) return std::nullopt;
    const auto bracket = authority.starts_with('[') ? authority.find(']') : 0;
    if (bracket == std::string_view::npos) return std::nullopt;
    if (const auto colon = authority.find(':', bracket); colon != std::string_view::npos) {
        url.port = authority.substr(colon + 1);
        authority = authority.substr(0, colon);
    }
    url.host = authority.starts_with('[') ? authority.substr(1, bracket - 1) : authority;
    const bool is_number = !url.port.empty() && url.port.size() <= 5 &&
                           std::all_of(url.port.begin(), url.port.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (url.host.empty() || !is_number) return std::nullopt;
    return url;
}

asio::awaitable<ChildResult> run_trigger(std::string text, CellServer& server, std::chrono::milliseconds deadline)
{
    const auto url = parse_http_url(text);
    if (!url) throw std::runtime_error(fmt::format("'{}' is not http://HOST:PORT/PATH", text));
    const auto started = steady_clock::now();
    ChildResult result;
    const auto answer = co_await within(deadline, get_or_say(text, *url));
    result.timed_out = !answer;
    if (answer) {
        result.output = without_headers(*answer);
        result.exit_code = is_error(*answer) ? 1 : 0;
        if (is_error(*answer) && !server.has_connection())
            throw std::runtime_error(
                fmt::format("the device did not start, {}: {}", text, answer->substr(0, answer->find("\r\n"))));
        const bool done = co_await server.await_connection(left(started + deadline));
        result.timed_out = !done && server.has_connection();
    }
    result.wall = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - started);
    co_return result;
}

} // namespace alert40
