// SPDX-License-Identifier: GPL-2.0-or-later
// A reader of X.509 certificates (RFC 5280) that others send: everything alert40 judges or shows, nothing verified.
// Bytes are outside bytes: whatever they hold, the reader returns or throws CertificateError, and never reads past
// them.
#pragma once

#include "certs/bytes.h"

#include <chrono>
#include <optional>
#include <stdexcept>

namespace alert40 {

/// What is wrong and at which octet of the DER: "tbsCertificate.validity: not a time, at octet 112".
class CertificateError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct DistinguishedName {
    Bytes der;               // the whole Name, for comparing issuer and subject
    std::string text;        // RFC 4514-like, most specific last: "O=alert40, CN=expired.certificate.localhost"
    std::string common_name; // the last CN, or empty
};

struct BasicConstraints {
    bool is_ca = false;
    std::optional<unsigned> path_length;
};

struct Certificate {
    int version = 1; // 1, 2 or 3, as people say it (the wire has one less)
    Bytes serial_number;
    std::string signature_algorithm; // dotted OID of the outer AlgorithmIdentifier
    DistinguishedName issuer;
    DistinguishedName subject;
    std::chrono::system_clock::time_point not_before;
    std::chrono::system_clock::time_point not_after;
    Bytes public_key_info;            // the whole SubjectPublicKeyInfo, DER
    std::string public_key_algorithm; // dotted OID
    std::string public_key_curve;     // dotted OID of the named curve; empty where there is none
    unsigned public_key_bits = 0;     // RSA modulus or EC field size; 0 where it is not known
    std::vector<std::string> dns_names;
    std::vector<std::string> ip_addresses; // textual; IPv6 as RFC 5952 writes it
    std::optional<BasicConstraints> basic_constraints;
    std::optional<std::uint16_t>
        key_usage; // bit 0 (digitalSignature) is the value 1, bit 1 is 2, ... (RFC 5280, 4.2.1.3)
    std::vector<std::string> extended_key_usage; // dotted OIDs
    std::vector<std::string> permitted_dns_names;
    std::vector<std::string> excluded_dns_names;
    Bytes subject_key_identifier;
    Bytes authority_key_identifier;
    std::vector<std::string> unknown_critical_extensions; // dotted OIDs that this reader does not process
    Bytes tbs;                                            // the signed octets
    Bytes signature;                                      // content of the BIT STRING
};

/// Reads one DER certificate; octets behind it are an error. Throws CertificateError.
Certificate parse_certificate(ByteView der);

/// True where `name` is one of the certificate's DNS names or matches a wildcard label (RFC 6125, section 6.4.3).
/// An address in textual form is compared with the IP addresses alone.
bool names_match(const Certificate& certificate, std::string_view name);

/// True where `certificate` names `issuer`'s subject as its issuer and the issuer's key made its signature. Nothing
/// else is looked at: neither validity nor constraints. False for a signature algorithm that verify_signature() does
/// not know.
bool is_signed_by(const Certificate& certificate, const Certificate& issuer);

/// True where issuer and subject are equal and the key signed the certificate itself.
bool is_self_signed(const Certificate& certificate);

} // namespace alert40
