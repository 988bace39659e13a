// SPDX-License-Identifier: GPL-2.0-or-later
// The client certificate and key that a user gives, and what is wrong with them before any server sees them.
#pragma once

#include "client-checks/probes/client_state.h"

#include <filesystem>

namespace alert40 {

/// Reads a chain (PEM, the client's own certificate first) and its private key (PEM: PKCS #8, PKCS #1 or SEC 1, without
/// a passphrase; it may be in the chain's file: then `key` is empty). Throws InputError naming the file and the remedy.
ClientIdentity read_identity(const std::filesystem::path& chain, const std::filesystem::path& key);

struct IdentityProblem {
    std::string cause; // client-certificate-expired, ...
    std::string fact;  // a sentence without full stop
};

/// What can be seen without a server: a key of another certificate, dates, purpose. Empty: nothing.
std::vector<IdentityProblem> judge_identity(const ClientIdentity& identity, std::chrono::system_clock::time_point now);

/// Whether one of the chain's issuers, or the certificate's own, is on the server's list (RFC 8446, section 4.2.4; an
/// empty list takes any); nullopt where the chain cannot be read.
std::optional<bool> is_on_list(const ClientIdentity& identity, const std::vector<Bytes>& authorities);

} // namespace alert40
