// SPDX-License-Identifier: GPL-2.0-or-later
// What an issuer says about the certificates that it issued: OCSP responses (RFC 6960) and CRLs (RFC 5280, section 5).
// Both are signed by the issuer's own key; no responder's certificate is needed (RFC 6960, section 4.2.2.2).
#pragma once

#include "certs/authority.h"

#include <vector>

namespace alert40 {

/// From when to when the issuer's word holds. Both in whole seconds.
struct StatusPeriod {
    std::chrono::system_clock::time_point this_update;
    std::chrono::system_clock::time_point next_update;
};

/// An hour ago to a day from now.
StatusPeriod fresh_period(std::chrono::system_clock::time_point now);
/// Three days, which ended two days ago.
StatusPeriod stale_period(std::chrono::system_clock::time_point now);

/// An OCSPResponse, DER, about the certificate with this serial number (as Certificate::serial_number): good or
/// revoked, with reason keyCompromise, since `period.this_update`. Throws CertificateError where the issuer's
/// certificate cannot be read.
Bytes ocsp_response(const Authority& issuer, ByteView serial_number, bool revoked, const StatusPeriod& period);

/// An OCSPResponse that says tryLater (3) and nothing about any certificate.
Bytes ocsp_try_later();

/// A CertificateList, DER, of the issuer's with these serial numbers revoked since `period.this_update`, maybe none.
/// Throws CertificateError where the issuer's certificate cannot be read.
Bytes certificate_revocation_list(const Authority& issuer, const std::vector<Bytes>& revoked,
                                  const StatusPeriod& period);

/// The same for an issuer of which only these are at hand.
Bytes certificate_revocation_list(const IssuerIdentity& issuer, const std::vector<Bytes>& revoked,
                                  const StatusPeriod& period);

} // namespace alert40
