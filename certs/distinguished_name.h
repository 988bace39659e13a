// SPDX-License-Identifier: GPL-2.0-or-later
// Names of X.509 certificates, from DER to text.
#pragma once

#include "certs/der_reader.h"

namespace alert40 {

/// Reads a Name. Both texts are valid UTF-8 without control characters, whatever the octets were: what is not text is
/// written as \XX, or, for a value of an unknown type, as '#' and the whole value in hexadecimal (RFC 4514,
/// section 2.4).
DistinguishedName read_distinguished_name(const DerElement& name, std::string_view field);

} // namespace alert40
