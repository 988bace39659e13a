// SPDX-License-Identifier: GPL-2.0-or-later
// The server's side of what is said before TLS where a protocol asks for it (STARTTLS), and enough of that protocol
// inside TLS that an ordinary client is content. No I/O: bytes in, bytes out.
//
//   StarttlsDialogue dialogue(Starttls::smtp);
//   send(dialogue.greeting());
//   send(dialogue.feed(bytes)) ... until `then` says tls or over;  TLS begins with dialogue.take_left_over()
//   dialogue.secured();  and feed() again with what is said inside TLS
#pragma once

#include "certs/bytes.h"
#include "scenarios/loader/scenario.h"

#include <utility>

namespace alert40 {

struct StarttlsAnswer {
    enum class Then {
        goes_on,
        tls,  // the client asked for it and this grants it: its next octet is TLS
        over, // the server closes behind this
    };
    Bytes bytes;
    Then then = Then::goes_on;
};

struct StarttlsProtocol;

/// What a protocol remembers of a client.
struct StarttlsState {
    bool secure = false;  // inside TLS
    bool started = false; // Postgres, MySQL, XMPP: the client's opening message inside TLS was seen
    std::string text;     // what is told inside TLS to whoever asks something
};

class StarttlsDialogue {
public:
    /// RFC 5321 section 4.5.3.1.4 has 512 octets for a line, RFC 2683 section 3.2.1.5 8000 for IMAP; Postgres ends a
    /// start-up packet at 10000. What is longer is no client of ours.
    static constexpr std::size_t kMostOctets = 16 * 1024;
    /// Commands, in clear and inside TLS together.
    static constexpr unsigned kMostUnits = 100;

    /// Any protocol but Starttls::none. `text` is the line that the server answers questions with inside TLS.
    explicit StarttlsDialogue(Starttls protocol, std::string text = "alert40");

    /// What the server says first; empty where the client does.
    Bytes greeting() const;

    /// Answers everything whole in `bytes`, the next of the stream, and keeps the rest. Once it said `tls` or `over`,
    /// it is fed no more, until secured().
    StarttlsAnswer feed(ByteView bytes);

    /// Octets behind the request for TLS, which an honest client never sends (RFC 3207 section 6): they are the
    /// beginning of its TLS, and nothing of the dialogue inside it.
    Bytes take_left_over() { return std::exchange(pending_, {}); }

    /// From here on feed() gets what is said inside TLS.
    void secured();

private:
    StarttlsAnswer end_with(StarttlsAnswer answer, Bytes words);

    const StarttlsProtocol* protocol_;
    StarttlsState state_;
    Bytes pending_;
    unsigned units_ = 0;
};

/// "SMTP", as its RFC writes it.
std::string_view display_name(Starttls protocol);

} // namespace alert40
