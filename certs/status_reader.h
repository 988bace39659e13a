// SPDX-License-Identifier: GPL-2.0-or-later
// A reader of OCSP responses (RFC 6960) that others send, stapled to a handshake, and what they prove.
#pragma once

#include "certs/certificate.h"

namespace alert40 {

enum class CertificateStatus { good, revoked, unknown };

/// One certificate's status as the response says it; nothing is verified.
struct OcspEntry {
    Bytes issuer_name_hash;     // with `hash_algorithm`, of the issuer's Name
    std::string hash_algorithm; // dotted OID
    Bytes serial_number;
    CertificateStatus status{};
    std::optional<std::chrono::system_clock::time_point> revoked_at;
    std::chrono::system_clock::time_point this_update;
    std::optional<std::chrono::system_clock::time_point> next_update;
};

struct OcspResponse {
    unsigned response_status = 0; // OCSPResponseStatus: 0 successful, 3 tryLater, ...; behind another there is nothing
    std::vector<OcspEntry> entries;
    Bytes signed_octets;
    std::string signature_algorithm; // dotted OID
    Bytes signature;
    std::vector<Certificate> certificates; // a responder's own, those that can be read
};

/// Reads one DER OCSPResponse. Throws CertificateError with the field and the octet's offset.
OcspResponse parse_ocsp_response(ByteView der);

/// What a client that insists on a good response makes of it. `problem` is a sentence without full stop; empty: good.
struct StapleJudgement {
    std::string problem;
    bool revoked = false; // a valid response, which says so
};

/// `issuer`: of `leaf`, nullptr where it is not known; then the signature is not looked at.
StapleJudgement judge_staple(ByteView response, const Certificate& leaf, const Certificate* issuer,
                             std::chrono::system_clock::time_point now);

} // namespace alert40
