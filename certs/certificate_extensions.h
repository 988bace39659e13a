// SPDX-License-Identifier: GPL-2.0-or-later
// The reader of a certificate's extensions; parse_certificate() calls it.
#pragma once

#include "certs/der_reader.h"

namespace alert40 {

/// Reads what the element [3] of a TBSCertificate holds into `certificate`, whose version is known already.
/// Throws CertificateError.
void read_extensions(const DerElement& extensions, Certificate& certificate);

} // namespace alert40
