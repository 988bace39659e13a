// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/builtin_starttls.h"

#include "scenarios/loader/input_error.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

/// The server's words so far, read until one of them decides.
class Dialogue {
public:
    explicit Dialogue(const PlainStream& stream) : stream_(stream) {}

    void say(std::string_view text) { stream_.write(to_bytes(text)); }
    void say(const Bytes& bytes) { stream_.write(bytes); }

    /// Reads on until `is_enough` of what has come since the last call; false where the stream ended before.
    template <class Enough> bool read_until(Enough is_enough)
    {
        constexpr std::size_t kMost = 64 * 1024;
        heard_.clear();
        while (!is_enough(heard_)) {
            const Bytes more = stream_.read();
            if (more.empty() || heard_.size() > kMost) return false;
            heard_.append(more.begin(), more.end());
        }
        return true;
    }
    /// The last line of a reply: "250 ..." and not "250-...", "a OK", "+OK". False where it never came.
    bool read_reply(std::string_view prefix)
    {
        const auto has_line = [prefix](const std::string& text) {
            return text.ends_with('\n') &&
                   (text.starts_with(prefix) || text.find("\n" + std::string(prefix)) != text.npos);
        };
        const auto is_refusal = [](const std::string& text) {
            return text.ends_with('\n') && (text.starts_with("-ERR") || text.starts_with('4') || text.starts_with('5'));
        };
        return read_until([&](const std::string& text) { return has_line(text) || is_refusal(text); }) &&
               has_line(heard_);
    }
    std::string refusal() const
    {
        return fmt::format("starttls refused: {}", heard_.substr(0, heard_.find_first_of("\r\n")));
    }
    const std::string& heard() const { return heard_; }

private:
    const PlainStream& stream_;
    std::string heard_;
};

/// SMTP (RFC 3207), IMAP and POP3 (RFC 2595), FTP (RFC 4217): what is said, and how the reply begins that lets it go
/// on.
struct LineStep {
    std::string_view command; // empty: the server greets
    std::string_view reply;
};

std::string ask_in_lines(Dialogue& dialogue, std::initializer_list<LineStep> steps)
{
    for (const auto& step : steps) {
        if (!step.command.empty()) dialogue.say(step.command);
        if (!dialogue.read_reply(step.reply)) return dialogue.refusal();
    }
    return {};
}

/// SSLRequest: a length and a code, answered by one letter (PostgreSQL 15, section 55.2.10).
std::string ask_postgres(Dialogue& dialogue)
{
    dialogue.say(Bytes{0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F});
    const bool answered = dialogue.read_until([](const std::string& text) { return !text.empty(); });
    return answered && dialogue.heard().front() == 'S' ? std::string{} : dialogue.refusal();
}

/// SSLRequest after the server's greeting: capabilities with CLIENT_SSL (MySQL client/server protocol, connection
/// phase).
std::string ask_mysql(Dialogue& dialogue)
{
    const auto is_packet = [](const std::string& text) { // three octets of length, least first, and a number
        return text.size() >= 4 &&
               text.size() >= 4U + static_cast<std::uint8_t>(text[0]) +
                                  (static_cast<std::size_t>(static_cast<std::uint8_t>(text[1])) << 8);
    };
    if (!dialogue.read_until(is_packet)) return dialogue.refusal();
    Bytes request{32, 0, 0, 1, 0x00, 0x8A, 0x00, 0x00, 0, 0, 0, 1, 45}; // PROTOCOL_41, SSL, SECURE_CONNECTION; utf8mb4
    request.resize(4 + 32);
    dialogue.say(request);
    return {};
}

/// The extended request of RFC 4511 section 4.14.1; resultCode 0 grants it.
std::string ask_ldap(Dialogue& dialogue)
{
    Bytes request{0x30, 0x1D, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16};
    append(request, to_bytes("1.3.6.1.4.1.1466.20037"));
    dialogue.say(request);
    const auto is_message = [](const std::string& text) {
        return text.size() >= 2 && text.size() >= 2U + static_cast<std::uint8_t>(text[1]);
    };
    const bool answered = dialogue.read_until(is_message);
    constexpr std::string_view kSuccess{"\x0A\x01\x00", 3};
    return answered && dialogue.heard().find(kSuccess) != std::string::npos ? std::string{} : dialogue.refusal();
}

/// RFC 6120, section 5.4.2.
std::string ask_xmpp(Dialogue& dialogue, const std::string& name)
{
    dialogue.say(fmt::format("<?xml version='1.0'?><stream:stream to='{}' xmlns='jabber:client' "
                             "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
                             name));
    const auto heard = [](std::string_view words) {
        return [words](const std::string& text) { return text.find(words) != std::string::npos; };
    };
    if (!dialogue.read_until(heard("</stream:features>"))) return dialogue.refusal();
    dialogue.say("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    return dialogue.read_until(heard("<proceed")) ? std::string{} : dialogue.refusal();
}

} // namespace

std::string ask_for_tls(std::string_view protocol, const std::string& name, const PlainStream& stream)
{
    Dialogue dialogue(stream);
    if (protocol == "smtp")
        return ask_in_lines(dialogue, {{"", "220 "}, {"EHLO localhost\r\n", "250 "}, {"STARTTLS\r\n", "220 "}});
    if (protocol == "imap") return ask_in_lines(dialogue, {{"", "* OK"}, {"a STARTTLS\r\n", "a OK"}});
    if (protocol == "pop3") return ask_in_lines(dialogue, {{"", "+OK"}, {"STLS\r\n", "+OK"}});
    if (protocol == "ftp") return ask_in_lines(dialogue, {{"", "220 "}, {"AUTH TLS\r\n", "234 "}});
    if (protocol == "postgres") return ask_postgres(dialogue);
    if (protocol == "mysql") return ask_mysql(dialogue);
    if (protocol == "ldap") return ask_ldap(dialogue);
    if (protocol == "xmpp") return ask_xmpp(dialogue, name);
    throw InputError(fmt::format("unknown protocol '{}'", protocol),
                     "smtp, imap, pop3, ftp, postgres, mysql, ldap, xmpp");
}

} // namespace alert40
