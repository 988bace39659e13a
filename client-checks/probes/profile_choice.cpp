// SPDX-License-Identifier: GPL-2.0-or-later
// Whose ClientHello is meant.
#include "certs/hex.h"
#include "client-checks/probes/hello_maker.h"
#include "scenarios/loader/input_error.h"
#include "server/wire/handshake.h"
#include "server/wire/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <set>

namespace alert40 {
namespace {

constexpr std::size_t kMostOfFile = 256 * 1024;

/// "Node-20" and "node20" are one.
std::string plain(std::string_view name)
{
    std::string letters;
    for (const unsigned char each : name)
        if (std::isalnum(each) != 0) letters += static_cast<char>(std::tolower(each));
    return letters;
}

/// Names that the field has for the same program.
std::string customary(std::string_view name)
{
    static const std::pair<std::string_view, std::string_view> kAliases[] = {{"sclient", "openssl"},
                                                                             {"opensslsclient", "openssl"},
                                                                             {"curlv", "curl"},
                                                                             {"phpstreams", "php"},
                                                                             {"phpcurl", "curl"},
                                                                             {"perllwp", "perl"},
                                                                             {"erlanghttpc", "erlang"},
                                                                             {"denofetch", "deno"},
                                                                             {"denotls", "deno"},
                                                                             {"bunfetch", "bun"},
                                                                             {"javaurlconn", "java-urlconnection"},
                                                                             {"java", "java-httpclient"},
                                                                             {"jsse", "java-httpclient"},
                                                                             {"python", "python-ssl"},
                                                                             {"pythonsslraw", "python-ssl"},
                                                                             {"python3", "python-ssl"},
                                                                             {"tstclnt", "nss-tstclnt"},
                                                                             {"nss", "nss-tstclnt"},
                                                                             {"mosquittosub", "mosquitto"},
                                                                             {"stunnelclient", "stunnel"},
                                                                             {"nginxupstream", "nginx"},
                                                                             {"haproxybackend", "haproxy"},
                                                                             {"wolfssl", "builtin"},
                                                                             {"gnutls", "gnutls-cli"},
                                                                             {"aria2c", "wget"},
                                                                             {"lynx", "wget"},
                                                                             {"node", "node-20"},
                                                                             {"nodefetch", "node-fetch"},
                                                                             {"node20fetch", "node-fetch"},
                                                                             {"undici", "node-fetch"},
                                                                             {"node10", "node-16"},
                                                                             {"node24fetch", "node-24"},
                                                                             {"w3m", "openssl"}};
    const std::string letters = plain(name);
    for (const auto& [from, to] : kAliases)
        if (from == letters) return plain(to);
    if (letters.starts_with("python") && letters.ends_with("urllib")) return "pythonurllib";
    if (letters.starts_with("python") && letters.ends_with("requests")) return "pythonrequests";
    return letters;
}

std::string read_file(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    std::string text(kMostOfFile, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.empty()) throw InputError(fmt::format("{} cannot be read, or is empty", file.string()));
    return text;
}

ByteView without_headers(ByteView bytes)
{
    constexpr std::uint8_t kHandshakeRecord = 22;
    constexpr std::uint8_t kClientHello = 1;
    if (bytes.size() > kRecordHeaderLength && bytes[0] == kHandshakeRecord) bytes = bytes.subspan(kRecordHeaderLength);
    if (bytes.size() > kHandshakeHeaderLength && bytes[0] == kClientHello && bytes[1] == 0)
        bytes = bytes.subspan(kHandshakeHeaderLength);
    return bytes;
}

} // namespace

const HelloProfile& find_profile(const std::vector<HelloProfile>& profiles, std::string_view client)
{
    const HelloProfile* best = nullptr;
    std::set<std::string> names;
    const std::string wanted = customary(client);
    for (const auto& profile : profiles) { // sorted by version: the last is the newest
        names.insert(profile.client);
        if (profile.client == client || plain(profile.client) == wanted) best = &profile;
    }
    if (best != nullptr) return *best;
    const std::vector<std::string> known(names.begin(), names.end());
    throw InputError(fmt::format("no ClientHello of a client '{}' was recorded", client),
                     hint_for(client, known) + "; or a file that holds a ClientHello in hexadecimal");
}

ClientHello read_hello_file(const std::filesystem::path& file)
{
    const auto bytes = parse_hex(read_file(file));
    if (!bytes) throw InputError(fmt::format("{} is no ClientHello in hexadecimal", file.string()));
    auto parsed = parse_client_hello(without_headers(*bytes));
    if (const auto* error = std::get_if<WireError>(&parsed))
        throw InputError(fmt::format("{} is no ClientHello: {}", file.string(), error->text));
    return std::get<ClientHello>(std::move(parsed));
}

} // namespace alert40
