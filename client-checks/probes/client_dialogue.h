// SPDX-License-Identifier: GPL-2.0-or-later
// What a client says before TLS, where a protocol (STARTTLS) or an HTTP proxy (CONNECT) wants to be asked: up to the
// peer's consent, after which the client's next octet is its ClientHello. Bytes in, bytes out; no socket.
//
//   auto dialogue = ClientDialogue::starttls(Starttls::smtp, "mail.example");
//   while (dialogue.state() == DialogueState::asking) { send(dialogue.take_output()); dialogue.receive(read()); }
#pragma once

#include "certs/bytes.h"
#include "scenarios/loader/scenario.h" // Starttls

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

enum class DialogueState { asking, agreed, refused };

/// "smtp", "imap", "pop3", "ftp", "postgres", "mysql", "ldap", "xmpp"; empty is none. Throws InputError for any other.
Starttls find_starttls(std::string_view name);

class ClientDialogue {
public:
    /// `name`: the host that XMPP asks for. `none` is no protocol: std::invalid_argument.
    static ClientDialogue starttls(Starttls protocol, const std::string& name);
    /// HTTP CONNECT (RFC 9110, section 9.3.6); `target` is "host:port".
    static ClientDialogue connect(const std::string& target);

    DialogueState state() const { return state_; }
    /// What is to be sent now; empty where it is the peer's turn.
    Bytes take_output();
    /// What came; an empty view is the end of the stream.
    void receive(ByteView bytes);
    /// "starttls refused: 502 no", where it was refused; the peer's words are its first line, at most 200 octets.
    std::string refusal() const;

private:
    /// One turn: what the client says (nothing: the server greets), and what it makes of the words that follow.
    struct Turn {
        Bytes say;
        std::function<DialogueState(std::string_view heard)> judge;
    };
    using Turns = std::vector<Turn>;

    ClientDialogue(std::string what, Turns turns);
    static Turns turns_of(Starttls protocol, const std::string& name);
    static Turns lines(std::initializer_list<std::pair<std::string_view, std::string_view>> steps);

    std::string what_; // "starttls", "proxy"
    Turns turns_;
    std::size_t turn_ = 0;
    Bytes output_;
    std::string heard_; // in this turn
    DialogueState state_ = DialogueState::asking;
};

} // namespace alert40
