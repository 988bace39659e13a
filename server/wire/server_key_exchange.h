// SPDX-License-Identifier: GPL-2.0-or-later
// ServerKeyExchange of TLS 1.2 and before: ECDHE on a named curve (RFC 8422 section 5.4) and DHE (RFC 5246 section
// 7.4.3), each signed, anonymous or with a PSK identity hint (RFC 4279, RFC 5489).
#pragma once

#include "certs/bytes.h"
#include "scenarios/vocabulary/cipher_suite.h"
#include "scenarios/vocabulary/named_group.h"
#include "scenarios/vocabulary/protocol_version.h"
#include "scenarios/vocabulary/signature_scheme.h"
#include "server/wire/wire_error.h"

#include <cstddef>
#include <optional>
#include <variant>

namespace alert40 {

struct EcdheParams {
    NamedGroup curve{};
    Bytes public_value; // an uncompressed point, or 32 bytes of X25519

    bool operator==(const EcdheParams&) const = default;
};

struct DheParams {
    Bytes prime;
    Bytes generator;
    Bytes public_value;

    bool operator==(const DheParams&) const = default;

    /// The size that clients judge: bits of the prime without leading zeros.
    std::size_t prime_bits() const;
};

struct ServerKeyExchange {
    std::optional<Bytes> psk_identity_hint;                      // with the PSK key exchanges
    std::variant<std::monostate, EcdheParams, DheParams> params; // monostate: plain PSK, a hint alone
    std::optional<SignatureScheme> scheme;                       // from TLS 1.2 on, when signed
    Bytes signature;                                             // empty when anonymous or PSK

    bool operator==(const ServerKeyExchange&) const = default;
};

/// The body of a server_key_exchange message; suite and version are the negotiated ones. unexpected_message when the
/// suite's key exchange has none; handshake_failure for explicit curves, which RFC 8422 section 5.4 retired.
Parsed<ServerKeyExchange> parse_server_key_exchange(ByteView body, const CipherSuiteInfo& suite,
                                                    ProtocolVersion version);

/// The part that the signature covers, behind client_random and server_random.
Bytes compose_params(const ServerKeyExchange& exchange);

/// The body; the signature is written when there is a scheme or a signature.
Bytes compose_server_key_exchange(const ServerKeyExchange& exchange);

} // namespace alert40
