// SPDX-License-Identifier: GPL-2.0-or-later
// Chains as plain values: what a certificate shall say, who issues it, what is sent. Dates are offsets from the run's
// clock, so nothing rots. A healthy plan is made from a recipe; its one defect, by name, is then applied (defects.h).
#pragma once

#include "certs/certificate.h"
#include "certs/crypto.h"

#include <chrono>
#include <optional>

namespace alert40 {

enum class CertificatePurpose { server, client };

/// What recipes/*.toml, or an inline table in a scenario, say.
struct ChainRecipe {
    std::string id; // "expired": the file's name; empty for an inline table
    std::string summary;
    CertificatePurpose purpose = CertificatePurpose::server;
    KeyType key = KeyType::ec_p256;
    std::string defect;       // a name of defects.h; empty: healthy
    bool publishes = false;   // the leaf says where its issuer, CRL and OCSP responder are found
    bool must_staple = false; // RFC 7633
};

/// One certificate to be issued.
struct CertificatePlan {
    std::string common_name;
    bool empty_subject = false; // no Organization either
    std::vector<std::string> dns_names;
    std::vector<std::string> ip_addresses;
    std::chrono::seconds not_before{};
    std::chrono::seconds not_after{};
    KeyType key = KeyType::ec_p256;
    HashAlgorithm hash = HashAlgorithm::sha256;
    std::uint16_t key_usage = 0;                 // as Certificate::key_usage; 0: no extension
    std::vector<std::string> extended_key_usage; // dotted OIDs
    std::optional<BasicConstraints> basic_constraints;
    std::vector<std::string> permitted_dns_names; // empty: no name constraints
    bool names_issuer_url = false;                // where the services of PublicationUrls are known
    bool names_ocsp_url = false;
    bool names_crl_url = false;

    // What only a defect says.
    unsigned version = 3;
    Bytes serial_number;                           // content octets of the INTEGER; empty: random
    Bytes validity;                                // DER; empty: from the dates
    Bytes further_extensions;                      // Extension elements, DER
    std::optional<HashAlgorithm> claimed_hash;     // in the outer signatureAlgorithm alone
    Bytes (*rewrite)(Bytes certificate) = nullptr; // what becomes of the finished DER
};

/// Who issues the first certificate that is made, from above. `own_root`: a root of this chain alone.
enum class Issuer { intermediate, upper, itself, stranger_intermediate, own_root };

/// What a server sends. `authorities`: all that are made for this chain, the leaf's own issuer first.
enum class ChainLink {
    leaf,
    authorities,
    intermediate,
    upper,
    root,
    stranger_intermediate,
    stranger_root,
    cross_signed_root, // the root's name and key, signed by a root that has expired
    own_root,
    filler, // an unrelated certificate of 16 KiB
};

/// A whole chain: the leaf, who signs it, what the server sends in which order, and with which key it signs.
struct ChainPlan {
    CertificatePlan leaf;
    std::vector<CertificatePlan> authorities; // between leaf and issuer, the leaf's own issuer first
    Issuer issuer = Issuer::intermediate;
    std::vector<ChainLink> sent{ChainLink::leaf, ChainLink::intermediate};
    std::chrono::seconds own_root_ends{std::chrono::days{7}};
    bool foreign_key = false; // the private key handed out is not the leaf's
    bool second_key = false;  // the leaf has the other cached key of its type
    bool revoked = false;     // as CRL and OCSP responder say
};

/// A healthy plan for `recipe` with these subject names, its defect applied.
/// Throws std::invalid_argument where the defect is not one of defects.h.
ChainPlan plan_chain(const ChainRecipe& recipe, const std::vector<std::string>& dns_names,
                     const std::vector<std::string>& ip_addresses);

/// A healthy authority below Issuer::upper: P-256, with a DNS name below .test (see make_authorities()).
CertificatePlan authority_plan(std::string_view common_name);

} // namespace alert40
