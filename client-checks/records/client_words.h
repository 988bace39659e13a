// SPDX-License-Identifier: GPL-2.0-or-later
// What a client's words mean when nobody said which lexicon to read them with: the one that its name, version and
// library point to, and then all of them.
#pragma once

#include "client-checks/lexicons/lexicon.h"

namespace alert40 {

using Lexicons = std::map<std::string, Lexicon, std::less<>>;

/// Who printed it, as far as it is known: "curl", "curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.11",
/// "OpenSSL 3.0".
struct ClientIdentity {
    std::string name;
    std::string version;
    std::string library;
};

struct ClientWords {
    Reading reading;
    std::string library; // the lexicon's name that read it, or that the identity points to; empty: none
};

/// The lexicon that the identity's words point to; empty where none of them is known. A name wins over what it is built
/// on: "deno" over "rustls".
std::string lexicon_of(const ClientIdentity& client, const Lexicons& lexicons);

/// Exit status 0 without words of failure is `connected`.
ClientWords read_words(const Lexicons& lexicons, const ClientOutput& output, const ClientIdentity& client);

} // namespace alert40
