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
    std::vector<std::string> alpn;
    std::string starttls;      // the protocol that is spoken first; empty: TLS at once
    bool resume = false;       // connects twice, the second time with the session of the first
    bool check_staple = false; // asks for an OCSP response, and judges it
    std::filesystem::path crl; // PEM; empty: none is looked at
    long clock = 0;            // seconds by which its clock is wrong
    std::string pin;           // base64 of the SHA-256 of the SubjectPublicKeyInfo it insists on; empty: any
    bool extended_master_secret = true;
};

/// Prints one line, "connected: ..." or "failed: ...", and returns the exit status: 0 connected, 1 failed.
int run_builtin_client(const BuiltinClientOptions& options);

} // namespace alert40
