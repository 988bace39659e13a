// SPDX-License-Identifier: GPL-2.0-or-later
// Signing: a certificate from its contents, and the authorities (root and intermediate) that the forge issues from.
#pragma once

#include "certs/crypto.h"

#include <chrono>
#include <optional>

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

    // What only a defect says otherwise.
    unsigned version = 3;                      // below 3 there are no extensions
    Bytes serial_number;                       // content octets of the INTEGER; empty: 16 random octets, positive
    Bytes validity;                            // DER of Validity; empty: from the two dates
    std::optional<HashAlgorithm> claimed_hash; // in signatureAlgorithm, beside what the TBSCertificate says
};

/// A certificate, DER.
Bytes issue_certificate(const CertificateContents& contents, const IssuerIdentity& issuer, HashAlgorithm hash);

/// A Name: O=alert40, and the common name where there is one.
Bytes subject_name(std::string_view common_name);

/// A root without its key, which is gone, and the intermediates that it signed.
struct Authorities {
    Bytes root;             // DER
    Bytes root_crl;         // DER: none of the root's certificates is revoked, as long as it lasts
    Authority intermediate; // signs leaves
    Authority upper;        // without a path length: signs the further authorities that the forge makes below it
};

/// Makes all for P-256, valid from a day before `now` to 30 days after. `of_a_stranger` only says so in the names.
Authorities make_authorities(std::chrono::system_clock::time_point now, bool of_a_stranger);

/// A root for one chain alone, with its key, and a name of its own.
Authority make_own_root(std::string_view common_name, std::chrono::system_clock::time_point not_before,
                        std::chrono::system_clock::time_point not_after);

/// The certificate of the same subject and key as `certificate`, issued by another authority, with that one's dates.
Bytes cross_sign(ByteView certificate, const Authority& issuer);

} // namespace alert40
