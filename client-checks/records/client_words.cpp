// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/records/client_words.h"

#include <algorithm>
#include <cctype>

namespace alert40 {
namespace {

struct Pointer {
    std::string_view word; // in lower case
    std::string_view lexicon;
};

// In this order: what is built on a library speaks for itself.
constexpr Pointer kPointers[] = {
    {"deno", "deno"},
    {"bun", "bun"},
    {"mono", "mono"},
    {"firefox", "firefox"},
    {"chrom", "chromium"},
    {"bouncy", "bouncy-castle"},
    {"undici", "node-openssl"},
    {"node", "node-openssl"},
    {"jsse", "jsse"},
    {"openjdk", "jsse"},
    {"java", "jsse"},
    {"erlang", "erlang"},
    {"botan", "botan"},
    {"wolfssl", "wolfssl"},
    {"mbedtls", "mbedtls"},
    {"mbed tls", "mbedtls"},
    {"bearssl", "bearssl"},
    {"schannel", "schannel"},
    {"secure transport", "secure-transport"},
    {"securetransport", "secure-transport"},
    {"rustls", "rustls"},
    {"haskell", "haskell-tls"},
    {"crypto/tls", "go"},
    {"go version", "go"},
    {"gnutls", "gnutls"},
    {"nss", "nss"},
    {"boringssl", "boringssl"},
    {"openssl", "openssl"},
};

std::string lower(std::string_view text)
{
    std::string all(text);
    std::transform(all.begin(), all.end(), all.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return all;
}

bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/// A short word stands alone: "nss" is no part of "openssl".
bool has_word(const std::string& words, std::string_view word)
{
    constexpr std::size_t kShort = 4;
    for (auto at = words.find(word); at != std::string::npos; at = words.find(word, at + 1)) {
        const auto behind = at + word.size();
        const bool alone =
            (at == 0 || !is_letter(words[at - 1])) && (behind == words.size() || !is_letter(words[behind]));
        if (alone || word.size() > kShort) return true;
    }
    return false;
}

/// Node's words changed with the OpenSSL that it is built on.
std::string_view node_lexicon(const std::string& words)
{
    if (words.find("openssl 1.0") != std::string::npos) return "node-openssl-1.0";
    if (words.find("openssl 1.1") != std::string::npos) return "node-openssl-1.1";
    if (words.find("openssl 3.0") != std::string::npos) return "node-openssl-3.0";
    return "node-openssl";
}

/// Without what changes with a version: "python3.11-urllib" and "python-urllib" are one.
std::string without_digits(std::string_view name)
{
    std::string all = lower(name);
    std::erase_if(all, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
    return all;
}

/// One is the other, or the first words of it.
bool is_part(std::string_view shorter, std::string_view longer)
{
    constexpr std::size_t kShortest = 3;
    return shorter.size() >= kShortest && longer.starts_with(shorter);
}

} // namespace

std::string lexicon_of(const ClientIdentity& client, const Vocabulary& words)
{
    const std::string known = lower(client.name + " " + client.library + " " + client.version);
    for (const auto& [word, lexicon] : kPointers) {
        if (!has_word(known, word)) continue;
        const auto named = lexicon == "node-openssl" ? node_lexicon(known) : lexicon;
        if (words.libraries.find(named) != words.libraries.end()) return std::string(named);
    }
    return {};
}

std::string voice_of(const ClientIdentity& client, const Vocabulary& words)
{
    const std::string name = without_digits(client.name);
    std::string best;
    for (const auto& voice : words.voices) {
        if (voice.speaker != Speaker::client) continue;
        if (voice.name == client.name) return voice.name;
        const std::string known = without_digits(voice.name);
        const bool fits = is_part(known, name) || is_part(name, known);
        if (fits && (best.empty() || known == name)) best = voice.name;
    }
    return best;
}

ClientWords read_words(const Vocabulary& words, const ClientOutput& output, const ClientIdentity& client)
{
    ClientWords result;
    result.library = lexicon_of(client, words);
    const std::string voice = voice_of(client, words);
    Recognition known = recognise_from(words, output, voice, result.library);
    result.reading = std::move(known.reading);
    if (result.library.empty() && known.voice != nullptr)
        result.library = known.voice->library.empty() ? known.voice->name : known.voice->library;
    if (output.exit_code != 0) return result;
    // A success prints much that somebody else prints of a failure: only its own words count, and a server's page.
    const bool page = known.voice != nullptr && known.voice->speaker == Speaker::page;
    const bool own = known.voice != nullptr && (known.voice->name == voice || known.voice->name == result.library);
    if (page || own) return result;
    result.reading = {};
    const bool silent = output.output.empty() && output.errors.empty();
    if (!silent) result.reading.symptoms = {*Symptom::parse("connected")};
    return result;
}

} // namespace alert40
