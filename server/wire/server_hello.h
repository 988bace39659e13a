// SPDX-License-Identifier: GPL-2.0-or-later
// ServerHello and HelloRetryRequest (RFC 8446 sections 4.1.3 and 4.1.4, RFC 5246 section 7.4.1.3).
#pragma once

#include "certs/bytes.h"
#include "scenarios/vocabulary/cipher_suite.h"
#include "scenarios/vocabulary/named_group.h"
#include "scenarios/vocabulary/protocol_version.h"
#include "server/wire/client_hello.h"
#include "server/wire/extension.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace alert40 {

/// RFC 8446 section 4.1.3: SHA-256 of "HelloRetryRequest", the random that makes a ServerHello one.
extern const std::array<std::uint8_t, 32> kHelloRetryRequestRandom;

/// The last eight bytes of a random by which a TLS 1.3 server betrays a downgrade.
enum class DowngradeSentinel { none, tls12, tls11_or_below };

struct ServerHello {
    ProtocolVersion legacy_version = ProtocolVersion::tls12;
    std::array<std::uint8_t, 32> random{};
    Bytes session_id; // an echo in TLS 1.3
    CipherSuite cipher_suite{};
    std::uint8_t compression_method = 0;
    std::vector<Extension> extensions;

    bool operator==(const ServerHello&) const = default;

    bool has_extension(ExtensionType type) const { return find_extension(extensions, type) != nullptr; }
    bool is_hello_retry_request() const { return random == kHelloRetryRequestRandom; }

    /// The version it selects: that of supported_versions where it is sent, else legacy_version.
    ProtocolVersion selected_version() const;

    /// The group of key_share, in a ServerHello and in a HelloRetryRequest.
    std::optional<NamedGroup> key_share_group() const;

    /// TLS 1.2; in TLS 1.3 the answer is in EncryptedExtensions.
    std::optional<std::string> alpn_protocol() const;

    bool has_renegotiation_info() const { return has_extension(ExtensionType::renegotiation_info); }
    bool has_extended_master_secret() const { return has_extension(ExtensionType::extended_master_secret); }
    DowngradeSentinel downgrade_sentinel() const;
    void set_downgrade_sentinel(DowngradeSentinel sentinel); // `none` leaves the random as it is
};

/// The body of a server_hello message. Strict in the lengths, supported_versions, key_share and ALPN included.
Parsed<ServerHello> parse_server_hello(ByteView body);

/// The body; without extensions there is no extension block.
Bytes compose_server_hello(const ServerHello& hello);

Extension selected_version_extension(ProtocolVersion version);
Extension server_key_share_extension(const KeyShare& share);
Extension retry_group_extension(NamedGroup group); // key_share of a HelloRetryRequest
Extension selected_alpn_extension(std::string_view protocol);

} // namespace alert40
