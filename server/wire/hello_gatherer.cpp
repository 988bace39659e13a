// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/hello_gatherer.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <utility>

namespace alert40 {
namespace {

using namespace std::string_view_literals;

struct Opening {
    std::string_view bytes;
    NotTlsKind kind;
};

constexpr Opening kOpenings[] = {
    {"GET "sv, NotTlsKind::http},       {"HEAD "sv, NotTlsKind::http},
    {"POST "sv, NotTlsKind::http},      {"PUT "sv, NotTlsKind::http},
    {"DELETE "sv, NotTlsKind::http},    {"OPTIONS "sv, NotTlsKind::http},
    {"PATCH "sv, NotTlsKind::http},     {"TRACE "sv, NotTlsKind::http},
    {"CONNECT "sv, NotTlsKind::http},   {"PRI * HTTP/2.0"sv, NotTlsKind::http}, // RFC 9113 section 3.4
    {"PROXY "sv, NotTlsKind::proxy_v1}, {"\r\n\r\n\0\r\nQUIT\n"sv, NotTlsKind::proxy_v2},
};

struct Undecided {};
struct Tls {};
using Verdict = std::variant<Undecided, Tls, NotTlsKind>;

/// RFC 5246 appendix E.2, a hello in SSL 2.0's format:
///
///     | 1, msg_length (15 bits) | msg_type (1) = 1 | version (2) | ...
Verdict judge_ssl2(ByteView bytes)
{
    if (bytes.size() > 2 && bytes[2] != 1) return NotTlsKind::unknown;
    if (bytes.size() < 5) return Undecided{};
    const int version = bytes[3] << 8 | bytes[4];
    const bool is_hello = version == 0x0002 || bytes[3] == 3;
    return is_hello ? NotTlsKind::ssl2_client_hello : NotTlsKind::unknown;
}

Verdict judge(ByteView bytes)
{
    if (bytes.empty()) return Undecided{};
    const bool is_content_type = bytes[0] >= 20 && bytes[0] <= 24;
    if (is_content_type && bytes.size() == 1) return Undecided{};
    if (is_content_type) return bytes[1] == 3 ? Verdict(Tls{}) : Verdict(NotTlsKind::unknown);
    if ((bytes[0] & 0x80) != 0) return judge_ssl2(bytes);
    Verdict verdict = NotTlsKind::unknown;
    for (const auto& opening : kOpenings) {
        const std::size_t length = std::min(bytes.size(), opening.bytes.size());
        if (to_text(bytes.first(length)) != opening.bytes.substr(0, length)) continue;
        if (length == opening.bytes.size()) return opening.kind;
        verdict = Undecided{};
    }
    return verdict;
}

} // namespace

ClientHelloGatherer::Status ClientHelloGatherer::feed(ByteView bytes)
{
    total_ += bytes.size();
    append(first_bytes_, bytes.first(std::min(bytes.size(), kFirstBytesKept - first_bytes_.size())));
    record_reader_.feed(bytes);
    if (!is_tls_) {
        const Verdict verdict = judge(first_bytes_);
        if (std::holds_alternative<Undecided>(verdict)) return NeedMore{1};
        if (const auto* kind = std::get_if<NotTlsKind>(&verdict)) return NotTls{*kind, first_bytes_};
        is_tls_ = true;
    }
    return next();
}

ClientHelloGatherer::Status ClientHelloGatherer::next()
{
    for (;;) {
        auto record = record_reader_.next();
        if (const auto* more = std::get_if<NeedMore>(&record)) return *more;
        if (auto* error = std::get_if<WireError>(&record)) return std::move(*error);
        if (auto error = take(std::get<Record>(record))) return *std::move(error);

        auto message = handshake_reader_.next();
        if (auto* error = std::get_if<WireError>(&message)) return std::move(*error);
        if (auto* whole = std::get_if<HandshakeMessage>(&message)) return complete(std::move(*whole));
    }
}

std::optional<WireError> ClientHelloGatherer::take(const Record& record)
{
    if (record.type != ContentType::handshake)
        return WireError{AlertDescription::unexpected_message,
                         fmt::format("Record.type: {} before the ClientHello ends", name(record.type))};
    if (records_++ == 0) record_version_ = record.version;
    handshake_reader_.feed(record.fragment);
    const auto type = HandshakeType{handshake_reader_.pending()[0]}; // a handshake record is never empty
    if (type != HandshakeType::client_hello)
        return WireError{AlertDescription::unexpected_message,
                         fmt::format("Handshake.msg_type: {} instead of client_hello", name(type))};
    return std::nullopt;
}

ClientHelloGatherer::Status ClientHelloGatherer::complete(HandshakeMessage message)
{
    auto parsed = parse_client_hello(message.body);
    if (auto* error = std::get_if<WireError>(&parsed)) return std::move(*error);
    GatheredClientHello gathered;
    gathered.hello = std::get<ClientHello>(std::move(parsed));
    gathered.message = compose_handshake(message);
    gathered.record_version = record_version_;
    gathered.records = records_;
    const ByteView same_record = handshake_reader_.pending();
    gathered.same_record.assign(same_record.begin(), same_record.end());
    const ByteView left_over = record_reader_.pending();
    gathered.left_over.assign(left_over.begin(), left_over.end());
    return gathered;
}

std::string_view name(NotTlsKind kind)
{
    switch (kind) {
    case NotTlsKind::http:
        return "http";
    case NotTlsKind::ssl2_client_hello:
        return "ssl2_client_hello";
    case NotTlsKind::proxy_v1:
        return "proxy_v1";
    case NotTlsKind::proxy_v2:
        return "proxy_v2";
    case NotTlsKind::unknown:
        return "unknown";
    }
    return "unknown";
}

} // namespace alert40
