// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/resolve.h"

#include "server/engine/within.h"

#include <asio/redirect_error.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace alert40 {
namespace {

using asio::ip::tcp;

struct Answer {
    asio::error_code error;
    std::vector<tcp::endpoint> endpoints;
};

asio::awaitable<Answer> ask(tcp::resolver& resolver, std::string host, std::uint16_t port)
{
    Answer answer;
    const auto results = co_await resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                                                         asio::redirect_error(asio::use_awaitable, answer.error));
    for (const auto& each : results) answer.endpoints.push_back(each.endpoint());
    co_return answer;
}

} // namespace

asio::awaitable<Resolved> resolve(const LiveTarget& target, std::chrono::milliseconds limit)
{
    Resolved resolved;
    const auto executor = co_await asio::this_coro::executor;
    tcp::resolver resolver(executor);
    std::vector<HostPort> asked;
    if (target.proxy) asked.push_back(*target.proxy);
    for (const auto& host : target.hosts)
        if (!target.proxy) asked.push_back({host, target.port});
    for (const auto& each : asked) {
        asio::error_code error;
        const auto address = asio::ip::make_address(each.host, error);
        std::vector<tcp::endpoint> found;
        if (!error) {
            found.emplace_back(address, each.port);
        } else {
            const auto answer = co_await within(limit, ask(resolver, each.host, each.port));
            if (!answer || answer->error)
                resolved.why = fmt::format("{} does not resolve: {}", each.host,
                                           answer ? answer->error.message() : "no answer from the resolver");
            else
                found = answer->endpoints;
        }
        for (const auto& endpoint : found)
            if (std::find(resolved.endpoints.begin(), resolved.endpoints.end(), endpoint) == resolved.endpoints.end())
                resolved.endpoints.push_back(endpoint);
    }
    co_return resolved;
}

std::string display_name(const tcp::endpoint& endpoint)
{
    return display_name(HostPort{endpoint.address().to_string(), endpoint.port()});
}

bool is_loopback(const tcp::endpoint& endpoint)
{
    return endpoint.address().is_loopback();
}

} // namespace alert40
