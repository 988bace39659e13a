// SPDX-License-Identifier: GPL-2.0-or-later
// What both sides say before TLS: STARTTLS in its protocols, HTTP CONNECT, SOCKS, a PROXY header. Given each side's
// segments in order, it tells where TLS begins, whether TLS was asked for and refused, and that none will come.
#pragma once

#include "scenarios/loader/scenario.h"
#include "server/wire/transcript.h"

#include <optional>
#include <string>

namespace alert40 {

class BeforeTls {
public:
    /// One side's words before TLS; a connection that says more has none. (A mail that is sent in clear would be read
    /// to its end otherwise.)
    static constexpr std::size_t kMostOctets = 64 * 1024;

    enum class Verdict {
        open,      // TLS may come
        tls,       // it begins within this segment
        tls_reply, // the server speaks TLS, and of the client no ClientHello was seen
        none,      // it will not come
    };
    struct Answer {
        Verdict verdict = Verdict::open;
        std::size_t plain = 0; // octets of this segment in front of TLS
    };

    /// `bytes` are the next of a side. Not to be asked again after another verdict than `open`.
    Answer feed(Direction direction, ByteView bytes);

    /// "SMTP STARTTLS", "HTTP CONNECT", "SOCKS5", "PROXY header"; empty where nothing known came before.
    const std::string& protocol() const { return protocol_; }
    /// Where a proxy was asked to connect to: "HOST:PORT"; empty where none was.
    const std::string& target() const { return target_; }
    /// The client asked for TLS, or for a way to a server, and nothing has refused it.
    bool asked() const { return asked_; }
    /// How it was refused, in the server's words; empty: it was not.
    const std::string& refusal() const { return refusal_; }

    /// The beginning of what a side said.
    ByteView said(Direction direction) const { return said_[static_cast<std::size_t>(direction)]; }

private:
    void client_said(ByteView bytes);
    void server_said(ByteView bytes);
    void ask(std::string_view protocol);
    void answer(std::string_view line);
    void answer_octets(ByteView bytes);
    void socks(ByteView bytes);

    Bytes said_[2];
    std::size_t total_[2] = {};
    std::string protocol_;
    std::string target_;
    std::string refusal_;
    bool asked_ = false;
};

/// Whether `bytes` begin like a record that holds the beginning of a ClientHello (RFC 8446 section 5.1); 6 octets tell.
bool begins_client_hello(ByteView bytes);
/// The same of a ServerHello, and of an alert in clear.
bool begins_server_hello(ByteView bytes);
bool begins_alert(ByteView bytes);
/// A record of any type and of a length that there is.
bool begins_record(ByteView bytes);

/// Ports where a server speaks TLS from the first octet on (IANA's registry, and what is usual).
bool is_tls_port(std::uint16_t port);

} // namespace alert40
