// SPDX-License-Identifier: GPL-2.0-or-later
// Where a certificate says that more about it is found, and what it demands of the server that shows it.
#pragma once

#include "certs/certificate.h"

namespace alert40 {

struct CertificatePointers {
    std::vector<std::string> ca_issuers;      // URIs of the issuer's certificate (RFC 5280, section 4.2.2.1)
    std::vector<std::string> ocsp_responders; // URIs, of the same extension
    bool must_staple = false;                 // TLS feature status_request (RFC 7633, section 4)
};

/// What of it can be read; an extension that is malformed points nowhere.
CertificatePointers read_pointers(const Certificate& certificate);

} // namespace alert40
