// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/client_dialogue.h"

#include "client-checks/probes/ldap_answer.h"
#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace alert40 {
namespace {

constexpr std::size_t kMostHeard = 64 * 1024; // octets of one turn

std::uint8_t octet(std::string_view text, std::size_t at)
{
    return static_cast<std::uint8_t>(text[at]);
}

/// Whether a line begins so.
bool has_line(std::string_view heard, std::string_view prefix)
{
    return heard.starts_with(prefix) || heard.find("\n" + std::string(prefix)) != std::string_view::npos;
}

/// The last line of a reply of SMTP (RFC 3207), IMAP and POP3 (RFC 2595), FTP (RFC 4217): "250 " and not "250-".
DialogueState judge_line(std::string_view heard, std::string_view wanted)
{
    if (!heard.ends_with('\n')) return DialogueState::asking;
    if (has_line(heard, wanted)) return DialogueState::agreed;
    constexpr std::array<std::string_view, 5> kNo = {"-ERR", "a NO", "a BAD", "* BYE", "* BAD"};
    const bool no = heard.starts_with('4') || heard.starts_with('5') ||
                    std::any_of(kNo.begin(), kNo.end(), [&](auto each) { return has_line(heard, each); });
    return no ? DialogueState::refused : DialogueState::asking;
}

/// One letter answers an SSLRequest (PostgreSQL 15, section 55.2.10).
DialogueState judge_postgres(std::string_view heard)
{
    if (heard.empty()) return DialogueState::asking;
    return heard.front() == 'S' ? DialogueState::agreed : DialogueState::refused;
}

/// The server's greeting (MySQL client/server protocol, HandshakeV10): whether its capabilities hold CLIENT_SSL.
DialogueState judge_mysql(std::string_view heard)
{
    constexpr std::size_t kHeader = 4; // three octets of length, least first, and a number
    if (heard.size() < kHeader) return DialogueState::asking;
    const std::size_t length = octet(heard, 0) + (std::size_t{octet(heard, 1)} << 8);
    if (heard.size() < kHeader + length) return DialogueState::asking;
    const auto version_end = heard.find('\0', kHeader + 1);
    constexpr std::size_t kBetween = 1 + 4 + 8 + 1; // the NUL, thread id, challenge, filler
    const bool greets = length > 1 && octet(heard, kHeader) == 10 && version_end != std::string_view::npos &&
                        version_end + kBetween + 2 <= heard.size();
    if (!greets) return DialogueState::refused;
    constexpr std::uint8_t kClientSsl = 0x08; // of the second octet: 0x0800
    return (octet(heard, version_end + kBetween + 1) & kClientSsl) != 0 ? DialogueState::agreed
                                                                        : DialogueState::refused;
}

/// An ExtendedResponse with resultCode success (RFC 4511, section 4.14.1).
DialogueState judge_ldap(std::string_view heard)
{
    const Bytes bytes = to_bytes(heard);
    const auto answer = read_ldap_answer(bytes);
    if (answer.reading == LdapReading::incomplete) return DialogueState::asking;
    return answer.agrees() ? DialogueState::agreed : DialogueState::refused;
}

/// RFC 6120, section 5.4.2: `wanted` comes, or the stream fails.
DialogueState judge_xmpp(std::string_view heard, std::string_view wanted)
{
    const auto has = [&](std::string_view words) { return heard.find(words) != std::string_view::npos; };
    if (has(wanted)) return DialogueState::agreed;
    return has("<failure") || has("</stream:stream>") ? DialogueState::refused : DialogueState::asking;
}

/// 2xx switches to the tunnel (RFC 9110, section 9.3.6).
DialogueState judge_proxy(std::string_view heard)
{
    constexpr std::size_t kStatus = 9; // in "HTTP/1.1 200"
    const bool is_http = heard.substr(0, 7) == std::string_view("HTTP/1.").substr(0, heard.size());
    if (!is_http) return DialogueState::refused;
    if (heard.find("\r\n\r\n") == std::string_view::npos) return DialogueState::asking;
    return heard.size() > kStatus && heard[kStatus] == '2' ? DialogueState::agreed : DialogueState::refused;
}

Bytes mysql_ssl_request()
{
    Bytes request{32, 0, 0, 1, 0x00, 0x8A, 0x00, 0x00, 0, 0, 0, 1, 45}; // PROTOCOL_41, SSL, SECURE_CONNECTION; utf8mb4
    request.resize(4 + 32);
    return request;
}

Bytes ldap_start_tls()
{
    Bytes request{0x30, 0x1D, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16};
    append(request, to_bytes("1.3.6.1.4.1.1466.20037"));
    return request;
}

Bytes xmpp_stream(const std::string& name)
{
    return to_bytes(fmt::format("<?xml version='1.0'?><stream:stream to='{}' xmlns='jabber:client' "
                                "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
                                name));
}

} // namespace

