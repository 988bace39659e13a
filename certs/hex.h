// SPDX-License-Identifier: GPL-2.0-or-later
// Hexadecimal text as people paste it; to_hex() of bytes.h writes it.
#pragma once

#include "certs/bytes.h"

namespace alert40 {

/// The octets of `digits`: both cases, white space and colons between octets ignored; nullopt for anything else.
std::optional<Bytes> parse_hex(std::string_view digits);

} // namespace alert40
