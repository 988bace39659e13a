// SPDX-License-Identifier: GPL-2.0-or-later
// Certificate extensions (RFC 5280, section 4.2.1) as whole Extension elements, DER; join them to make a certificate's
// list.
#pragma once

#include "certs/certificate.h"

namespace alert40::extension {

/// Any extension: dotted OID, criticality, the DER that its OCTET STRING holds.
Bytes any(std::string_view object_identifier, bool critical, ByteView value);

/// Critical; `bits` as CertificatePlan::key_usage.
Bytes key_usage(std::uint16_t bits);
Bytes extended_key_usage(const std::vector<std::string>& object_identifiers);
/// Throws std::invalid_argument where one of `ip_addresses` is none.
Bytes subject_alternative_name(const std::vector<std::string>& dns_names, const std::vector<std::string>& ip_addresses);
/// Critical.
Bytes basic_constraints(const BasicConstraints& constraints);
/// SHA-1 of the subjectPublicKey's octets (RFC 5280, section 4.2.1.2 (1)). Throws CertificateError.
Bytes key_identifier(ByteView public_key_info);
Bytes subject_key_identifier(ByteView public_key_info);
/// The identifier that subject_key_identifier() gave the issuer.
Bytes authority_key_identifier(ByteView issuer_public_key_info);
/// Permits the DNS names localhost and test and what is below them, 127.0.0.0/8 and ::1. Not critical, against RFC
/// 5280: mbedTLS 2.28 does not know the extension and refuses a critical one.
Bytes test_name_constraints();
/// Permits these DNS names and what is below them, and nothing else of that kind. Critical (RFC 5280,
/// section 4.2.1.10).
Bytes name_constraints(const std::vector<std::string>& permitted_dns_names);
/// Where the issuer's certificate and its OCSP responder are found; an empty URL is left out.
Bytes authority_information_access(std::string_view issuers_url, std::string_view ocsp_url);
Bytes crl_distribution_points(std::string_view url);
/// RFC 7633: the server promises status_request, an OCSP response with every handshake.
Bytes must_staple();

} // namespace alert40::extension
