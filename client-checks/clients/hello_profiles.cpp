// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/clients/hello_profiles.h"

#include "certs/hex.h"
#include "scenarios/loader/input_error.h"
#include "server/wire/client_hello_extensions.h"
#include "server/wire/fingerprint.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

namespace alert40 {
namespace {

constexpr std::size_t kHandshakeHeader = 4;

template <class T> std::vector<std::string> names_of(const std::vector<T>& values)
{
    std::vector<std::string> names;
    for (const auto value : values) names.push_back(name(value));
    return names;
}

std::vector<ExtensionType> extension_types(const ClientHello& hello)
{
    std::vector<ExtensionType> types;
    for (const auto& extension : hello.extensions) types.push_back(extension.type);
    return types;
}

ClientHello without_chance(ClientHello hello)
{
    hello.random.fill(0);
    std::fill(hello.session_id.begin(), hello.session_id.end(), std::uint8_t{0});
    if (!hello.has_extension(ExtensionType::key_share)) return hello;
    auto shares = hello.key_shares();
    for (auto& share : shares) std::fill(share.key_exchange.begin(), share.key_exchange.end(), std::uint8_t{0});
    set_extension(hello.extensions, key_share_extension(shares));
    return hello;
}

nlohmann::ordered_json profile_json(const HelloProfile& profile)
{
    const ClientHello& hello = profile.hello;
    const Bytes message = compose_client_hello(hello);
    return {{"client", profile.client},
            {"version", profile.version},
            {"library", profile.library},
            {"ja4", ja4(hello)},
            {"ja4_text", ja4_text(hello)},
            {"ja3", ja3(hello)},
            {"ja3_text", ja3_text(hello)},
            {"shuffles_extensions", profile.shuffles},
            {"size", message.size() + kHandshakeHeader},
            {"versions", names_of(hello.offered_versions())},
            {"cipher_suites", names_of(hello.cipher_suites)},
            {"groups", names_of(hello.groups())},
            {"key_shares", names_of(hello.key_share_groups())},
            {"signature_schemes", names_of(hello.signature_schemes())},
            {"alpn", hello.alpn_protocols()},
            {"extensions", names_of(extension_types(hello))},
            {"client_hello", to_hex(message)}};
}

HelloProfile read_profile(const nlohmann::json& entry, const std::string& where)
{
    const auto text = [&](const char* key) {
        const auto found = entry.find(key);
        if (found == entry.end() || !found->is_string())
            throw InputError(fmt::format("{}: the text '{}' is missing", where, key));
        return found->get<std::string>();
    };
    if (!entry.is_object()) throw InputError(fmt::format("{}: not an object", where));
    HelloProfile profile{text("client"), text("version"), text("library"), {}, false};
    if (const auto found = entry.find("shuffles_extensions"); found != entry.end() && found->is_boolean())
        profile.shuffles = found->get<bool>();
    const auto message = parse_hex(text("client_hello"));
    if (!message) throw InputError(fmt::format("{}: 'client_hello' is not hexadecimal", where));
    auto parsed = parse_client_hello(*message);
    if (const auto* error = std::get_if<WireError>(&parsed))
        throw InputError(fmt::format("{}: {}", where, error->text));
    profile.hello = std::get<ClientHello>(std::move(parsed));
    return profile;
}

} // namespace

std::string HelloProfile::title() const
{
    return version.empty() ? fmt::format("{} ({})", client, library)
                           : fmt::format("{} {} ({})", client, version, library);
}

HelloProfile make_profile(std::string client, std::string version, std::string library, const ClientHello& first,
                          const ClientHello& second)
{
    const bool shuffles = ja3_text(first) != ja3_text(second) && ja4(first) == ja4(second);
    return {std::move(client), std::move(version), std::move(library), without_chance(first), shuffles};
}

std::vector<HelloProfile> load_hello_profiles(const std::filesystem::path& data)
{
    const auto file = data / "client-checks" / "clients" / "hellos.json";
    std::error_code ignored;
    return std::filesystem::exists(file, ignored) ? read_hello_profiles(file) : std::vector<HelloProfile>{};
}

std::vector<HelloProfile> read_hello_profiles(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in) throw InputError(fmt::format("{} cannot be read", file.string()));
    const auto list = nlohmann::json::parse(in, nullptr, false);
    if (!list.is_array())
        throw InputError(fmt::format("{} is no list of recorded ClientHellos", file.string()),
                         "alert40-check clients --record-hellos writes one");
    std::vector<HelloProfile> profiles;
    for (const auto& entry : list)
        profiles.push_back(read_profile(entry, fmt::format("{}: entry {}", file.string(), profiles.size() + 1)));
    return profiles;
}

void write_hello_profiles(const std::vector<HelloProfile>& profiles, std::ostream& out)
{
    // A line for each key, so that a difference between two recordings can be read.
    const auto replace = nlohmann::json::error_handler_t::replace; // a name in ALPN may be no UTF-8
    std::vector<std::string> entries;
    for (const auto& profile : profiles) {
        const auto entry = profile_json(profile);
        std::vector<std::string> lines;
        for (const auto& [key, value] : entry.items())
            lines.push_back(fmt::format("  \"{}\": {}", key, value.dump(-1, ' ', true, replace)));
        entries.push_back(fmt::format(" {{\n{}\n }}", fmt::join(lines, ",\n")));
    }
    out << fmt::format("[\n{}\n]\n", fmt::join(entries, ",\n"));
}

std::vector<HelloProfile> merge_hello_profiles(std::vector<HelloProfile> stored, std::vector<HelloProfile> recorded)
{
    const auto key = [](const HelloProfile& profile) { return std::tie(profile.client, profile.version); };
    for (auto& profile : recorded) {
        const auto found =
            std::find_if(stored.begin(), stored.end(), [&](const auto& each) { return key(each) == key(profile); });
        if (found == stored.end())
            stored.push_back(std::move(profile));
        else
            *found = std::move(profile);
    }
    std::sort(stored.begin(), stored.end(),
              [&](const auto& left, const auto& right) { return key(left) < key(right); });
    return stored;
}

} // namespace alert40
