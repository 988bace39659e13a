// SPDX-License-Identifier: GPL-2.0-or-later
// The "wire" of a record: what a passive observer saw, in order, as records of TLS and events of TCP. Each connection
// becomes the transcript that a tap on it would have written, without the octets of certificates and randoms.
#pragma once

#include "client-checks/records/json_value.h"
#include "server/wire/transcript.h"

namespace alert40 {

struct RecordedConnection {
    Transcript wire;                                    // its chains are empty
    std::vector<std::size_t> server_certificate_octets; // of each certificate that was sent in clear
    std::vector<std::size_t> client_certificate_octets;
};

/// In the order in which they were opened. `wire` is the list; of its entries "decrypted" is never looked at. Throws
/// InputError.
std::vector<RecordedConnection> read_wire(const JsonValue& wire);

} // namespace alert40
