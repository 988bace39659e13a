// SPDX-License-Identifier: GPL-2.0-or-later
// Signing: a certificate from its contents, and the authorities (root and intermediate) that the forge issues from.
#pragma once

#include "certs/crypto.h"

#include <chrono>

namespace alert40 {

/// A certificate that issues, with its key.
struct Authority {
    Bytes certificate; // DER
    PrivateKey key;
};

/// Who signs, as the signed certificate names them.
struct IssuerIdentity {
    Bytes name;            // the issuer's subject, a Name
    Bytes public_key_info; // for the authority key identifier
    PrivateKey key;
};

/// Reads name and public key from the certificate. Throws CertificateError.
IssuerIdentity identity_of(const Authority& authority);

/// What a certificate says of its subject.
struct CertificateContents {
    Bytes subject; // Name
    std::chrono::system_clock::time_point not_before;
    std::chrono::system_clock::time_point not_after;
    Bytes public_key_info;
    Bytes extensions; // Extension elements, beside the two key identifiers, which issue_certificate() adds
};

/// A version 3 certificate, DER, with a serial number of 16 random octets, positive.
Bytes issue_certificate(const CertificateContents& contents, const IssuerIdentity& issuer, HashAlgorithm hash);

/// A Name: O=alert40, and the common name where there is one.
Bytes subject_name(std::string_view common_name);

/// A root without its key, which is gone, and the intermediate that it signed.
struct AuthorityPair {
    Bytes root; // DER
    Authority intermediate;
};

/// Makes both for P-256, valid from a day before `now` to 30 days after. `of_a_stranger` only says so in the names.
AuthorityPair make_authorities(std::chrono::system_clock::time_point now, bool of_a_stranger);

} // namespace alert40
