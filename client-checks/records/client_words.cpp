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

} // namespace

std::string lexicon_of(const ClientIdentity& client, const Lexicons& lexicons)
{
    const std::string words = lower(client.name + " " + client.library + " " + client.version);
    for (const auto& [word, lexicon] : kPointers) {
        if (!has_word(words, word)) continue;
        const auto named = lexicon == "node-openssl" ? node_lexicon(words) : lexicon;
        if (lexicons.find(named) != lexicons.end()) return std::string(named);
    }
    return {};
}

ClientWords read_words(const Lexicons& lexicons, const ClientOutput& output, const ClientIdentity& client)
{
    ClientWords result;
    result.library = lexicon_of(client, lexicons);
    const auto own = lexicons.find(result.library);
    if (own != lexicons.end()) result.reading = read_output(own->second, output);
    if (!result.reading.symptoms.empty()) return result;
    if (output.exit_code == 0 || (output.output.empty() && output.errors.empty())) {
        if (output.exit_code == 0) result.reading.symptoms = {*Symptom::parse("connected")};
        return result;
    }
    for (const auto& [name, lexicon] : lexicons) {
        Reading reading = read_output(lexicon, {output.output, output.errors, -1});
        if (reading.symptoms.empty()) continue;
        result.reading = std::move(reading);
        if (result.library.empty()) result.library = name;
        return result;
    }
    return result;
}

} // namespace alert40
