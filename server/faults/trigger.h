// SPDX-License-Identifier: GPL-2.0-or-later
// When a fault acts: at the connect, at a handshake message, or at the n-th record of one side.
//     "connect"   "client:client_hello"   "server:certificate"   "server:record:3"
#pragma once

#include "scenarios/loader/source_pos.h"
#include "scenarios/vocabulary/handshake_type.h"
#include "server/wire/transcript.h"

namespace alert40 {

/// Something that happens on a connection: what came, or what is about to be sent.
struct Event {
    bool connect = false;
    Direction direction{};
    std::span<const HandshakeType> messages; // completed by this record, where they can be read
    std::size_t record_number = 0;           // of this side, from 1
};

class Trigger {
public:
    /// Throws InputError at `text.where` for a side, a message or a number that does not exist.
    static Trigger parse(const Located<std::string>& text);

    bool matches(const Event& event) const;

private:
    bool connect_ = false;
    Direction direction_{};
    std::optional<HandshakeType> message_;
    std::size_t record_number_ = 0; // 0: by message
};

} // namespace alert40
