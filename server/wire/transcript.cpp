// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/outcome.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

/// RFC 8446, section 6.1: who says close_notify has closed, whoever's FIN comes first then.
bool is_close_notify(const RecordEvent& record)
{
    return record.alert && record.alert->description == AlertDescription::close_notify;
}

bool decides(const TranscriptEvent& event)
{
    if (const auto* record = std::get_if<RecordEvent>(&event))
        return record->alert && (record->alert->level == AlertLevel::fatal || is_close_notify(*record));
    return std::holds_alternative<SocketEvent>(event);
}

HowEnded how_ended(const RecordEvent& record)
{
    if (is_close_notify(record)) {
        if (record.direction == Direction::server_to_client) return WeClosed{};
        return PeerClosed{};
    }
    if (record.direction == Direction::server_to_client) return AlertSent{*record.alert};
    return AlertReceived{*record.alert};
}

HowEnded how_ended(const SocketEvent& event)
{
    switch (event.kind) {
    case SocketEventKind::client_fin:
        return PeerClosed{};
    case SocketEventKind::client_reset:
        return PeerReset{};
    case SocketEventKind::server_fin:
        return WeClosed{};
    case SocketEventKind::server_reset:
        return WeReset{};
    case SocketEventKind::deadline:
        return Expired{};
    }
    return Expired{};
}

} // namespace

std::string_view name(Direction direction)
{
    return direction == Direction::client_to_server ? "client" : "server";
}

std::string_view name(SocketEventKind kind)
{
    switch (kind) {
    case SocketEventKind::client_fin:
        return "client FIN";
    case SocketEventKind::client_reset:
        return "client RST";
    case SocketEventKind::server_fin:
        return "server FIN";
    case SocketEventKind::server_reset:
        return "server RST";
    case SocketEventKind::deadline:
        return "deadline passed";
    }
    return "";
}

const TranscriptEvent* deciding_event(const Transcript& transcript)
{
    // The first in order: OpenSSL 3 answers a bare FIN with a fatal decode_error (50) of its own, which decides
    // nothing.
    for (const auto& event : transcript.events)
        if (decides(event)) return &event;
    return nullptr;
}

Outcome outcome_of(const Transcript& transcript)
{
    Outcome outcome{Expired{}, transcript.phase, {}, {}, transcript.group};
    if (transcript.server_hello) {
        outcome.version = transcript.server_hello->selected_version();
        outcome.cipher_suite = transcript.server_hello->cipher_suite;
    }
    const TranscriptEvent* decisive = deciding_event(transcript);
    const auto* record = decisive != nullptr ? std::get_if<RecordEvent>(decisive) : nullptr;
    const auto* socket = decisive != nullptr ? std::get_if<SocketEvent>(decisive) : nullptr;
    const Phase phase = record != nullptr ? record->phase : socket != nullptr ? socket->phase : transcript.phase;
    outcome.phase = phase;
    // What comes after an exchange of application data is how this peer says good-bye, not how the handshake ended.
    if (phase == Phase::after_application_data)
        outcome.how = Completed{};
    else if (record != nullptr)
        outcome.how = how_ended(*record);
    else if (socket != nullptr)
        outcome.how = how_ended(*socket);
    return outcome;
}

std::string describe(const Outcome& outcome)
{
    struct Words {
        std::string operator()(const Completed&) const { return "connected"; }
        std::string operator()(const AlertSent& sent) const { return "server sent " + display_name(sent.alert); }
        std::string operator()(const AlertReceived& received) const
        {
            return "client sent " + display_name(received.alert);
        }
        std::string operator()(const PeerClosed&) const { return "client closed"; }
        std::string operator()(const PeerReset&) const { return "client reset"; }
        std::string operator()(const WeClosed&) const { return "server closed"; }
        std::string operator()(const WeReset&) const { return "server reset"; }
        std::string operator()(const Expired&) const { return "deadline passed"; }
    };
    std::string text = std::visit(Words{}, outcome.how);
    if (!std::holds_alternative<Completed>(outcome.how)) text += fmt::format(", {}", name(outcome.phase));
    if (outcome.version) text += fmt::format(" ({}", display_name(*outcome.version));
    if (outcome.version && outcome.cipher_suite) text += fmt::format(", {}", name(*outcome.cipher_suite));
    if (outcome.version) text += ")";
    return text;
}

} // namespace alert40