ClientDialogue::ClientDialogue(std::string what, Turns turns) : what_(std::move(what)), turns_(std::move(turns))
{
    output_ = turns_.front().say;
}

/// Each step: the command (empty: the server greets), and how the line begins that lets it go on.
ClientDialogue::Turns ClientDialogue::lines(std::initializer_list<std::pair<std::string_view, std::string_view>> steps)
{
    Turns turns;
    for (const auto& [command, wanted] : steps)
        turns.push_back({to_bytes(command),
                         [wanted = std::string(wanted)](std::string_view heard) { return judge_line(heard, wanted); }});
    return turns;
}

ClientDialogue ClientDialogue::starttls(Starttls protocol, const std::string& name)
{
    return {"starttls", turns_of(protocol, name)};
}

ClientDialogue::Turns ClientDialogue::turns_of(Starttls protocol, const std::string& name)
{
    switch (protocol) {
    case Starttls::smtp:
        return lines({{"", "220 "}, {"EHLO localhost\r\n", "250 "}, {"STARTTLS\r\n", "220 "}});
    case Starttls::imap:
        return lines({{"", "* OK"}, {"a STARTTLS\r\n", "a OK"}});
    case Starttls::pop3:
        return lines({{"", "+OK"}, {"STLS\r\n", "+OK"}});
    case Starttls::ftp:
        return lines({{"", "220 "}, {"AUTH TLS\r\n", "234 "}});
    case Starttls::postgres:
        return {{{0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F}, judge_postgres}};
    case Starttls::mysql: // nothing answers the request but TLS
        return {{{}, judge_mysql}, {mysql_ssl_request(), [](std::string_view) { return DialogueState::agreed; }}};
    case Starttls::ldap:
        return {{ldap_start_tls(), judge_ldap}};
    case Starttls::xmpp:
        return {{xmpp_stream(name), [](std::string_view heard) { return judge_xmpp(heard, "</stream:features>"); }},
                {to_bytes("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
                 [](std::string_view heard) { return judge_xmpp(heard, "<proceed"); }}};
    case Starttls::none:
        break;
    }
    throw std::invalid_argument("no protocol that TLS starts in");
}

Starttls find_starttls(std::string_view name)
{
    constexpr std::pair<std::string_view, Starttls> kProtocols[] = {
        {"", Starttls::none},       {"smtp", Starttls::smtp}, {"imap", Starttls::imap},
        {"pop3", Starttls::pop3},   {"ftp", Starttls::ftp},   {"postgres", Starttls::postgres},
        {"mysql", Starttls::mysql}, {"ldap", Starttls::ldap}, {"xmpp", Starttls::xmpp}};
    for (const auto& [each, protocol] : kProtocols)
        if (each == name) return protocol;
    throw InputError(fmt::format("unknown protocol '{}'", name), "smtp, imap, pop3, ftp, postgres, mysql, ldap, xmpp");
}

ClientDialogue ClientDialogue::connect(const std::string& target)
{
    const std::string request = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n\r\n", target);
    return {"proxy", Turns{{to_bytes(request), judge_proxy}}};
}

Bytes ClientDialogue::take_output()
{
    return std::exchange(output_, {});
}

void ClientDialogue::receive(ByteView bytes)
{
    if (state_ != DialogueState::asking) return;
    heard_.append(bytes.begin(), bytes.end());
    auto verdict = turns_[turn_].judge(heard_);
    if (verdict == DialogueState::asking && (bytes.empty() || heard_.size() > kMostHeard))
        verdict = DialogueState::refused;
    while (verdict == DialogueState::agreed && turn_ + 1 < turns_.size()) {
        const auto& next = turns_[++turn_];
        append(output_, next.say);
        heard_.clear();
        verdict = next.judge({}); // a turn that waits for nothing is over at once
    }
    state_ = verdict;
}

std::string ClientDialogue::refusal() const
{
    constexpr std::size_t kMostQuoted = 200;
    const Bytes bytes = to_bytes(heard_);
    if (const auto ldap = read_ldap_answer(bytes); ldap.reading == LdapReading::answer)
        return fmt::format("{} refused: {}", what_, describe(ldap));
    std::string line = heard_.substr(0, std::min(heard_.find_first_of("\r\n"), kMostQuoted));
    for (char& each : line)
        if (static_cast<unsigned char>(each) < 0x20 || each == 0x7F) each = '.';
    if (line.empty()) return what_ + " refused: the peer closed without a word";
    return fmt::format("{} refused: {}", what_, line);
}

} // namespace alert40
