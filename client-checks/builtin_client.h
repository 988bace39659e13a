// SPDX-License-Identifier: GPL-2.0-or-later
// The builtin client: wolfSSL in the client's role, one connection, run as a child of alert40-check like every other
// client. It says what wolfSSL says: numbers, not prose of ours.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace alert40 {

struct BuiltinClientOptions {
    std::string connect; // host:port, the host an address
    std::string name;    // verified, and sent as SNI
    bool no_sni = false;
    std::filesystem::path ca;
    std::vector<std::string> versions, ciphers, groups, signature_schemes; // names, empty: wolfSSL's defaults
    std::filesystem::path certificate, key;                                // PEM; empty: none
};

/// Prints one line, "connected: ..." or "failed: ...", and returns the exit status: 0 connected, 1 failed.
int run_builtin_client(const BuiltinClientOptions& options);

} // namespace alert40
