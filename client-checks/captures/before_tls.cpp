// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/before_tls.h"

#include "server/wire/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>

namespace alert40 {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostKept = 4096; // of each side
constexpr std::size_t kMostQuoted = 200;

std::size_t index_of(Direction direction)
{
    return static_cast<std::size_t>(direction);
}

std::string upper(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
    return text;
}

/// The last whole line of `text`, or what there is of one.
std::string_view last_line(std::string_view text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    return text.substr(text.find_last_of('\n') == text.npos ? 0 : text.find_last_of('\n') + 1);
}

/// The octets of a PROXY header (HAProxy's proxy-protocol.txt) that `bytes` begin with; 0: they do not.
std::size_t proxy_header(ByteView bytes)
{
    const auto text = to_text(bytes.first(std::min<std::size_t>(bytes.size(), 256)));
    if (text.starts_with("PROXY ")) {
        const auto end = text.find("\r\n");
        return end == text.npos ? 0 : end + 2;
    }
    if (!text.starts_with("\r\n\r\n\0\r\nQUIT\n"sv) || bytes.size() < 16) return 0;
    const std::size_t length = 16 + (std::size_t{bytes[14]} << 8 | bytes[15]);
    return length <= bytes.size() ? length : 0;
}

/// RFC 7231 section 4.3.6: "CONNECT host:port HTTP/1.1".
std::string connect_target(std::string_view text)
{
    if (!text.starts_with("CONNECT ")) return {};
    text.remove_prefix(8);
    return std::string(text.substr(0, text.find_first_of(" \r\n")));
}

/// RFC 1928 section 4: | 5 | command | 0 | address type | address | port |
std::string socks5_target(ByteView bytes)
{
    if (bytes.size() < 8) return {};
    const std::size_t length = bytes[3] == 1 ? 4 : bytes[3] == 4 ? 16 : bytes[3] == 3 ? std::size_t{bytes[4]} + 1 : 0;
    if (length == 0 || bytes.size() < 4 + length + 2) return {};
    const auto address = bytes.subspan(4, length);
    const unsigned port = unsigned{bytes[4 + length]} << 8 | bytes[5 + length];
    if (bytes[3] == 3) return fmt::format("{}:{}", to_text(address.subspan(1)), port);
    char text[INET6_ADDRSTRLEN] = {};
    inet_ntop(bytes[3] == 1 ? AF_INET : AF_INET6, address.data(), text, sizeof text);
    return fmt::format(fmt::runtime(bytes[3] == 1 ? "{}:{}" : "[{}]:{}"), text, port);
}

/// The words of RFC 1928 section 6.
std::string socks5_refusal(std::uint8_t reply)
{
    constexpr std::string_view kReplies[] = {
        "succeeded",           "general failure",       "not allowed by the rules",
        "network unreachable", "host unreachable",      "connection refused",
        "TTL expired",         "command not supported", "address type not supported"};
    return reply < std::size(kReplies) ? std::string(kReplies[reply]) : fmt::format("reply {}", reply);
}

bool contains(std::string_view text, std::string_view wanted)
{
    return text.find(wanted) != text.npos;
}

/// LDAP's request for TLS carries this object identifier as text (RFC 4511 section 4.14.1).
constexpr auto kLdapStartTls = "1.3.6.1.4.1.1466.20037"sv;
/// SSLRequest: a length of 8, then 80877103 (PostgreSQL documentation, 55.7).
constexpr auto kPostgresSslRequest = "\x00\x00\x00\x08\x04\xd2\x16\x2f"sv;
constexpr std::uint16_t kMysqlClientSsl = 0x0800; // CLIENT_SSL of the capability flags

bool is_mysql_greeting(ByteView bytes)
{
    // Protocol::HandshakeV10: a length of 3 octets, sequence number 0, protocol version 10.
    return bytes.size() > 5 && bytes[3] == 0 && bytes[4] == 10;
}

/// | length (3) | sequence number 1 | capability flags (4) ...: CLIENT_SSL is among them.
bool is_mysql_ssl_request(ByteView bytes)
{
    return bytes.size() >= 8 && bytes[3] == 1 && ((bytes[4] | bytes[5] << 8) & kMysqlClientSsl) != 0;
}

/// A piece of a record's header that is too short to tell, and the ClientHello in SSL 2.0's format (RFC 5246 appendix
/// E.2): | 1, length (15 bits) | 1 | version (2) |
bool may_begin_hello(ByteView bytes)
{
    if (bytes.empty()) return false;
    if (bytes[0] == 22) return bytes.size() <= kRecordHeaderLength && (bytes.size() == 1 || bytes[1] == 3);
    const bool ssl2 = bytes.size() > 4 && (bytes[0] & 0x80) != 0 && bytes[2] == 1;
    return ssl2 && (bytes[3] == 3 || (bytes[3] == 0 && bytes[4] == 2));
}

} // namespace

