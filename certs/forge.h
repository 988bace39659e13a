// SPDX-License-Identifier: GPL-2.0-or-later
// The forge: plans -> certificates signed by the state directory's authorities.
#pragma once

#include "certs/recipe.h"
#include "certs/store.h"

namespace alert40 {

/// What a TLS peer needs to present itself, and what is said about it elsewhere.
struct Chain {
    std::vector<Bytes> certificates; // in the order they are sent, leaf first; each as it is sent, DER or not
    PrivateKey key;
    bool key_matches = true;    // whether the key belongs to the leaf (SubjectPublicKeyInfo compared)
    Bytes leaf;                 // the leaf before anything was done to its octets
    Authority issuer;           // of the leaf: it signs CRLs and OCSP responses about it
    std::vector<Bytes> anchors; // DER; what a client has to trust where that is not the state directory's root
    bool revoked = false;
};

/// Where CRL, OCSP responder and issuers' certificates are published; an empty one is not named in certificates.
struct PublicationUrls {
    std::string issuer;
    std::string ocsp;
    std::string crl;
};

/// Forges `plan` with dates relative to `now`. Throws std::runtime_error.
Chain forge_chain(const ChainPlan& plan, StateDirectory& state, std::chrono::system_clock::time_point now,
                  const PublicationUrls& urls = {});

/// True where `key` is the private key of the DER certificate `leaf`. wolfSSL's own check is wrong for EC keys (5.5.4).
bool key_belongs_to(const PrivateKey& key, ByteView leaf);

/// The CRLs of the leaf's issuer, which lists the leaf where its recipe calls it revoked, and of the root, as PEM text.
std::string crls_pem(const Chain& chain, const StateDirectory& state, std::chrono::system_clock::time_point now);

/// The chain as PEM text, leaf first.
std::string chain_pem(const Chain& chain);

} // namespace alert40
