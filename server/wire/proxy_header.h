// SPDX-License-Identifier: GPL-2.0-or-later
// The header that a balancer sends before TLS (HAProxy's PROXY protocol, versions 1 and 2): how long it is.
#pragma once

#include "certs/bytes.h"

#include <optional>

namespace alert40 {

/// The octets of the PROXY header that `bytes`, a client's first, begin with; 0 where none begins there; nullopt where
/// more must come before that is known. At most 65,551 octets; nothing of it is judged but its length.
std::optional<std::size_t> proxy_header_length(ByteView bytes);

} // namespace alert40
