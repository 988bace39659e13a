// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/handshake.h"

#include "server/wire/writer.h"

#include <fmt/format.h>

namespace alert40 {

void HandshakeReader::feed(ByteView fragment)
{
    // Each byte is moved at most once more: what was returned is dropped when it is the greater part.
    if (start_ > buffer_.size() / 2) {
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(start_));
        start_ = 0;
    }
    append(buffer_, fragment);
}

HandshakeReader::Next HandshakeReader::next()
{
    const ByteView bytes = pending();
    if (bytes.size() < kHandshakeHeaderLength) return NeedMore{kHandshakeHeaderLength - bytes.size()};
    const std::size_t length = std::size_t{bytes[1]} << 16 | std::size_t{bytes[2]} << 8 | bytes[3];
    const std::size_t whole = kHandshakeHeaderLength + length;
    // Judged before the body arrives, so that a peer cannot make us hold it.
    if (whole > max_length_)
        return WireError{AlertDescription::illegal_parameter,
                         fmt::format("Handshake.length: {} bytes, at most {} are taken", whole, max_length_)};
    if (bytes.size() < whole) return NeedMore{whole - bytes.size()};
    const ByteView body = bytes.subspan(kHandshakeHeaderLength, length);
    HandshakeMessage message{HandshakeType{bytes[0]}, Bytes(body.begin(), body.end())};
    start_ += whole;
    return message;
}

Bytes compose_handshake(HandshakeType type, ByteView body)
{
    Writer writer;
    writer.value(type);
    writer.vector24(body);
    return writer.take();
}

Bytes compose_handshake(const HandshakeMessage& message)
{
    return compose_handshake(message.type, message.body);
}

} // namespace alert40
