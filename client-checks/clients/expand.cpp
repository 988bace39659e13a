// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/clients/expand.h"

#include "client-checks/clients/expansion.h"
#include "client-checks/clients/suite_parts.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace alert40 {
namespace {

/// Which of the runs of a resumption is put together.
enum class Turn { first, second };

template <class T> const T* find(const std::vector<std::pair<std::string, T>>& map, std::string_view key)
{
    const auto found = std::find_if(map.begin(), map.end(), [&](const auto& each) { return each.first == key; });
    return found == map.end() ? nullptr : &found->second;
}

template <class T> std::optional<T> option_of(const std::vector<std::pair<std::string, T>>& map, std::string_view key)
{
    const T* found = find(map, key);
    return found == nullptr ? std::nullopt : std::optional(*found);
}

/// "*RC4*" means every name that holds RC4.
bool is_unknown(const ListStyle& style, std::string_view name)
{
    return std::any_of(style.unknown.begin(), style.unknown.end(), [&](std::string_view unknown) {
        if (unknown.size() < 2 || unknown.front() != '*') return unknown == name;
        return name.find(unknown.substr(1, unknown.size() - 2)) != std::string_view::npos;
    });
}

/// The client's own names; nullopt where it lacks one, and then it is skipped.
std::optional<std::vector<std::string>> styled(Expansion& expansion, const ClientDefinition& client,
                                               const ListStyle& style, const std::vector<std::string>& names)
{
    std::vector<std::string> items;
    for (const auto& name : names) {
        if (is_unknown(style, name)) {
            expansion.skip(fmt::format("{} does not have {}", client.name, name));
            return std::nullopt;
        }
        const std::string* mapped = find(style.names, name);
        items.push_back(style.prefix + (mapped != nullptr ? *mapped : name));
    }
    return items;
}

void add_list(Expansion& expansion, const std::optional<Option>& option, const ListStyle& style,
              const std::vector<std::string>& items, std::string_view what)
{
    if (!style.each) return expansion.add(option, what, {fmt::format("{}", fmt::join(items, style.separator)), {}, {}});
    for (const auto& item : items) expansion.add(option, what, {item, {}, {}});
}

void wish_list(Expansion& expansion, const ClientDefinition& client, const ListWish& wish,
               const std::vector<std::string>& names, const std::string& what)
{
    if (names.empty()) return;
    const auto joined = fmt::format("{}", fmt::join(names, ","));
    if (const auto* exact = find(wish.exact, joined)) return expansion.add(*exact, what);
    if (!wish.exact.empty() && !wish.option) return expansion.add(std::nullopt, what + " " + joined);
    if (const auto items = styled(expansion, client, wish.style, names))
        add_list(expansion, wish.option, wish.style, *items, what);
}

template <class T> std::vector<std::string> names_of(const std::vector<T>& values)
{
    std::vector<std::string> names;
    for (const auto value : values) names.emplace_back(name(value));
    return names;
}

/// `falling`: highest first.
bool has_gap(const std::vector<ProtocolVersion>& falling)
{
    const auto has = [&](ProtocolVersion version) {
        return std::find(falling.begin(), falling.end(), version) != falling.end();
    };
    const auto all = all_protocol_versions();
    return std::any_of(all.begin(), all.end(), [&](ProtocolVersion version) {
        return version > falling.back() && version < falling.front() && !has(version);
    });
}

bool takes_list(const std::optional<Option>& option)
{
    const auto has_list = [](const std::string& text) { return text.find("{list}") != std::string::npos; };
    return option &&
           (has_list(option->fragment) || std::any_of(option->arguments.begin(), option->arguments.end(), has_list));
}

void wish_versions(Expansion& expansion, const ClientDefinition& client, const ClientSettings& wishes)
{
    if (wishes.versions.empty()) return;
    auto versions = wishes.versions;
    // Highest first: GnuTLS sends supported_versions in the order of its priorities, and a server may follow it.
    std::sort(versions.begin(), versions.end(), std::greater<>());
    const auto items = styled(expansion, client, client.versions.style, names_of(versions));
    if (!items) return;
    if (has_gap(versions) && !takes_list(client.versions.option))
        return expansion.skip(fmt::format("{} takes a range of versions", client.name));
    expansion.add(
        client.versions.option, "versions",
        {fmt::format("{}", fmt::join(*items, client.versions.style.separator)), items->back(), items->front()});
}

bool is_legacy(CipherSuite suite)
{
    const auto* info = find_cipher_suite(suite);
    if (info == nullptr) return false;
    const auto has = [&](std::string_view part) { return info->iana_name.find(part) != std::string_view::npos; };
    return info->bulk == BulkKind::null || info->authentication == Authentication::none || has("_RC4_") ||
           has("_DES") || has("_EXPORT") || has("_MD5");
}

bool is_legacy(SignatureScheme scheme)
{
    const auto text = name(scheme);
    return text.find("sha1") != std::string::npos || text.find("md5") != std::string::npos;
}

/// What clients have switched off since, so that it must be allowed before it can be asked for.
bool asks_for_legacy(const ClientSettings& wishes)
{
    const auto is_old = [](ProtocolVersion version) { return version < ProtocolVersion::tls12; };
    const auto any = [](const auto& values, auto holds) { return std::any_of(values.begin(), values.end(), holds); };
    return any(wishes.versions, is_old) || any(wishes.ciphers, [](CipherSuite suite) { return is_legacy(suite); }) ||
           any(wishes.signature_schemes, [](SignatureScheme scheme) { return is_legacy(scheme); });
}

std::vector<std::string> suite_names(const ListStyle& style, const std::vector<CipherSuite>& suites)
{
    std::vector<std::string> names;
    for (const auto suite : suites) {
        const auto* info = find_cipher_suite(suite);
        const bool openssl = style.openssl_names && info != nullptr && !info->openssl_name.empty();
        names.emplace_back(openssl ? std::string(info->openssl_name) : name(suite));
    }
    return names;
}

void wish_suites(Expansion& expansion, const ClientDefinition& client, const ClientSettings& wishes, bool tls13)
{
    std::vector<CipherSuite> suites;
    for (const auto suite : wishes.ciphers) {
        const auto* info = find_cipher_suite(suite);
        if (info == nullptr || fits(*info, ProtocolVersion::tls13) != tls13) continue;
        if (is_unknown(client.cipher_style, info->iana_name))
            return expansion.skip(fmt::format("{} does not have {}", client.name, info->iana_name));
        suites.push_back(suite);
    }
    if (suites.empty()) return;
    const auto& option = tls13 ? client.ciphers_tls13 : client.ciphers_tls12;
    if (!client.cipher_parts) {
        const auto items = styled(expansion, client, client.cipher_style, suite_names(client.cipher_style, suites));
        if (items) add_list(expansion, option, client.cipher_style, *items, "cipher suites");
        return;
    }
    const auto list = compose_from_parts(client, wishes, suites);
    if (const auto* skip = std::get_if<Skip>(&list)) return expansion.skip(skip->why);
    expansion.add(option, "cipher suites", {std::get<std::string>(list), {}, {}});
}

/// Names for ALPN that make a ClientHello of at least `size` octets, whatever else is in it.
std::vector<std::string> padding(std::size_t size)
{
    constexpr std::size_t kLongest = 255; // RFC 7301, section 3.1
    std::vector<std::string> names;
    for (std::size_t filled = 0; filled < size; filled += kLongest + 1) {
        std::string name = fmt::format("alert40-padding-{}-", names.size());
        names.push_back(name + std::string(kLongest - name.size(), 'x'));
    }
    return names;
}

void wish_hello_size(Expansion& expansion, const ClientDefinition& client, const ClientSettings& wishes)
{
    if (!wishes.hello_size) return;
    const HelloSizeWish& wish = client.hello_size;
    if (wish.option && *wishes.hello_size > wish.most)
        return expansion.skip(
            fmt::format("{} cannot be made to send a ClientHello of more than {} octets", client.name, wish.most));
    if (!wishes.alpn.empty())
        return expansion.skip("client.hello_size is reached with ALPN, which client.alpn sets as well");
    add_list(expansion, wish.option, wish.style, padding(*wishes.hello_size),
             fmt::format("a ClientHello of {} octets", *wishes.hello_size));
}

std::string_view word(Revocation revocation)
{
    return revocation == Revocation::crl ? "crl" : "staple";
}
std::string_view word(Misconfiguration misconfiguration)
{
    return misconfiguration == Misconfiguration::unknown_ciphers ? "unknown-ciphers" : "empty-version-range";
}

void wish_session(Expansion& expansion, const ClientDefinition& client, const ClientSettings& wishes,
                  const Target& target, Turn turn)
{
    if (wishes.resume == Resume::none) return;
    const bool elsewhere = !target.first_host.empty() && target.first_host != target.host;
    const ResumeWish& resume = client.resume;
    if (resume.within && !elsewhere)
        expansion.add(resume.within, {});
    else
        expansion.add(turn == Turn::first ? resume.first : resume.second,
                      elsewhere ? "a session of another address" : "a resumed session");
    if (wishes.early_data && (turn == Turn::second || resume.within)) expansion.add(client.early_data, "early data");
}

void wish_checks(Expansion& expansion, const ClientDefinition& client, const ClientSettings& wishes)
{
    if (wishes.clock.count() != 0) expansion.add(client.clock, "a wrong clock");
    if (wishes.revocation != Revocation::none)
        expansion.add(option_of(client.revocation, word(wishes.revocation)), wishes.revocation == Revocation::crl
                                                                                 ? "a check against a CRL"
                                                                                 : "a check of the stapled response");
    if (!wishes.pin.empty()) expansion.add(client.pin, "a pinned key");
    if (wishes.require_extended_master_secret)
        expansion.add(client.require_extended_master_secret, "insisting on extended_master_secret");
    if (!wishes.extended_master_secret)
        expansion.add(client.no_extended_master_secret, "leaving out extended_master_secret");
    if (wishes.fallback_scsv) expansion.add(client.fallback_scsv, "TLS_FALLBACK_SCSV");
    if (wishes.misconfigured != Misconfiguration::none)
        expansion.add(option_of(client.misconfigured, word(wishes.misconfigured)), "this misconfiguration");
}

std::variant<Invocation, Skip> expand_run(const ClientDefinition& client, const ClientSettings& wishes,
                                          const Dialogue* dialogue, const Target& target, Turn turn)
{
    Expansion expansion(client, wishes, target);
    if (dialogue != nullptr) expansion.speak(*dialogue);
    if (wishes.server_name == "none")
        expansion.add(client.no_server_name, "a ClientHello without SNI");
    else
        expansion.add(client.server_name, "a server name");
    wish_versions(expansion, client, wishes);
    if (client.legacy && asks_for_legacy(wishes)) expansion.add(client.legacy, "what is legacy");
    wish_suites(expansion, client, wishes, false);
    wish_suites(expansion, client, wishes, true);
    wish_list(expansion, client, client.groups, names_of(wishes.groups), "groups");
    wish_list(expansion, client, client.signature_schemes, names_of(wishes.signature_schemes), "signature schemes");
    wish_list(expansion, client, client.alpn, wishes.alpn, "ALPN");
    if (!target.client_chain.empty()) expansion.add(client.certificate, "a client certificate");
    wish_hello_size(expansion, client, wishes);
    wish_session(expansion, client, wishes, target, turn);
    wish_checks(expansion, client, wishes);
    auto command = expansion.command();
    if (auto* skip = std::get_if<Skip>(&command)) return *skip;
    Invocation invocation;
    invocation.command = std::get<Command>(std::move(command));
    if (client.program && !client.program->warm.empty() && !expansion.has_environment())
        invocation.warm_prefix = client.program->warm.size() - 1;
    return invocation;
}

std::string_view protocol_name(Starttls protocol)
{
    switch (protocol) {
    case Starttls::none:
        return "none";
    case Starttls::smtp:
        return "smtp";
    case Starttls::imap:
        return "imap";
    case Starttls::pop3:
        return "pop3";
    case Starttls::ftp:
        return "ftp";
    case Starttls::postgres:
        return "postgres";
    case Starttls::mysql:
        return "mysql";
    case Starttls::ldap:
        return "ldap";
    case Starttls::xmpp:
        return "xmpp";
    }
    return "";
}

} // namespace

