// SPDX-License-Identifier: GPL-2.0-or-later
// The Certificate message: TLS 1.2 and before (RFC 5246 section 7.4.2) and TLS 1.3 (RFC 8446 section 4.4.2), whose
// entries carry extensions and which begins with the context of a certificate request.
#pragma once

#include "certs/bytes.h"
#include "scenarios/vocabulary/protocol_version.h"
#include "server/wire/extension.h"

#include <vector>

namespace alert40 {

struct CertificateEntry {
    Bytes der;                         // not looked into
    std::vector<Extension> extensions; // TLS 1.3: a stapled OCSP response, SCTs

    bool operator==(const CertificateEntry&) const = default;
};

struct CertificateMessage {
    Bytes request_context; // TLS 1.3
    std::vector<CertificateEntry> entries;

    bool operator==(const CertificateMessage&) const = default;

    /// The certificates alone, in the order sent.
    std::vector<Bytes> chain() const;
};

/// Entries without extensions or context.
CertificateMessage certificate_message(const std::vector<Bytes>& chain);

/// The body of a certificate message; `version` is the negotiated one. An empty list is allowed: so a client declines.
Parsed<CertificateMessage> parse_certificate_message(ByteView body, ProtocolVersion version);

/// The body; below TLS 1.3 context and extensions are left out.
Bytes compose_certificate_message(const CertificateMessage& message, ProtocolVersion version);

} // namespace alert40
