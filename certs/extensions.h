// SPDX-License-Identifier: GPL-2.0-or-later
// Certificate extensions (RFC 5280, section 4.2.1) as whole Extension elements, DER; join them to make a certificate's
// list.
#pragma once

#include "certs/bytes.h"

namespace alert40::extension {

/// Any extension: dotted OID, criticality, the DER that its OCTET STRING holds.
Bytes any(std::string_view object_identifier, bool critical, ByteView value);

/// Critical; `bits` as CertificatePlan::key_usage.
Bytes key_usage(std::uint16_t bits);
Bytes extended_key_usage(const std::vector<std::string>& object_identifiers);
/// Throws std::invalid_argument where one of `ip_addresses` is none.
Bytes subject_alternative_name(const std::vector<std::string>& dns_names, const std::vector<std::string>& ip_addresses);
/// Critical, cA TRUE.
Bytes authority_basic_constraints(std::optional<unsigned> path_length);
Bytes subject_key_identifier(ByteView public_key_info);
/// The identifier that subject_key_identifier() gave the issuer.
Bytes authority_key_identifier(ByteView issuer_public_key_info);
/// Permits the DNS names localhost and test and what is below them, 127.0.0.0/8 and ::1. Not critical, against RFC
/// 5280: mbedTLS 2.28 does not know the extension and refuses a critical one.
Bytes test_name_constraints();

} // namespace alert40::extension
