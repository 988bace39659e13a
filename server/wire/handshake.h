// SPDX-License-Identifier: GPL-2.0-or-later
// Handshake messages (RFC 8446 section 4), put together from the fragments of handshake records:
//
//     | msg_type (1) | length (3) | body (length) |
#pragma once

#include "certs/bytes.h"
#include "scenarios/vocabulary/handshake_type.h"
#include "server/wire/wire_error.h"

#include <cstddef>
#include <variant>

namespace alert40 {

constexpr std::size_t kHandshakeHeaderLength = 4;

/// Ours; RFC 8446 would allow 2^24-1. The largest chains seen in the field stay below 100 KB.
constexpr std::size_t kMaxHandshakeMessageLength = 128 * 1024;

struct HandshakeMessage {
    HandshakeType type{};
    Bytes body;

    bool operator==(const HandshakeMessage&) const = default;
};

/// Feed it the fragments of consecutive handshake records; next returns the messages as they complete.
class HandshakeReader {
public:
    using Next = std::variant<HandshakeMessage, NeedMore, WireError>;

    /// `max_length`: of a message with its header; a longer one is an illegal_parameter, as in OpenSSL.
    explicit HandshakeReader(std::size_t max_length = kMaxHandshakeMessageLength) : max_length_(max_length) {}

    void feed(ByteView fragment);

    /// The error of a message that is too long repeats.
    Next next();

    /// Bytes of a message that is not complete. RFC 8446 section 5.1: no other record type may come in between.
    ByteView pending() const { return ByteView(buffer_).subspan(start_); }

private:
    Bytes buffer_;
    std::size_t start_ = 0; // of the next message in buffer_
    std::size_t max_length_;
};

/// Header and body, no record around them.
Bytes compose_handshake(HandshakeType type, ByteView body);
Bytes compose_handshake(const HandshakeMessage& message);

} // namespace alert40