std::vector<std::string> fill_paths(std::vector<std::string> argv, const Target& target)
{
    const std::pair<std::string_view, const std::filesystem::path*> paths[] = {
        {"{source}", &target.source}, {"{build}", &target.build}, {"{bin}", &target.bin}, {"{self}", &target.self}};
    for (auto& word : argv)
        for (const auto& [placeholder, path] : paths)
            if (const auto at = word.find(placeholder); at != std::string::npos)
                word.replace(at, placeholder.size(), path->string());
    return argv;
}

std::variant<Invocation, Skip> expand(const ClientDefinition& client, const ClientSettings& wishes,
                                      const Target& target, Starttls starttls)
{
    const Dialogue* dialogue = nullptr;
    if (starttls != Starttls::none) {
        dialogue = find(client.starttls, protocol_name(starttls));
        if (dialogue == nullptr)
            return Skip{fmt::format("{} cannot be asked for STARTTLS of {}", client.name, protocol_name(starttls))};
    }
    auto expanded = expand_run(client, wishes, dialogue, target, Turn::second);
    auto* invocation = std::get_if<Invocation>(&expanded);
    if (invocation == nullptr) return expanded;
    if (dialogue != nullptr) invocation->connected_pattern = dialogue->connected_pattern;
    const bool elsewhere = !target.first_host.empty() && target.first_host != target.host;
    if (wishes.resume == Resume::none || (client.resume.within && !elsewhere)) return expanded;
    Target first = target;
    if (elsewhere) std::swap(first.host, first.first_host);
    auto before = expand_run(client, wishes, dialogue, first, Turn::first);
    if (auto* skip = std::get_if<Skip>(&before)) return *skip;
    invocation->before = std::get<Invocation>(before).command;
    invocation->warm_prefix.reset(); // the session goes from one process to the next
    return expanded;
}

} // namespace alert40
