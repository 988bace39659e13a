// SPDX-License-Identifier: GPL-2.0-or-later
// Trust anchors, and the paths that lead to them (RFC 5280, section 6.1, as far as a diagnosis needs it: names,
// signatures and dates; constraints and purposes are the caller's).
#pragma once

#include "certs/certificate.h"

#include <filesystem>
#include <functional>

namespace alert40 {

struct TrustStore {
    std::vector<Certificate> anchors;
    std::string source;     // "/etc/ssl/certs/ca-certificates.crt"
    std::size_t unread = 0; // certificates of it that could not be read
};

/// The certificates of a PEM file, or of one that is DER. Throws std::runtime_error naming the file and what is wrong
/// with it: it cannot be read, holds no certificate, or holds one that cannot be read and no other.
TrustStore read_trust_store(const std::filesystem::path& file);

/// What this system trusts: SSL_CERT_FILE, else the first of the bundles of Debian, Red Hat, SUSE, Alpine and FreeBSD
/// that is there. Without any the store is empty, and so is its source.
TrustStore system_trust_store();

/// Every certificate in PEM text, in order, as DER; what stands between the blocks is passed over.
std::vector<Bytes> certificates_in_pem(std::string_view text);

/// Whether `issuer` made `certificate`'s signature; nullopt where the algorithm is one that cannot be judged here
/// (RSASSA-PSS, a curve or a key length beyond what the crypto library has).
std::optional<bool> made_signature(const Certificate& certificate, const Certificate& issuer);

/// A way from the leaf upwards; the last one is an anchor where `anchored`.
struct TrustPath {
    std::vector<const Certificate*> links;
    bool anchored = false;
};

/// The ways from `sent.front()` through the other certificates that were sent to an anchor, at most 16, the shortest
/// first; where there is none, the longest way that leads to no anchor, alone. The result points into both arguments.
std::vector<TrustPath> trust_paths(const std::vector<Certificate>& sent, const TrustStore& trust);

} // namespace alert40
