// SPDX-License-Identifier: GPL-2.0-or-later
// Signatures as TLS names them: a SignatureScheme and a key (RFC 8446, section 4.2.3; RFC 5246, section 7.4.1.4.1).
#pragma once

#include "certs/crypto.h"
#include "scenarios/vocabulary/signature_scheme.h"

namespace alert40 {

/// Signs with `key` in the manner of `scheme`. A scheme that does not fit the key is signed as near to it as the key
/// can: its hash where it has one that is known, else SHA-256.
Bytes sign(const PrivateKey& key, SignatureScheme scheme, ByteView message);

/// False also for a scheme that is not known, and for one that does not fit the key.
bool verify(ByteView public_key_info, SignatureScheme scheme, ByteView message, ByteView signature);

/// What a CertificateVerify of TLS 1.3 signs (RFC 8446, section 4.4.3).
Bytes certificate_verify_content(std::string_view context, ByteView transcript_hash);

constexpr std::string_view kServerContext = "TLS 1.3, server CertificateVerify";
constexpr std::string_view kClientContext = "TLS 1.3, client CertificateVerify";

} // namespace alert40
