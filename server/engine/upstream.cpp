// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/upstream.h"

#include "certs/inspection.h"
#include "scenarios/loader/catalogue.h"
#include "scenarios/loader/input_error.h"
#include "server/engine/bind.h"
#include "server/engine/http_answer.h"
#include "server/engine/within.h"

#include <asio/experimental/as_tuple.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace alert40 {
namespace {

using asio::ip::tcp;

constexpr auto kAsTuple = asio::experimental::as_tuple(asio::use_awaitable);
constexpr std::size_t kLargestAnswer = 1024 * 1024;
constexpr std::string_view kForms = "\"control/healthy-tls12\", \"127.0.0.1:8443\", \"[::1]:8443\"";

/// "127.0.0.1:8443", "[::1]:8443"; nullopt where `text` is none.
std::optional<tcp::endpoint> parse_endpoint(std::string_view text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto host = text.substr(0, colon);
    const auto digits = text.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    asio::error_code invalid;
    const auto address = asio::ip::make_address(std::string(host), invalid);
    unsigned port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    const bool is_number = error == std::errc{} && end == digits.data() + digits.size();
    if (invalid || !is_number || port == 0 || port > 65'535) return std::nullopt;
    return tcp::endpoint(address, static_cast<asio::ip::port_type>(port));
}

/// The scenario that answers behind the box, for the names that the box is asked for.
Scenario scenario_behind(const Located<std::string>& id, const std::vector<std::string>& names,
                         const std::filesystem::path& data)
{
    if (data.empty()) throw InputError(id.where, "no scenarios are at hand here", "HOST:PORT on loopback");
    std::vector<std::filesystem::path> files;
    try {
        files = select_scenarios(data, {id.value});
    } catch (const InputError& error) {
        throw InputError(id.where, error.what());
    }
    if (files.size() != 1)
        throw InputError(id.where, fmt::format("'{}' is no single scenario", id.value), std::string(kForms));
    Scenario scenario = load_scenario(files.front());
    if (scenario.server.upstream)
        throw InputError(id.where, fmt::format("'{}' is a middlebox itself", id.value), "a scenario without upstream");
    if (scenario.server.hosts.empty() && !names.empty()) scenario.client.server_name = names.front();
    return scenario;
}

/// How many octets a response has whose head is at the beginning of `answer`; nullopt where that is not known yet, or
/// where its end is the connection's.
std::optional<std::size_t> length_of(std::string_view answer)
{
    const auto head = answer.find("\r\n\r\n");
    if (head == std::string_view::npos) return std::nullopt;
    std::string lower(answer.substr(0, head));
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::string_view kHeader = "\r\ncontent-length:";
    const auto header = lower.find(kHeader);
    if (header == std::string::npos) return std::nullopt;
    const auto digits = lower.find_first_not_of(" \t", header + kHeader.size());
    if (digits == std::string::npos) return std::nullopt;
    std::size_t octets = 0;
    const auto [end, error] = std::from_chars(lower.data() + digits, lower.data() + lower.size(), octets);
    if (error != std::errc{} || octets > kLargestAnswer) return std::nullopt;
    return head + 4 + octets;
}

bool is_whole(ByteView answer)
{
    const auto length = length_of(to_text(answer));
    return answer.size() >= kLargestAnswer || (length && answer.size() >= *length);
}

/// What a session that has come to its end makes of the server behind.
UpstreamEnd end_of(bool anything_came, bool like_tls)
{
    if (!anything_came) return UpstreamEnd::closed;
    return like_tls ? UpstreamEnd::rejected : UpstreamEnd::not_tls;
}

} // namespace

std::string_view name(UpstreamEnd end)
{
    switch (end) {
    case UpstreamEnd::answered:
        return "answered";
    case UpstreamEnd::down:
        return "down";
    case UpstreamEnd::slow:
        return "slow";
    case UpstreamEnd::closed:
        return "closed";
    case UpstreamEnd::not_tls:
        return "not-tls";
    case UpstreamEnd::rejected:
        return "rejected";
    }
    return "";
}

BoundUpstream::BoundUpstream(const UpstreamSettings& settings, const std::vector<std::string>& names,
                             const BindContext& context)
    : inspects_(settings.inspect),
      now_(context.now)
{
    if (const auto endpoint = parse_endpoint(settings.to.value)) {
        if (!endpoint->address().is_loopback())
            throw InputError(settings.to.where, fmt::format("'{}' is not on loopback", settings.to.value),
                             std::string(kForms));
        endpoint_ = *endpoint;
        return;
    }
    if (settings.to.value.find('/') == std::string::npos)
        throw InputError(settings.to.where, fmt::format("'{}' is neither a scenario nor HOST:PORT", settings.to.value),
                         std::string(kForms));
    scenario_ = std::make_unique<BoundScenario>(scenario_behind(settings.to, names, context.data), false, context);
}

BoundUpstream::~BoundUpstream() = default;

std::shared_ptr<TlsContext> BoundUpstream::client_context(const std::string& server_name) const
{
    TlsClientConfig config;
    config.server_name = server_name;
    config.verifies = false;
    return TlsContext::client(config);
}

BoundIdentity& BoundUpstream::identity_for(const std::string& name, const BoundIdentity& usual)
{
    constexpr std::size_t kMostNames = 1000; // whoever asks for more gets them made again
    const auto known = identities_.find(name);
    if (known != identities_.end()) return known->second;
    if (identities_.size() >= kMostNames) identities_.clear();
    BoundIdentity identity = usual;
    identity.contexts.clear();
    identity.flights.clear();
    identity.chain = InspectionAuthority::of_process(now_).issue(name, now_);
    TlsServerConfig config = *usual.context->server_config();
    config.chain = identity.chain;
    identity.context = TlsContext::server(config);
    return identities_.emplace(name, std::move(identity)).first->second;
}

void BoundUpstream::forge_anew(const BindContext& context)
{
    now_ = context.now;
    identities_.clear();
    if (scenario_) scenario_->forge_anew(context);
}

std::pair<tcp::socket, tcp::socket> connected_pair(const asio::any_io_executor& executor)
{
    tcp::acceptor acceptor(executor, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    tcp::socket near(executor);
    near.connect(acceptor.local_endpoint()); // on loopback it is there when the backlog has taken it
    tcp::socket far = acceptor.accept();
    if (far.remote_endpoint() != near.local_endpoint())
        throw std::runtime_error("another process connected to a port that was meant for this one");
    return {std::move(near), std::move(far)};
}

asio::awaitable<UpstreamEnd> connect_to(tcp::socket& socket, const tcp::endpoint& endpoint,
                                        std::chrono::milliseconds limit)
{
    auto connect = [&]() -> asio::awaitable<asio::error_code> {
        auto [error] = co_await socket.async_connect(endpoint, kAsTuple);
        co_return error;
    };
    const auto error = co_await within(limit, connect());
    if (!error) co_return UpstreamEnd::slow;
    co_return *error ? UpstreamEnd::down : UpstreamEnd::answered;
}

asio::awaitable<UpstreamAnswer> ask_in_tls(tcp::socket& socket, std::shared_ptr<TlsContext> context, Bytes request)
{
    TlsSession session(std::move(context));
    UpstreamAnswer answer;
    Bytes buffer(16 * 1024);
    bool anything = false;
    bool like_tls = false;
    bool asked = false;
    for (;;) {
        const TlsProgress progress = session.advance();
        if (progress == TlsProgress::established && !asked) {
            session.write(request);
            asked = true;
        }
        if (asked) append(answer.bytes, session.read());
        const Bytes output = session.take_output();
        auto [unsent, sent] = co_await asio::async_write(socket, asio::buffer(output), kAsTuple);
        const bool failed = progress == TlsProgress::failed || session.error().has_value();
        if (failed || unsent || is_whole(answer.bytes)) break;
        auto [gone, count] = co_await socket.async_read_some(asio::buffer(buffer), kAsTuple);
        if (gone) break;
        if (!anything) like_tls = begins_like_tls(ByteView(buffer).first(count));
        anything = true;
        session.receive(ByteView(buffer).first(count));
    }
    answer.end = answer.bytes.empty() ? end_of(anything, like_tls) : UpstreamEnd::answered;
    co_return answer;
}

bool begins_like_tls(ByteView bytes)
{
    // RFC 8446 section 5.1: change_cipher_spec (20), alert, handshake, application_data (23); the version's first octet
    // is 3.
    return !bytes.empty() && bytes[0] >= 20 && bytes[0] <= 23 && (bytes.size() < 2 || bytes[1] == 3);
}

} // namespace alert40
