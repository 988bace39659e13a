// SPDX-License-Identifier: GPL-2.0-or-later
// Telling UTF-8 from other octets (RFC 3629, section 4).
#pragma once

#include "certs/bytes.h"

namespace alert40 {

/// The octets, 1 to 4, of the character that starts `text`, which is not empty; 0 where none does.
std::size_t utf8_length(ByteView text);

/// The characters of `octets` as they are; what is no UTF-8, a control character or a backslash as a backslash and its
/// value in two hexadecimal digits.
std::string clean_utf8(ByteView octets);

} // namespace alert40
