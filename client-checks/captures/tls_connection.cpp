// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/tls_connection.h"

#include "client-checks/diagnosis/hidden_flight.h"
#include "client-checks/diagnosis/silence.h"
#include "server/wire/outcome.h"

#include <fmt/format.h>

#include <algorithm>

namespace alert40 {
namespace {

using State = TlsConnection::State;
using Kind = Conversation::Kind;

constexpr std::size_t kMostEventsKept = 120;

double seconds(std::chrono::microseconds time)
{
    return std::chrono::duration<double>(time).count();
}

/// " (TLS 1.3, TLS_AES_128_GCM_SHA256)".
std::string negotiated(const Outcome& outcome)
{
    if (!outcome.version) return {};
    return outcome.cipher_suite ? fmt::format(" ({}, {})", display_name(*outcome.version), name(*outcome.cipher_suite))
                                : fmt::format(" ({})", display_name(*outcome.version));
}

/// How a connection without alert ended, the phase apart; empty: by an alert.
std::string end_without_alert(const Outcome& outcome, const Transcript& wire)
{
    const auto waited = silence_at_end(wire);
    const bool in_vain = waited >= kPatience;
    struct Words {
        bool in_vain;
        double waited;
        std::string operator()(const Completed&) const { return "established"; }
        std::string operator()(const AlertSent&) const { return {}; }
        std::string operator()(const AlertReceived&) const { return {}; }
        std::string operator()(const PeerClosed&) const
        {
            return in_vain ? fmt::format("the client gave up after {:.1f} s", waited) : "closed by the client";
        }
        std::string operator()(const PeerReset&) const
        {
            return in_vain ? fmt::format("the client gave up after {:.1f} s (RST)", waited) : "reset by the client";
        }
        std::string operator()(const WeClosed&) const { return "closed by the server"; }
        std::string operator()(const WeReset&) const { return "reset by the server"; }
        std::string operator()(const Expired&) const
        {
            return in_vain ? fmt::format("no answer for {:.1f} s, when the capture ends", waited)
                           : "open when the capture ends";
        }
    };
    return std::visit(Words{in_vain, seconds(waited)}, outcome.how);
}

std::string ended(const Transcript& wire)
{
    const auto outcome = outcome_of(wire);
    const auto end = end_without_alert(outcome, wire);
    if (end.empty()) return describe(outcome);
    const bool no_server_hello = wire.client_hello && outcome.phase == Phase::before_server_hello;
    std::string hidden;
    for (const auto direction : {Direction::client_to_server, Direction::server_to_client})
        if (!std::holds_alternative<Completed>(outcome.how) && may_hide_alert(wire, direction))
            hidden += fmt::format(", behind what may be an alert of the {}'s, encrypted", name(direction));
    if (no_server_hello) return fmt::format("no ServerHello: {}{}", end, hidden);
    return fmt::format("{}, {}{}{}", end, name(outcome.phase), negotiated(outcome), hidden);
}

constexpr auto kDeclined = "the server asked for a client certificate, and the client sent none";

bool declined(const Transcript& wire)
{
    return wire.certificate_request && wire.client_certificate_seen && wire.client_chain.empty();
}

bool sent_encrypted_handshake(const Transcript& wire, Direction direction)
{
    return std::any_of(wire.events.begin(), wire.events.end(), [&](const TranscriptEvent& event) {
        const auto* record = std::get_if<RecordEvent>(&event);
        return record != nullptr && record->direction == direction && record->encrypted &&
               record->type == ContentType::handshake;
    });
}

void note_missing(const SeenConnection& seen, TlsConnection& connection)
{
    for (const auto direction : {Direction::client_to_server, Direction::server_to_client}) {
        const auto& missing = seen.conversation->missing_from(direction);
        if (missing.octets == 0) continue;
        connection.notes.push_back(
            fmt::format("{} octets of the {}'s are missing in {} place{}: the diagnosis rests on what was seen{}",
                        missing.octets, name(direction), missing.places, missing.places == 1 ? "" : "s",
                        missing.snapped ? " (the snap length cut packets: capture with tcpdump -s 0)" : ""));
    }
    connection.parts_missing = seen.conversation->gave_up_handshake();
}

void note_circumstances(const SeenConnection& seen, TlsConnection& connection)
{
    note_missing(seen, connection);
    if (const auto& hops = seen.other_hops)
        connection.notes.push_back(
            fmt::format("a server's packet with {} came with a hop limit of {}, the others with {}: it may be from "
                        "somebody in between",
                        hops->what, hops->seen, hops->usual));
    if (seen.end == SeenConnection::End::pushed)
        connection.notes.emplace_back("it was judged as it stood when too many handshakes were open at a time");
    if (seen.end == SeenConnection::End::reused)
        connection.notes.emplace_back("the next connection between the same ports began before it had ended");
    if (!seen.conversation->before().target().empty())
        connection.notes.push_back("a proxy was asked for the way to " + seen.conversation->before().target());
    const auto& wire = seen.conversation->transcript();
    if (declined(wire)) connection.notes.emplace_back(kDeclined);
    if (!wire.key_log.empty()) connection.notes.emplace_back("its secrets are known: it was decrypted");
}

/// Only one side's packets, which tell nothing of the other side's silence.
bool one_sided(const SeenConnection& seen)
{
    return seen.packets[0] == 0 || seen.packets[1] == 0;
}

void judge(const SeenConnection& seen, TlsConnection& connection)
{
    const auto& wire = seen.conversation->transcript();
    const auto outcome = outcome_of(wire);
    const bool alert =
        std::holds_alternative<AlertSent>(outcome.how) || std::holds_alternative<AlertReceived>(outcome.how);
    const bool flight_lost = connection.parts_missing && !wire.server_hello &&
                             seen.conversation->missing_from(Direction::server_to_client).octets > 0;
    if (seen.conversation->kind() == Kind::settled) {
        connection.state = State::established;
        // nginx answers that with HTTP 400 inside TLS (its ngx_http_ssl_module): the handshake alone does not tell.
        connection.ended = "established" + negotiated(outcome);
        if (declined(wire)) connection.ended.append("; ").append(kDeclined);
    } else if (one_sided(seen)) {
        connection.state = State::unclear;
        connection.ended =
            fmt::format("only the {}'s packets are in the capture", seen.packets[0] == 0 ? "server" : "client");
    } else if (flight_lost && !alert) {
        connection.state = State::unclear;
        connection.ended = "the ServerHello is missing in the capture; " + ended(wire);
    } else if (!alert && handshake_completed(wire)) {
        connection.state = State::no_data;
        connection.ended = "established, and no data: " + ended(wire);
    } else if (deciding_event(wire) == nullptr) {
        connection.state = State::unclear;
        connection.ended = ended(wire);
    } else {
        connection.state = State::failed;
        connection.ended = ended(wire);
    }
}

void take_wire(SeenConnection& seen, TlsConnection& connection)
{
    auto wire = seen.conversation->take();
    if (wire.events.size() > kMostEventsKept) wire.events.resize(kMostEventsKept);
    wire.events.shrink_to_fit();
    wire.key_log.clear(); // the secrets have done their work
    connection.wire = std::move(wire);
}

std::string name_of(const Conversation& conversation)
{
    constexpr std::size_t kLongestName = 255; // RFC 1035, section 2.3.4
    const auto& hello = conversation.transcript().client_hello;
    if (hello && hello->server_name()) return hello->server_name()->substr(0, kLongestName);
    const auto& target = conversation.before().target();
    return target.substr(0, target.find_last_of(':')).substr(0, kLongestName);
}

/// Words of servers that heard HTTP where they expected TLS: nginx, Apache, Go, HAProxy's default page has none.
bool complains_of_plain_http(ByteView said)
{
    const auto text = to_text(said);
    for (const auto* words : {"plain HTTP request was sent to HTTPS port", "speaking plain HTTP to an SSL-enabled",
                              "Client sent an HTTP request to an HTTPS server"})
        if (text.find(words) != text.npos) return true;
    return false;
}

std::optional<TlsConnection> in_clear(SeenConnection& seen, TlsConnection connection)
{
    const auto& before = seen.conversation->before();
    const auto server_said = before.said(Direction::server_to_client);
    if (!before.refusal().empty()) {
        connection.state = State::refused;
        connection.ended = fmt::format("{} was refused: {}", before.protocol(), before.refusal());
        return connection;
    }
    if (before.asked() && before.protocol() != "PROXY header") {
        connection.state = State::unclear;
        connection.ended = fmt::format("{}, and no ClientHello followed", before.protocol());
        return connection;
    }
    const bool client_spoke = !before.said(Direction::client_to_server).empty();
    const bool unanswered = server_said.empty() && is_tls_port(seen.server.port);
    if (!client_spoke || !(unanswered || complains_of_plain_http(server_said))) return std::nullopt;
    seen.conversation->note_plain_client();
    connection.state = State::failed;
    connection.ended =
        fmt::format("the client spoke in clear to a port of TLS; {}",
                    end_without_alert(outcome_of(seen.conversation->transcript()), seen.conversation->transcript()));
    take_wire(seen, connection);
    return connection;
}

std::optional<TlsConnection> not_opened(const SeenConnection& seen, TlsConnection connection)
{
    if (seen.answered || seen.syns == 0 || !is_tls_port(seen.server.port)) return std::nullopt;
    if (!seen.refused && seen.last - seen.began < std::chrono::seconds(1))
        return std::nullopt; // the capture ends there
    connection.state = State::unopened;
    connection.tcp_refused = seen.refused;
    connection.ended = seen.refused ? "TCP was refused (RST)"
                                    : fmt::format("TCP never connected: {} SYN{} in {:.1f} s, no answer", seen.syns,
                                                  seen.syns == 1 ? "" : "s",
                                                  std::chrono::duration<double>(seen.last - seen.began).count());
    return connection;
}

} // namespace

std::string_view name(TlsConnection::State state)
{
    switch (state) {
    case State::established:
        return "established";
    case State::no_data:
        return "no-data";
    case State::failed:
        return "failed";
    case State::refused:
        return "refused";
    case State::unopened:
        return "unopened";
    case State::unclear:
        return "unclear";
    }
    return "";
}

bool handshake_completed(const Transcript& wire)
{
    if (!wire.server_hello) return false;
    if (wire.server_hello->selected_version() != ProtocolVersion::tls13)
        return sent_encrypted_handshake(wire, Direction::client_to_server) &&
               sent_encrypted_handshake(wire, Direction::server_to_client);
    if (wire.phase >= Phase::after_client_finished) return true;
    return hidden_client_flight(wire) == HiddenFlight::finished && !may_hide_alert(wire, Direction::server_to_client);
}

std::optional<TlsConnection> tls_connection(SeenConnection seen)
{
    if (!seen.conversation) return std::nullopt;
    TlsConnection connection;
    connection.number = seen.number;
    connection.client = seen.client;
    connection.server = seen.server;
    connection.began = seen.began;
    connection.before = seen.conversation->before().protocol();
    connection.name = name_of(*seen.conversation);
    switch (seen.conversation->kind()) {
    case Kind::open:
    case Kind::other:
        return not_opened(seen, std::move(connection));
    case Kind::plain:
        return in_clear(seen, std::move(connection));
    case Kind::under_way:
        connection.state = State::unclear;
        connection.ended = "TLS that had begun before the capture";
        return connection;
    case Kind::tls:
    case Kind::settled:
        break;
    }
    note_circumstances(seen, connection);
    judge(seen, connection);
    take_wire(seen, connection);
    return connection;
}

} // namespace alert40
