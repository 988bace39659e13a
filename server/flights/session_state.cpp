// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/session_state.h"

namespace alert40 {
namespace {

// What a peer may send before anybody reads it is bounded; early data counts here too.
constexpr std::size_t kMostApplicationData = 256 * 1024;

} // namespace

void SessionState::fail(AlertDescription alert, std::string text)
{
    if (error) return;
    sent = Alert{AlertLevel::fatal, alert};
    records.send(ContentType::alert, compose_alert(*sent));
    error = StackError{0, std::move(text)};
}

void SessionInput::receive(ByteView bytes)
{
    state_.records.feed(bytes);
    while (!state_.error && !state_.closed) {
        auto next = state_.records.next();
        if (std::holds_alternative<NeedMore>(next)) return;
        if (const auto* error = std::get_if<WireError>(&next)) return state_.fail(error->alert, error->text);
        take(std::move(std::get<Content>(next)));
    }
}

void SessionInput::take(Content content)
{
    if (content.type == ContentType::alert) return take_alert(content.bytes);
    if (content.type == ContentType::handshake) return take_handshake(content.bytes);
    if (content.type == ContentType::change_cipher_spec) return taker_.change_cipher_spec();
    if (content.type != ContentType::application_data) return taker_.other_record();
    const bool early = !state_.established && taker_.takes_early_data();
    if (!early && !state_.established)
        return state_.fail(AlertDescription::unexpected_message, "application data before Finished");
    if (state_.application_data.size() + content.bytes.size() > kMostApplicationData)
        return state_.fail(AlertDescription::internal_error, "more application data than is read");
    append(state_.application_data, content.bytes);
    if (early) state_.early_data = true;
}

void SessionInput::take_alert(ByteView fragment)
{
    const auto parsed = parse_alert(fragment);
    if (const auto* error = std::get_if<WireError>(&parsed)) return state_.fail(error->alert, error->text);
    const auto alert = std::get<Alert>(parsed);
    state_.received = alert;
    if (alert.description == AlertDescription::close_notify) {
        state_.closed = true;
        if (!state_.established) state_.error = StackError{0, "closed during the handshake"};
    } else if (alert.level != AlertLevel::warning) {
        state_.error = StackError{0, "received " + display_name(alert)};
    }
}

void SessionInput::take_handshake(ByteView fragment)
{
    messages_.feed(fragment);
    while (!state_.error) {
        auto next = messages_.next();
        if (std::holds_alternative<NeedMore>(next)) return;
        if (const auto* error = std::get_if<WireError>(&next)) return state_.fail(error->alert, error->text);
        taker_.message(std::get<HandshakeMessage>(next));
    }
}

} // namespace alert40
