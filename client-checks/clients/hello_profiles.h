// SPDX-License-Identifier: GPL-2.0-or-later
// The real ClientHello of each client, as `alert40-check clients --record-hellos` recorded it. hello_likeness.h finds
// the one that another ClientHello is like.
#pragma once

#include "server/wire/client_hello.h"

#include <filesystem>
#include <iosfwd>

namespace alert40 {

/// What one client sends when nothing special is asked of it. Its random, session id and key shares are zeros, so that
/// recording anew changes nothing but what the client changes.
struct HelloProfile {
    std::string client; // a name of client-checks/clients
    std::string version;
    std::string library;
    ClientHello hello;
    bool shuffles = false; // its extensions come in another order each time, so that its JA3 says nothing

    std::string title() const; // "curl 7.88.1 (openssl)"
};

/// Takes out what differs from one connection to the next. GREASE stays as it was sent.
HelloProfile make_profile(std::string client, std::string version, std::string library, const ClientHello& first,
                          const ClientHello& second);

/// The profiles that are part of the data: client-checks/clients/hellos.json, empty where there is no such file.
std::vector<HelloProfile> load_hello_profiles(const std::filesystem::path& data);

/// Throws InputError, naming the entry, where the file is none that write_hello_profiles() wrote.
std::vector<HelloProfile> read_hello_profiles(const std::filesystem::path& file);

/// JSON: what the ClientHello offers in the words of the RFCs, JA3, JA4, and the message itself in hexadecimal.
void write_hello_profiles(const std::vector<HelloProfile>& profiles, std::ostream& out);

/// Puts each of `recorded` in the place of the one of the same client and version, or beside the others, sorted.
std::vector<HelloProfile> merge_hello_profiles(std::vector<HelloProfile> stored, std::vector<HelloProfile> recorded);

} // namespace alert40
