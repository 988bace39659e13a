// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/clients/expand.h"

#include "client-checks/clients/suite_parts.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <system_error>

namespace alert40 {
namespace {

std::string replace_all(std::string text, std::string_view what, std::string_view with)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

const std::string* find(const StringMap& map, std::string_view key)
{
    for (const auto& [name, value] : map)
        if (name == key) return &value;
    return nullptr;
}

/// Collects what the wishes add; the first wish that cannot be expressed is the skip.
class Expansion {
public:
    Expansion(const ClientDefinition& client, const Target& target) : client_(client), target_(target) {}

    void add(const std::optional<Option>& option, const std::string& list, std::string_view what)
    {
        if (!option) return skip(fmt::format("{} cannot be asked for {}", client_.name, what));
        for (const auto& argument : option->arguments) arguments_.push_back(fill(argument, list));
        fragments_ += fill(option->fragment, list);
        for (const auto& [name, value] : option->environment) environment_.emplace_back(name, fill(value, list));
        for (const auto& [name, content] : option->files) write(name, fill(content, list));
    }
    void skip(std::string why)
    {
        if (!skip_) skip_ = Skip{std::move(why)};
    }

    std::variant<Command, Skip> command() const
    {
        if (skip_) return *skip_;
        Command command;
        for (const auto& word : client_.argv) {
            if (word == "{wishes}")
                command.argv.insert(command.argv.end(), arguments_.begin(), arguments_.end());
            else
                command.argv.push_back(replace_all(fill(word, {}), "{fragments}", fragments_));
        }
        for (const auto& [name, value] : client_.environment) command.environment.emplace_back(name, fill(value, {}));
        command.environment.insert(command.environment.end(), environment_.begin(), environment_.end());
        command.input = fill(client_.input, {});
        return command;
    }

private:
    std::string fill(std::string text, const std::string& list) const
    {
        const std::pair<std::string_view, std::string> values[] = {
            {"{host}", target_.host},
            {"{port}", fmt::format("{}", target_.port)},
            {"{name}", target_.name},
            {"{ca}", target_.ca.string()},
            {"{self}", target_.self.string()},
            {"{run}", target_.run_directory.string()},
            {"{client_chain}", target_.client_chain.string()},
            {"{client_key}", target_.client_key.string()},
            {"{list}", list},
        };
        for (const auto& [placeholder, value] : values) text = replace_all(std::move(text), placeholder, value);
        for (auto at = text.find("{file:"); at != std::string::npos; at = text.find("{file:", at + 1)) {
            const auto end = text.find('}', at);
            if (end == std::string::npos) break;
            text.replace(at, end + 1 - at, file_path(text.substr(at + 6, end - at - 6)).string());
        }
        return text;
    }
    /// Cells share the run directory; the port tells them apart.
    std::filesystem::path file_path(const std::string& name) const
    {
        return target_.run_directory / fmt::format("{}-{}", target_.port, name);
    }
    void write(const std::string& name, const std::string& content) const
    {
        const auto path = file_path(name);
        std::ofstream file(path, std::ios::binary);
        file << content << std::flush;
        if (!file) throw std::system_error(errno, std::generic_category(), "cannot write " + path.string());
    }

    const ClientDefinition& client_;
    const Target& target_;
    std::vector<std::string> arguments_;
    std::string fragments_;
    StringMap environment_;
    std::optional<Skip> skip_;
};

/// {list} of `names`, or the name that the client does not have.
std::variant<std::string, Skip> styled_list(const ClientDefinition& client, const ListStyle& style,
                                            const std::vector<std::string>& names)
{
    std::vector<std::string> items;
    for (const auto& name : names) {
        if (std::find(style.unknown.begin(), style.unknown.end(), name) != style.unknown.end())
            return Skip{fmt::format("{} does not have {}", client.name, name)};
        const std::string* mapped = find(style.names, name);
        items.push_back(style.prefix + (mapped != nullptr ? *mapped : name));
    }
    return fmt::format("{}", fmt::join(items, style.separator));
}

template <class T>
void wish_list(Expansion& expansion, const ClientDefinition& client, const std::optional<Option>& option,
               const ListStyle& style, const std::vector<T>& values, std::string_view what)
{
    if (values.empty()) return;
    std::vector<std::string> names;
    for (const auto value : values) names.push_back(name(value));
    const auto list = styled_list(client, style, names);
    if (const auto* skip = std::get_if<Skip>(&list)) return expansion.skip(skip->why);
    expansion.add(option, std::get<std::string>(list), what);
}

void wish_versions(Expansion& expansion, const ClientDefinition& client, const ClientSettings& wishes)
{
    if (wishes.versions.empty()) return;
    const auto [least, most] = std::minmax_element(wishes.versions.begin(), wishes.versions.end());
    const auto range = *least == *most ? name(*least) : name(*least) + "-" + name(*most);
    const auto found = std::find_if(client.versions.begin(), client.versions.end(),
                                    [&](const auto& each) { return each.first == range; });
    expansion.add(found == client.versions.end() ? std::nullopt : std::optional(found->second), {}, "TLS " + range);
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
        if (info != nullptr && fits(*info, ProtocolVersion::tls13) == tls13) suites.push_back(suite);
    }
    if (suites.empty()) return;
    const auto list = client.cipher_parts
                          ? compose_from_parts(client, wishes, suites)
                          : styled_list(client, client.cipher_style, suite_names(client.cipher_style, suites));
    if (const auto* skip = std::get_if<Skip>(&list)) return expansion.skip(skip->why);
    expansion.add(tls13 ? client.ciphers_tls13 : client.ciphers_tls12, std::get<std::string>(list), "cipher suites");
}

} // namespace

std::variant<Command, Skip> expand(const ClientDefinition& client, const ClientSettings& wishes, const Target& target)
{
    Expansion expansion(client, target);
    if (wishes.server_name == "none")
        expansion.add(client.no_server_name, {}, "a ClientHello without SNI");
    else
        expansion.add(client.server_name, {}, "a server name");
    wish_versions(expansion, client, wishes);
    wish_suites(expansion, client, wishes, false);
    wish_suites(expansion, client, wishes, true);
    wish_list(expansion, client, client.groups, client.group_style, wishes.groups, "groups");
    wish_list(expansion, client, client.signature_schemes, client.signature_scheme_style, wishes.signature_schemes,
              "signature schemes");
    if (!target.client_chain.empty()) expansion.add(client.certificate, {}, "a client certificate");
    return expansion.command();
}

} // namespace alert40
