// SPDX-License-Identifier: GPL-2.0-or-later
// The "wire" of a record: what a passive observer saw, in order, as records of TLS and events of TCP. Each connection
// becomes the transcript that a tap on it would have written, without the octets of certificates and randoms.
#pragma once

#include "client-checks/records/json_value.h"
#include "server/wire/transcript.h"

namespace alert40 {

/// In the order in which they were opened. `wire` is the list; of its entries "decrypted" is never looked at. Throws
/// InputError.
std::vector<Transcript> read_wire(const JsonValue& wire);

} // namespace alert40
