// SPDX-License-Identifier: GPL-2.0-or-later
// Record content types (RFC 8446 section 5.1, IANA "TLS ContentType").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

enum class ContentType : std::uint8_t {
    invalid = 0,
    change_cipher_spec = 20,
    alert = 21,
    handshake = 22,
    application_data = 23,
    heartbeat = 24,
    tls12_cid = 25,
    ack = 26,
};

/// "handshake", or "unknown (99)".
std::string name(ContentType type);
std::optional<ContentType> find_content_type(std::string_view name);
std::vector<std::string> all_content_type_names();

} // namespace alert40
