// SPDX-License-Identifier: GPL-2.0-or-later
// The protocols of lines: SMTP (RFC 3207), IMAP and POP3 (RFC 2595), FTP (RFC 4217).
#include "server/wire/starttls_protocols.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace alert40 {
namespace {

using Then = StarttlsAnswer::Then;

StarttlsAnswer say(std::string_view text, Then then = Then::goes_on)
{
    return {to_bytes(text), then};
}

/// A line ends with LF. A control octet in it is no text: a TLS record begins with 22.
std::optional<std::size_t> measure_line(ByteView bytes, const StarttlsState& /*state*/)
{
    for (std::size_t index = 0; index < bytes.size(); ++index) {
        if (bytes[index] == '\n') return index + 1;
        if (bytes[index] < 0x20 && bytes[index] != '\r' && bytes[index] != '\t') return std::nullopt;
    }
    return 0;
}

/// The words of a line, the first `upper_case` of them in upper case: commands compare without case.
std::vector<std::string> words_of(ByteView line, std::size_t upper_case)
{
    std::vector<std::string> words;
    std::string word;
    for (const auto octet : line) {
        if (octet > ' ') {
            word += static_cast<char>(words.size() < upper_case ? std::toupper(octet) : octet);
        } else if (!word.empty()) {
            words.push_back(std::exchange(word, {}));
        }
    }
    if (!word.empty()) words.push_back(std::move(word));
    return words;
}

/// One command with what it is answered; kinds of answers that every line protocol has.
struct Command {
    enum class When { always, in_clear, in_tls };
    std::string_view name;
    When when;
    std::string_view reply; // "{}" stands for the tag, or for the text of the answer
    Then then = Then::goes_on;
};

using When = Command::When;

const Command* find_command(std::span<const Command> commands, std::string_view name, bool secure)
{
    const auto holds = [&](const Command& each) {
        const bool now = each.when == When::always || (each.when == When::in_tls) == secure;
        return each.name == name && now;
    };
    const auto found = std::find_if(commands.begin(), commands.end(), holds);
    return found == commands.end() ? nullptr : &*found;
}

/// `filled` takes the place of "{}" in the reply.
StarttlsAnswer answer_with(const Command& command, std::string_view filled)
{
    return say(fmt::format(fmt::runtime(command.reply), filled), command.then);
}

constexpr Command kSmtp[] = {
    {"EHLO", When::in_clear, "250-alert40.test\r\n250-PIPELINING\r\n250 STARTTLS\r\n"},
    {"EHLO", When::in_tls, "250-alert40.test\r\n250-PIPELINING\r\n250 HELP\r\n"},
    {"HELO", When::always, "250 alert40.test\r\n"},
    {"STARTTLS", When::in_clear, "220 2.0.0 Ready to start TLS\r\n", Then::tls},
    {"STARTTLS", When::in_tls, "503 5.5.1 TLS is active already\r\n"},
    {"HELP", When::always, "214 2.0.0 {}\r\n"},
    {"NOOP", When::always, "250 2.0.0 Ok\r\n"},
    {"RSET", When::always, "250 2.0.0 Ok\r\n"},
    {"VRFY", When::in_tls, "252 2.0.0 {}\r\n"},
    {"MAIL", When::in_clear, "530 5.7.0 Must issue a STARTTLS command first\r\n"}, // RFC 3207 section 4
    {"AUTH", When::in_clear, "530 5.7.0 Must issue a STARTTLS command first\r\n"},
    {"MAIL", When::in_tls, "250 2.1.0 Ok\r\n"},
    {"RCPT", When::in_tls, "250 2.1.5 Ok\r\n"},
    {"DATA", When::in_tls, "554 5.3.2 No mail is taken here\r\n"},
    {"QUIT", When::always, "221 2.0.0 Bye\r\n", Then::over},
};

StarttlsAnswer answer_smtp(ByteView line, StarttlsState& state)
{
    const auto words = words_of(line, 1);
    const auto* command = words.empty() ? nullptr : find_command(kSmtp, words.front(), state.secure);
    return command != nullptr ? answer_with(*command, state.text) : say("500 5.5.2 Command not recognized\r\n");
}

constexpr Command kImap[] = {
    {"CAPABILITY", When::in_clear, "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n{} OK done\r\n"},
    {"CAPABILITY", When::in_tls, "* CAPABILITY IMAP4rev1\r\n{} OK done\r\n"},
    {"STARTTLS", When::in_clear, "{} OK Begin TLS negotiation now\r\n", Then::tls},
    {"STARTTLS", When::in_tls, "{} BAD TLS is active already\r\n"},
    {"NOOP", When::always, "{} OK done\r\n"},
    {"LOGIN", When::in_clear, "{} NO [PRIVACYREQUIRED] only inside TLS\r\n"}, // RFC 5530 section 3
    {"LOGIN", When::in_tls, "{} OK logged in\r\n"},
    {"LIST", When::in_tls, "* LIST (\\Noselect) \"/\" \"alert40\"\r\n{} OK done\r\n"},
    {"EXAMINE", When::in_tls, "* 0 EXISTS\r\n{} OK [READ-ONLY] done\r\n"},
    {"SELECT", When::in_tls, "* 0 EXISTS\r\n{} OK [READ-ONLY] done\r\n"},
    {"LOGOUT", When::always, "* BYE alert40\r\n{} OK done\r\n", Then::over},
};

StarttlsAnswer answer_imap(ByteView line, StarttlsState& state)
{
    const auto words = words_of(line, 2);
    if (words.size() < 2) return say("* BAD a tag and a command are expected\r\n");
    const auto tag = words_of(line, 0).front(); // a tag keeps its case
    const auto* command = find_command(kImap, words[1], state.secure);
    return command != nullptr ? answer_with(*command, tag) : say(fmt::format("{} BAD unknown command\r\n", tag));
}

constexpr Command kPop3[] = {
    {"CAPA", When::in_clear, "+OK\r\nSTLS\r\n.\r\n"},
    {"CAPA", When::in_tls, "+OK\r\nUSER\r\n.\r\n"},
    {"STLS", When::in_clear, "+OK Begin TLS negotiation\r\n", Then::tls},
    {"STLS", When::in_tls, "-ERR TLS is active already\r\n"},
    {"USER", When::in_clear, "-ERR STLS comes first\r\n"},
    {"USER", When::in_tls, "+OK\r\n"},
    {"PASS", When::in_tls, "+OK\r\n"},
    {"NOOP", When::in_tls, "+OK\r\n"},
    {"STAT", When::in_tls, "+OK 1 40\r\n"},
    {"LIST", When::in_tls, "+OK {}\r\n1 40\r\n.\r\n"},
    {"UIDL", When::in_tls, "+OK\r\n1 alert40\r\n.\r\n"},
    {"RETR", When::in_tls, "+OK\r\nSubject: alert40\r\n\r\n{}\r\n.\r\n"},
    {"QUIT", When::always, "+OK bye\r\n", Then::over},
};

StarttlsAnswer answer_pop3(ByteView line, StarttlsState& state)
{
    const auto words = words_of(line, 1);
    const auto* command = words.empty() ? nullptr : find_command(kPop3, words.front(), state.secure);
    return command != nullptr ? answer_with(*command, state.text) : say("-ERR unknown command\r\n");
}

constexpr Command kFtp[] = {
    {"FEAT", When::in_clear, "211-Features\r\n AUTH TLS\r\n PBSZ\r\n PROT\r\n211 End\r\n"},
    {"FEAT", When::in_tls, "211-Features\r\n PBSZ\r\n PROT\r\n211 End\r\n"},
    {"USER", When::in_clear, "530 AUTH TLS comes first\r\n"},
    {"USER", When::in_tls, "331 Any password will do\r\n"},
    {"PASS", When::in_tls, "230 {}\r\n"},
    {"PBSZ", When::in_tls, "200 PBSZ=0\r\n"},
    {"PROT", When::in_tls, "200 Ok\r\n"},
    {"PWD", When::in_tls, "257 \"/\" is where you are\r\n"},
    {"TYPE", When::in_tls, "200 Ok\r\n"},
    {"SYST", When::in_tls, "215 UNIX Type: L8\r\n"},
    {"HELP", When::in_tls, "214 {}\r\n"},
    {"NOOP", When::always, "200 Ok\r\n"},
    {"QUIT", When::always, "221 Bye\r\n", Then::over},
};

StarttlsAnswer answer_ftp(ByteView line, StarttlsState& state)
{
    const auto words = words_of(line, 2);
    if (words.empty()) return say("500 A command is expected\r\n");
    if (words.front() == "AUTH" && !state.secure) { // RFC 4217 section 4: SSL is the older name
        const bool known = words.size() > 1 && (words[1] == "TLS" || words[1] == "TLS-C" || words[1] == "SSL");
        return known ? say("234 Proceed with negotiation\r\n", Then::tls) : say("504 AUTH TLS is what there is\r\n");
    }
    const auto* command = find_command(kFtp, words.front(), state.secure);
    return command != nullptr ? answer_with(*command, state.text) : say("502 Command not implemented\r\n");
}

} // namespace

