// SPDX-License-Identifier: GPL-2.0-or-later
// Chains as plain values: what a certificate shall say, who issues it, what is sent. Dates are offsets from the run's
// clock, so nothing rots. A healthy plan is made from a recipe; its one defect, by name, is then applied (defects.h).
#pragma once

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
    std::string defect; // a name of defects.h; empty: healthy
};

enum class Issuer { intermediate, root, itself, stranger_intermediate };

/// One certificate to be issued.
struct CertificatePlan {
    std::string common_name;
    std::vector<std::string> dns_names;
    std::vector<std::string> ip_addresses;
    std::chrono::seconds not_before{};
    std::chrono::seconds not_after{};
    KeyType key = KeyType::ec_p256;
    HashAlgorithm hash = HashAlgorithm::sha256;
    std::uint16_t key_usage = 0;                 // as Certificate::key_usage; 0: no extension
    std::vector<std::string> extended_key_usage; // dotted OIDs
};

enum class ChainLink { leaf, intermediate, root, stranger_intermediate };

/// A whole chain: the leaf, who signs it, what the server sends in which order, and with which key it signs.
struct ChainPlan {
    CertificatePlan leaf;
    Issuer issuer = Issuer::intermediate;
    std::vector<ChainLink> sent{ChainLink::leaf, ChainLink::intermediate};
    bool foreign_key = false; // the private key handed out is not the leaf's
};

/// A healthy plan for `recipe` with these subject names, its defect applied.
/// Throws std::invalid_argument where the defect is not one of defects.h.
ChainPlan plan_chain(const ChainRecipe& recipe, const std::vector<std::string>& dns_names,
                     const std::vector<std::string>& ip_addresses);

} // namespace alert40
