// SPDX-License-Identifier: GPL-2.0-or-later
// The OCSP response that a server staples (RFC 6066, section 8; RFC 8446, section 4.4.2.1), as scenarios name it.
#pragma once

#include "certs/forge.h"
#include "scenarios/loader/scenario.h"

namespace alert40 {

/// The response about `chain`'s leaf, DER or what stands in its place; nullopt for Staple::none. A leaf that its recipe
/// calls revoked is still called good by Staple::good. Throws CertificateError where the leaf cannot be read.
std::optional<Bytes> make_staple(Staple staple, const Chain& chain, std::chrono::system_clock::time_point now);

} // namespace alert40
