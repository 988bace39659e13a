// SPDX-License-Identifier: GPL-2.0-or-later
// Whose words a recorded client prints: its name, version and library are free text, and point to voices of the
// vocabulary where they are known.
#pragma once

#include "client-checks/lexicons/vocabulary.h"

namespace alert40 {

/// Who printed it, as far as it is known: "curl", "curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.11",
/// "OpenSSL 3.0".
struct ClientIdentity {
    std::string name;
    std::string version;
    std::string library;
};

/// The lexicon that the identity's words point to; empty where none of them is known. A name wins over what it is built
/// on: "deno" over "rustls".
std::string lexicon_of(const ClientIdentity& client, const Vocabulary& words);

/// The client of the vocabulary that has this name, digits apart ("python3.11-urllib"), or a part of it ("nginx" of
/// "nginx-upstream"); empty where there is none.
std::string voice_of(const ClientIdentity& client, const Vocabulary& words);

struct ClientWords {
    Reading reading;
    std::string library; // what the identity points to, else what read it; empty: none
};

/// Exit status 0 without words of failure is `connected`.
ClientWords read_words(const Vocabulary& words, const ClientOutput& output, const ClientIdentity& client);

} // namespace alert40
