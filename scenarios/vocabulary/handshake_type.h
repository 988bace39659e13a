// SPDX-License-Identifier: GPL-2.0-or-later
// Handshake message types (RFC 8446 section 4, RFC 5246 section 7.4, IANA "TLS HandshakeType").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

enum class HandshakeType : std::uint8_t {
    hello_request = 0,
    client_hello = 1,
    server_hello = 2,
    hello_verify_request = 3,
    new_session_ticket = 4,
    end_of_early_data = 5,
    hello_retry_request_reserved = 6, // drafts; since RFC 8446 it is a ServerHello with a fixed random
    encrypted_extensions = 8,
    request_connection_id = 9,
    new_connection_id = 10,
    certificate = 11,
    server_key_exchange = 12,
    certificate_request = 13,
    server_hello_done = 14,
    certificate_verify = 15,
    client_key_exchange = 16,
    client_certificate_request = 17,
    finished = 20,
    certificate_url = 21,
    certificate_status = 22,
    supplemental_data = 23,
    key_update = 24,
    compressed_certificate = 25,
    ekt_key = 26,
    next_protocol = 67, // NPN, never registered
    message_hash = 254,
};

/// "client_hello", or "unknown (99)".
std::string name(HandshakeType type);
std::optional<HandshakeType> find_handshake_type(std::string_view name);
std::vector<std::string> all_handshake_type_names();

} // namespace alert40
