// SPDX-License-Identifier: GPL-2.0-or-later
// Alerts as two bytes (RFC 8446 section 6): any level and any number can be said and is kept.
#pragma once

#include "certs/bytes.h"
#include "scenarios/vocabulary/alert.h"
#include "server/wire/wire_error.h"

#include <string>
#include <vector>

namespace alert40 {

struct Alert {
    AlertLevel level = AlertLevel::fatal; // open: the byte as sent
    AlertDescription description{};

    bool operator==(const Alert&) const = default;
};

/// A plaintext alert record's fragment. RFC 8446 section 5.1: "a record with an Alert type MUST contain exactly one
/// message", else unexpected_message, as OpenSSL and wolfSSL answer; too short is a decode_error.
Parsed<Alert> parse_alert(ByteView fragment);

/// What a lenient observer reads: all whole alerts of the fragment, an odd last byte ignored.
std::vector<Alert> parse_alerts(ByteView fragment);

/// Two bytes, no record around them.
Bytes compose_alert(Alert alert);

/// "fatal handshake_failure (40)".
std::string display_name(Alert alert);

} // namespace alert40
