// SPDX-License-Identifier: GPL-2.0-or-later
// A DER writer (X.690): values in, octets out, composed from the inside outwards. It checks nothing on purpose:
// a defect is forged by saying the wrong thing with it.
#pragma once

#include "certs/bytes.h"

#include <chrono>
#include <initializer_list>

namespace alert40::der {

/// Tag, length, content; `tag` is the whole identifier octet.
Bytes tlv(std::uint8_t tag, ByteView content);

Bytes sequence(std::initializer_list<Bytes> parts);
Bytes sequence(ByteView content);
Bytes set(ByteView content);
/// Context-specific [number]; constructed unless said otherwise.
Bytes context(int number, ByteView content, bool constructed = true);
/// Unsigned, big-endian magnitude; leading zeros are trimmed and one is added where the top bit is set.
Bytes integer(ByteView magnitude);
Bytes integer(std::uint64_t value);
Bytes boolean(bool value);
Bytes null();
Bytes octet_string(ByteView content);
Bytes bit_string(ByteView content, int unused_bits = 0);
Bytes utf8_string(std::string_view text);
/// "1.2.840.10045.2.1"
Bytes object_identifier(std::string_view dotted);
/// UTCTime through 2049, GeneralizedTime after (RFC 5280, section 4.1.2.5); whole seconds.
Bytes time(std::chrono::system_clock::time_point when);
/// The same as GeneralizedTime, whatever the year.
Bytes generalized_time(std::chrono::system_clock::time_point when);

} // namespace alert40::der
