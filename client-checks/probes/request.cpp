// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/request.h"

#include "client-checks/diagnosis/told_time.h"
#include "server/wire/writer.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace alert40 {
namespace {

bool is_http(std::string_view alpn)
{
    return alpn.empty() || alpn == "http/1.1" || alpn == "http/1.0";
}

/// Preface, empty SETTINGS, and HEADERS of GET / on stream 1 (RFC 9113, sections 3.4 and 6; RFC 7541, appendix A).
Bytes compose_h2(std::string_view host)
{
    Bytes block = {0x82, 0x87, 0x84, 0x41}; // GET, https, /, :authority
    const auto name = host.substr(0, 126);
    block.push_back(static_cast<std::uint8_t>(name.size()));
    append(block, to_bytes(name));
    Writer writer;
    writer.bytes(to_bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    writer.bytes(Bytes{0, 0, 0, 4, 0, 0, 0, 0, 0});
    writer.u24(static_cast<std::uint32_t>(block.size()));
    writer.bytes(Bytes{1, 0x05, 0, 0, 0, 1}); // HEADERS, END_STREAM and END_HEADERS
    writer.bytes(block);
    return writer.take();
}

/// Three digits in the Huffman code of RFC 7541, appendix B: "0" to "2" in five bits, "3" to "9" in six.
std::string huffman_digits(ByteView bytes)
{
    std::string digits;
    std::uint64_t bits = 0;
    unsigned left = 0;
    for (const auto each : bytes.first(std::min<std::size_t>(bytes.size(), 7))) {
        bits = bits << 8 | each;
        left += 8;
    }
    while (digits.size() < 3 && left >= 5) {
        const auto five = static_cast<unsigned>(bits >> (left - 5) & 0x1F);
        if (five <= 2) {
            digits.push_back(static_cast<char>('0' + five));
            left -= 5;
            continue;
        }
        if (left < 6) break;
        const auto six = static_cast<unsigned>(bits >> (left - 6) & 0x3F);
        if (six < 0x19 || six > 0x1F) break;
        digits.push_back(static_cast<char>('3' + (six - 0x19)));
        left -= 6;
    }
    return digits;
}

std::optional<unsigned> status_of(std::string_view digits)
{
    const bool numeric = digits.size() == 3 && std::all_of(digits.begin(), digits.end(),
                                                           [](char each) { return each >= '0' && each <= '9'; });
    if (!numeric) return std::nullopt;
    return static_cast<unsigned>((digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0'));
}

/// :status, which comes first in a response's field block (RFC 9113, section 8.3).
std::optional<unsigned> h2_status(ByteView block)
{
    while (!block.empty() && (block[0] & 0xE0) == 0x20) block = block.subspan(1); // table size updates, of one octet
    if (block.empty()) return std::nullopt;
    constexpr std::array<unsigned, 7> kIndexed = {200, 204, 206, 304, 400, 404, 500};
    if (block[0] >= 0x88 && block[0] <= 0x8E) return kIndexed[block[0] - 0x88U];
    const bool literal = block[0] == 0x48 || block[0] == 0x08 || block[0] == 0x18;
    if (!literal || block.size() < 2) return std::nullopt;
    const std::size_t length = block[1] & 0x7F;
    if (block.size() < 2 + length) return std::nullopt;
    const auto value = block.subspan(2, length);
    return status_of((block[1] & 0x80) != 0 ? huffman_digits(value) : to_text(value));
}

constexpr std::size_t kMostText = 2000;

/// Frame by frame (RFC 9113, section 4.1); a refusal says more in its DATA.
Reply read_h2(ByteView bytes)
{
    Reply reply;
    constexpr std::size_t kFrameHeader = 9;
    enum : std::uint8_t { data = 0, headers = 1, go_away = 7 };
    while (bytes.size() >= kFrameHeader && !reply.complete) {
        const std::size_t length = std::size_t{bytes[0]} << 16 | std::size_t{bytes[1]} << 8 | bytes[2];
        const auto type = bytes[3];
        const auto flags = bytes[4];
        if (bytes.size() - kFrameHeader < length) return reply;
        const ByteView payload = bytes.subspan(kFrameHeader, length);
        bytes = bytes.subspan(kFrameHeader + length);
        if (type == headers && !reply.status) {
            const std::size_t before = ((flags & 0x08) != 0 ? 1U : 0U) + ((flags & 0x20) != 0 ? 5U : 0U);
            reply.status = h2_status(payload.subspan(std::min(before, payload.size())));
            reply.complete = !reply.status || *reply.status < 400;
        } else if (type == data) {
            const std::string text = to_text(payload);
            reply.text += text.substr(0, kMostText - reply.text.size());
        }
        const bool stream_ends = (type == headers || type == data) && (flags & 0x01) != 0;
        if (type == go_away || stream_ends) reply.complete = true;
    }
    return reply;
}

std::string lower(std::string_view text)
{
    std::string result(text);
    for (char& each : result)
        if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
    return result;
}

/// The value of a field, without the blanks around it; empty where there is none.
std::string field(std::string_view head, std::string_view name)
{
    const auto at = lower(head).find("\r\n" + std::string(name) + ":");
    if (at == std::string::npos) return {};
    auto value = head.substr(at + name.size() + 3);
    value = value.substr(0, value.find("\r\n"));
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    return std::string(value.substr(0, 100));
}

Reply read_http(std::string_view text)
{
    Reply reply;
    constexpr std::size_t kStatusAt = 9;
    if (!text.starts_with("HTTP/1.")) {
        reply.text = std::string(text.substr(0, kMostText));
        reply.complete = text.size() >= 7; // not HTTP: words of another protocol
        return reply;
    }
    const auto end = text.find("\r\n\r\n");
    const auto head = text.substr(0, end);
    if (text.size() >= kStatusAt + 3) reply.status = status_of(text.substr(kStatusAt, 3));
    reply.server = field(head, "server");
    reply.date = read_told_time(field(head, "date"));
    if (end == std::string_view::npos) return reply;
    reply.text = std::string(text.substr(end + 4, kMostText));
    // A refusal says more in its body: it ends with the connection.
    reply.complete = !reply.status || *reply.status < 400;
    return reply;
}

} // namespace

Bytes compose_request(std::string_view alpn, Starttls protocol, std::string_view host)
{
    switch (protocol) {
    case Starttls::smtp:
        return to_bytes("EHLO localhost\r\n");
    case Starttls::imap:
        return to_bytes("b NOOP\r\n");
    case Starttls::pop3:
        return to_bytes("CAPA\r\n");
    case Starttls::ftp:
        return to_bytes("NOOP\r\n");
    case Starttls::postgres: // the next would be a login
    case Starttls::mysql:
    case Starttls::ldap:
    case Starttls::xmpp:
        return {};
    case Starttls::none:
        break;
    }
    if (alpn == "h2") return compose_h2(host);
    if (!is_http(alpn)) return {};
    return to_bytes(fmt::format("GET / HTTP/1.0\r\nHost: {}\r\nUser-Agent: alert40-check\r\n\r\n", host));
}

Reply read_reply(std::string_view alpn, Starttls protocol, ByteView bytes)
{
    if (protocol == Starttls::none && alpn == "h2") return read_h2(bytes);
    if (protocol == Starttls::none && is_http(alpn)) return read_http(to_text(bytes));
    Reply reply;
    reply.complete = !bytes.empty();
    reply.text = to_text(bytes.first(std::min(bytes.size(), kMostText)));
    return reply;
}

} // namespace alert40
