// SPDX-License-Identifier: GPL-2.0-or-later
// All the words that are known: each library's, those that client programs have of their own, each server software's.
// A text of an unknown program is tried on all of them.
//
//   Vocabulary words = load_vocabulary(data, client_files);
//   for (const auto& each : recognise(words, {output, errors, exit_code})) ...      the best first
#pragma once

#include "client-checks/lexicons/lexicon.h"

namespace alert40 {

/// Whose words they are. `page`: what a server writes into its answer, and every client may print.
enum class Speaker { page, server, client, library };

std::string_view name(Speaker speaker);

struct Voice {
    Speaker speaker{};
    std::string name;    // "openssl", "wget", "nginx": the file's stem
    std::string library; // of a client: its lexicon; else empty
    Lexicon lexicon;     // its own lines alone
};

struct Vocabulary {
    std::vector<Voice> voices;                             // in the order of Speaker
    std::map<std::string, Lexicon, std::less<>> libraries; // each with what it is like
};

/// client-checks/lexicons/*.toml, lexicons/servers/*.toml, lexicons/pages/*.toml, and the clients' own words, `more`
/// clients included. Throws InputError.
Vocabulary load_vocabulary(const std::filesystem::path& data, const std::vector<std::filesystem::path>& more = {});

/// One voice that knows the text.
struct Recognition {
    const Voice* voice = nullptr; // lives as long as the vocabulary
    Reading reading;
};

/// 0: nothing, 1: an HTTP status, 2: how a connection ended, 3: that it failed, 4: why.
int weight_of(const Reading& reading);

/// How much a reading says: of two the greater one is the better. Reasons before mere ends (closed, reset), numbers and
/// identifiers before prose, a long match before a short one, few meanings before many.
bool says_more(const Reading& left, const Reading& right);

/// Every voice that knows the text, the best first; readings of one line of one file once. An exit status of -1 is not
/// known, and decides nothing.
std::vector<Recognition> recognise(const Vocabulary& words, const ClientOutput& output);

/// What a client of a known library printed: a server's page that it shows, the client's own words, then the library's;
/// where none of them knows it, the best of all others. No voice where nobody knows it.
/// `client` and `library` are names of voices; either may be empty.
Recognition recognise_from(const Vocabulary& words, const ClientOutput& output, std::string_view client,
                           std::string_view library);

} // namespace alert40