bool begins_record(ByteView bytes)
{
    if (bytes.size() < kRecordHeaderLength) return false;
    const auto header = read_record_header(bytes);
    return bytes[0] >= 20 && bytes[0] <= 24 && bytes[1] == 3 && bytes[2] <= 4 && header.length > 0 &&
           header.length <= kMaxCiphertextLength;
}

bool begins_client_hello(ByteView bytes)
{
    return bytes.size() > kRecordHeaderLength && begins_record(bytes) && bytes[0] == 22 && bytes[5] == 1;
}

bool begins_server_hello(ByteView bytes)
{
    return bytes.size() > kRecordHeaderLength && begins_record(bytes) && bytes[0] == 22 && bytes[5] == 2;
}

bool begins_alert(ByteView bytes)
{
    return bytes.size() >= 7 && begins_record(bytes) && bytes[0] == 21 && bytes[3] == 0 && bytes[4] == 2 &&
           (bytes[5] == 1 || bytes[5] == 2);
}

bool is_tls_port(std::uint16_t port)
{
    constexpr std::uint16_t kPorts[] = {443,  465,  563,  636,  853,  989,  990,  992,  993,  994,  995,  2376, 3269,
                                        4433, 5061, 5223, 5671, 5986, 6443, 6514, 6697, 8443, 8883, 9443, 10443};
    return std::find(std::begin(kPorts), std::end(kPorts), port) != std::end(kPorts);
}

BeforeTls::Answer BeforeTls::feed(Direction direction, ByteView bytes)
{
    const auto side = index_of(direction);
    const bool client = direction == Direction::client_to_server;
    if (client && (begins_client_hello(bytes) || (total_[side] == 0 && may_begin_hello(bytes))))
        return {Verdict::tls, 0};
    if (!client && (begins_alert(bytes) || begins_server_hello(bytes))) return {Verdict::tls_reply, 0};
    if (client && total_[side] == 0) {
        const auto header = proxy_header(bytes);
        if (header > 0) ask("PROXY header");
        if (header > 0 && begins_client_hello(bytes.subspan(header))) return {Verdict::tls, header};
    }
    total_[side] += bytes.size();
    append(said_[side], bytes.first(std::min(bytes.size(), kMostKept - said_[side].size())));
    if (client)
        client_said(bytes);
    else
        server_said(bytes);
    return {total_[side] > kMostOctets ? Verdict::none : Verdict::open, 0};
}

void BeforeTls::ask(std::string_view protocol)
{
    protocol_ = protocol;
    asked_ = true;
    refusal_.clear();
}

void BeforeTls::client_said(ByteView bytes)
{
    if (bytes.empty()) return;
    const auto text = to_text(bytes.first(std::min<std::size_t>(bytes.size(), kMostKept)));
    const auto line = upper(std::string(last_line(text)));
    const auto greeting = to_text(said(Direction::server_to_client));
    if (text.starts_with("CONNECT ")) {
        ask("HTTP CONNECT");
        target_ = connect_target(text);
    } else if (line == "STARTTLS") {
        ask(greeting.starts_with("220") ? "SMTP STARTTLS" : "STARTTLS");
    } else if (line.ends_with(" STARTTLS")) {
        ask("IMAP STARTTLS");
    } else if (line == "STLS") {
        ask("POP3 STLS");
    } else if (line.starts_with("AUTH TLS") || line.starts_with("AUTH SSL")) {
        ask("FTP " + line);
    } else if (text == kPostgresSslRequest) {
        ask("PostgreSQL SSLRequest");
    } else if (contains(text, kLdapStartTls)) {
        ask("LDAP StartTLS");
    } else if (contains(text, "<starttls")) {
        ask("XMPP STARTTLS");
    } else if (is_mysql_greeting(said(Direction::server_to_client)) && is_mysql_ssl_request(bytes)) {
        ask("MySQL SSLRequest");
    } else if (bytes[0] == 5 || bytes[0] == 4) {
        socks(bytes);
    }
}

