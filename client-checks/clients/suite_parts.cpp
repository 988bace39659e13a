// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/clients/suite_parts.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace alert40 {
namespace {

/// "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA" -> ecdhe_ecdsa, AES_128_CBC, SHA; TLS 1.3 suites have no key exchange.
struct Parts {
    std::string key_exchange;
    std::string cipher;
    std::string mac;
};

Parts parts_of(const CipherSuiteInfo& suite)
{
    Parts parts;
    std::string_view rest = suite.iana_name.substr(4); // behind "TLS_"
    if (const auto with = rest.find("_WITH_"); with != std::string_view::npos) {
        for (const char letter : rest.substr(0, with)) parts.key_exchange += static_cast<char>(std::tolower(letter));
        rest = rest.substr(with + 6);
    }
    auto hash = rest.rfind("_SHA");
    if (hash == std::string_view::npos) hash = rest.rfind("_MD5");
    parts.cipher = rest.substr(0, hash);
    parts.mac = suite.bulk == BulkKind::aead ? "AEAD" : hash == std::string_view::npos ? "" : rest.substr(hash + 1);
    return parts;
}

const std::string* word(const StringMap& words, const std::string& part)
{
    const auto found = std::find_if(words.begin(), words.end(), [&](const auto& each) { return each.first == part; });
    return found == words.end() ? nullptr : &found->second;
}

/// A suite is offered where every part of it is among the chosen ones and a wished version can carry it.
bool is_offered(const CipherSuiteInfo& suite, const std::set<std::string>& chosen, const SuiteParts& parts,
                const ClientSettings& wishes)
{
    const Parts own = parts_of(suite);
    const auto has = [&](const StringMap& words, const std::string& part) {
        const auto* found = word(words, part);
        return found != nullptr && chosen.contains(*found);
    };
    if (!own.key_exchange.empty() && !has(parts.key_exchanges, own.key_exchange)) return false;
    if (!has(parts.ciphers, own.cipher) || !has(parts.macs, own.mac)) return false;
    return wishes.versions.empty() || std::any_of(wishes.versions.begin(), wishes.versions.end(),
                                                  [&](auto version) { return fits(suite, version); });
}

} // namespace

std::variant<std::string, Skip> compose_from_parts(const ClientDefinition& client, const ClientSettings& wishes,
                                                   const std::vector<CipherSuite>& suites)
{
    const SuiteParts& parts = *client.cipher_parts;
    std::vector<std::string> words;
    for (const auto suite : suites) {
        const Parts own = parts_of(*find_cipher_suite(suite));
        const std::pair<const StringMap&, std::string> wanted[] = {
            {parts.key_exchanges, own.key_exchange}, {parts.ciphers, own.cipher}, {parts.macs, own.mac}};
        for (const auto& [known, part] : wanted) {
            if (part.empty()) continue;
            const auto* found = word(known, part);
            if (found == nullptr) return Skip{fmt::format("{} does not have {}", client.name, name(suite))};
            if (std::find(words.begin(), words.end(), *found) == words.end()) words.push_back(*found);
        }
    }
    const std::set<std::string> chosen(words.begin(), words.end());
    for (const auto& info : all_cipher_suites()) {
        const bool wished = std::find(wishes.ciphers.begin(), wishes.ciphers.end(), info.value) != wishes.ciphers.end();
        if (!wished && !is_signalling(info.value) && is_offered(info, chosen, parts, wishes))
            return Skip{fmt::format("{} composes suites from parts, and these would also offer {}", client.name,
                                    name(info.value))};
    }
    std::string list;
    for (const auto& each : words) list += (list.empty() ? "" : ":") + each;
    return list;
}

} // namespace alert40