const StarttlsProtocol& smtp_protocol()
{
    static const StarttlsProtocol protocol{
        Starttls::smtp, "SMTP",      [] { return to_bytes("220 alert40.test ESMTP\r\n"); },
        measure_line,   answer_smtp, [] { return to_bytes("500 5.5.2 This is SMTP; STARTTLS comes before TLS\r\n"); }};
    return protocol;
}

const StarttlsProtocol& imap_protocol()
{
    static const StarttlsProtocol protocol{
        Starttls::imap,
        "IMAP",
        [] { return to_bytes("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] alert40.test\r\n"); },
        measure_line,
        answer_imap,
        [] { return to_bytes("* BYE This is IMAP; STARTTLS comes before TLS\r\n"); }};
    return protocol;
}

const StarttlsProtocol& pop3_protocol()
{
    static const StarttlsProtocol protocol{
        Starttls::pop3, "POP3",      [] { return to_bytes("+OK alert40.test\r\n"); },
        measure_line,   answer_pop3, [] { return to_bytes("-ERR This is POP3; STLS comes before TLS\r\n"); }};
    return protocol;
}

const StarttlsProtocol& ftp_protocol()
{
    static const StarttlsProtocol protocol{
        Starttls::ftp, "FTP",      [] { return to_bytes("220 alert40.test\r\n"); },
        measure_line,  answer_ftp, [] { return to_bytes("500 This is FTP; AUTH TLS comes before TLS\r\n"); }};
    return protocol;
}

} // namespace alert40