/// SOCKS5 (RFC 1928): first | 5 | count | methods |, then the request. SOCKS4: | 4 | 1 | port (2) | address (4) | user
/// 0 |
void BeforeTls::socks(ByteView bytes)
{
    const bool greeting = bytes[0] == 5 && bytes.size() >= 3 && bytes.size() == std::size_t{2} + bytes[1];
    if (greeting && total_[0] == bytes.size()) {
        ask("SOCKS5");
    } else if (protocol_ == "SOCKS5" && bytes[0] == 5) {
        target_ = socks5_target(bytes);
    } else if (bytes[0] == 4 && bytes.size() >= 9 && bytes[1] == 1 && bytes.back() == 0 && total_[0] == bytes.size()) {
        ask("SOCKS4");
        target_ = fmt::format("{}.{}.{}.{}:{}", bytes[4], bytes[5], bytes[6], bytes[7], bytes[2] << 8 | bytes[3]);
        const auto user_end = std::find(bytes.begin() + 8, bytes.end(), 0);
        const bool named = bytes[4] == 0 && bytes[5] == 0 && bytes[6] == 0 && user_end + 1 < bytes.end(); // SOCKS4a
        if (named) target_ = fmt::format("{}:{}", std::string(user_end + 1, bytes.end() - 1), bytes[2] << 8 | bytes[3]);
    }
}

void BeforeTls::server_said(ByteView bytes)
{
    if (!asked_ || bytes.empty()) return;
    const auto text = to_text(bytes.first(std::min<std::size_t>(bytes.size(), kMostKept)));
    if (protocol_.starts_with("SOCKS") || protocol_.starts_with("PostgreSQL") || protocol_.starts_with("LDAP"))
        answer_octets(bytes);
    else
        answer(text.substr(0, text.find_first_of("\r\n")));
}

void BeforeTls::answer_octets(ByteView bytes)
{
    if (protocol_ == "SOCKS5" && bytes.size() >= 2 && bytes[0] == 5) {
        const bool request_answered = !target_.empty() && bytes[1] != 0;
        if (request_answered) refusal_ = socks5_refusal(bytes[1]);
        if (target_.empty() && bytes[1] == 0xFF) refusal_ = "none of the offered ways to authenticate is accepted";
    } else if (protocol_ == "SOCKS4" && bytes.size() >= 2 && bytes[0] == 0) {
        if (bytes[1] != 90) refusal_ = fmt::format("rejected ({})", bytes[1]);
    } else if (protocol_.starts_with("PostgreSQL")) {
        if (bytes[0] != 'S') refusal_ = bytes[0] == 'N' ? "'N': the server does not speak TLS" : "an error";
    } else if (protocol_.starts_with("LDAP")) {
        // ExtendedResponse (RFC 4511 section 4.12): [APPLICATION 24], in it resultCode, ENUMERATED of one octet.
        const auto response = std::find(bytes.begin(), bytes.end(), 0x78);
        constexpr std::uint8_t kEnumerated[] = {0x0A, 1};
        const auto code = std::search(response, bytes.end(), std::begin(kEnumerated), std::end(kEnumerated));
        if (code != bytes.end() && bytes.end() - code > 2 && code[2] != 0)
            refusal_ = fmt::format("result code {}", code[2]);
    }
}

void BeforeTls::answer(std::string_view line)
{
    const auto words = std::string(line.substr(0, kMostQuoted));
    const bool code = line.size() >= 3 && std::isdigit(static_cast<unsigned char>(line[0])) != 0;
    const bool refused = (protocol_ == "HTTP CONNECT" && line.starts_with("HTTP/") && !contains(line, " 200")) ||
                         (protocol_.starts_with("SMTP") && code && line[0] != '2') ||
                         (protocol_.starts_with("FTP") && code && line[0] != '2' && line[0] != '3') ||
                         (protocol_.starts_with("POP3") && line.starts_with("-ERR")) ||
                         (protocol_.starts_with("IMAP") && (contains(line, " NO ") || contains(line, " BAD "))) ||
                         (protocol_.starts_with("XMPP") && contains(line, "<failure"));
    if (refused) refusal_ = words;
}

} // namespace alert40
