// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/silence.h"

namespace alert40 {

std::chrono::microseconds silence_at_end(const Transcript& wire)
{
    const auto* end = deciding_event(wire);
    std::chrono::microseconds last{};
    for (const auto& event : wire.events) {
        if (&event == end) break;
        last = std::visit([](const auto& each) { return each.at; }, event);
    }
    if (end == nullptr) return {};
    return std::visit([](const auto& each) { return each.at; }, *end) - last;
}

bool server_heard_the_end(const Transcript& wire)
{
    bool client_ended = false;
    for (const auto& event : wire.events) {
        const auto* socket = std::get_if<SocketEvent>(&event);
        if (socket == nullptr) continue;
        if (socket->kind == SocketEventKind::client_fin) client_ended = true;
        if (socket->kind == SocketEventKind::server_fin) return client_ended;
    }
    return false;
}

} // namespace alert40
