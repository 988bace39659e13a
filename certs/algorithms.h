// SPDX-License-Identifier: GPL-2.0-or-later
// The object identifiers of RFC 5280, RFC 3279, RFC 5758 and RFC 8410 that both the forge and the reader speak.
#pragma once

#include "certs/crypto.h"

namespace alert40::oid {

constexpr std::string_view kCommonName = "2.5.4.3";
constexpr std::string_view kOrganization = "2.5.4.10";

constexpr std::string_view kRsaEncryption = "1.2.840.113549.1.1.1";
constexpr std::string_view kRsaPss = "1.2.840.113549.1.1.10";
constexpr std::string_view kEcPublicKey = "1.2.840.10045.2.1";
constexpr std::string_view kEd25519 = "1.3.101.112";
constexpr std::string_view kEd448 = "1.3.101.113";

constexpr std::string_view kSubjectKeyIdentifier = "2.5.29.14";
constexpr std::string_view kKeyUsage = "2.5.29.15";
constexpr std::string_view kSubjectAltName = "2.5.29.17";
constexpr std::string_view kBasicConstraints = "2.5.29.19";
constexpr std::string_view kNameConstraints = "2.5.29.30";
constexpr std::string_view kCrlDistributionPoints = "2.5.29.31";
constexpr std::string_view kAuthorityKeyIdentifier = "2.5.29.35";
constexpr std::string_view kExtendedKeyUsage = "2.5.29.37";

constexpr std::string_view kAuthorityInformationAccess = "1.3.6.1.5.5.7.1.1";
constexpr std::string_view kTlsFeature = "1.3.6.1.5.5.7.1.24"; // RFC 7633
constexpr std::string_view kCaIssuers = "1.3.6.1.5.5.7.48.2";
constexpr std::string_view kOcsp = "1.3.6.1.5.5.7.48.1";

constexpr std::string_view kServerAuth = "1.3.6.1.5.5.7.3.1";
constexpr std::string_view kClientAuth = "1.3.6.1.5.5.7.3.2";

} // namespace alert40::oid

namespace alert40 {

/// The bits of KeyUsage (RFC 5280, section 4.2.1.3) as Certificate::key_usage and CertificatePlan::key_usage count
/// them.
enum KeyUsageBit : std::uint16_t {
    digital_signature = 1 << 0,
    key_encipherment = 1 << 2,
    key_cert_sign = 1 << 5,
    crl_sign = 1 << 6,
};

/// The whole AlgorithmIdentifier, DER, of a signature by a key of this type; EdDSA ignores the hash.
/// Throws std::runtime_error where no identifier was ever given to the pair (ECDSA with MD5).
Bytes signature_algorithm(KeyType type, HashAlgorithm hash);

/// The hash that this signature algorithm (dotted OID) uses; for EdDSA, which has its own, sha512.
/// nullopt for an algorithm that verify_signature() does not know, RSASSA-PSS among them.
std::optional<HashAlgorithm> signature_hash(std::string_view algorithm);

} // namespace alert40
