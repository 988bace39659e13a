// SPDX-License-Identifier: GPL-2.0-or-later
// CertificateRequest: TLS 1.2 and before (RFC 5246 section 7.4.4, no signature schemes before 1.2) and TLS 1.3
// (RFC 8446 section 4.3.2, where everything is an extension).
#pragma once

#include "certs/bytes.h"
#include "scenarios/vocabulary/protocol_version.h"
#include "scenarios/vocabulary/signature_scheme.h"
#include "server/wire/extension.h"

#include <vector>

namespace alert40 {

struct CertificateRequest {
    Bytes context;                                       // TLS 1.3
    Bytes certificate_types;                             // up to TLS 1.2: rsa_sign 1, dss_sign 2, ecdsa_sign 64
    std::vector<SignatureScheme> signature_schemes;      // from TLS 1.2 on
    std::vector<SignatureScheme> signature_schemes_cert; // TLS 1.3
    std::vector<Bytes> authorities;                      // DER of the names; empty: any
    std::vector<Extension> other_extensions;             // TLS 1.3, those not shown above

    bool operator==(const CertificateRequest&) const = default;
};

/// The body of a certificate_request message; `version` is the negotiated one.
Parsed<CertificateRequest> parse_certificate_request(ByteView body, ProtocolVersion version);

/// The body. TLS 1.3: empty lists are left out, other_extensions come last.
Bytes compose_certificate_request(const CertificateRequest& request, ProtocolVersion version);

} // namespace alert40
