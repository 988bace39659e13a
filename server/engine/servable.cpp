// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/servable.h"

#include "scenarios/loader/input_error.h"
#include "server/flights/plan.h"
#include "server/stack/dh_parameters.h"
#include "server/stack/tls_context.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

[[noreturn]] void refuse_unserved(const SourcePos& where, const std::string& what)
{
    throw NotServable(where, fmt::format("{} is not in this build of the TLS stack ({})", what, stack_version()),
                      stack_is_from_source() ? "" : "configure with -DALERT40_WOLFSSL=source (scripts/setup gets it)");
}

void check_versions(const std::vector<ProtocolVersion>& versions, bool composed, const SourcePos& file)
{
    if (versions.empty()) throw InputError(file, "server.versions is empty", "versions = [\"1.2\", \"1.3\"]");
    for (const auto version : versions)
        if (!composed && !stack_serves(version)) refuse_unserved(file, display_name(version));
    const auto [least, most] = std::minmax_element(versions.begin(), versions.end());
    for (const auto version : all_protocol_versions())
        if (version > *least && version < *most &&
            std::find(versions.begin(), versions.end(), version) == versions.end())
            throw InputError(file,
                             fmt::format("server.versions leaves out {} between two others", display_name(version)),
                             "the TLS stack takes a range of versions");
}

bool fits_any(const CipherSuiteInfo& suite, const std::vector<ProtocolVersion>& versions)
{
    return std::any_of(versions.begin(), versions.end(), [&](auto version) { return fits(suite, version); });
}

void check_suites(const ServerSettings& server)
{
    if (!server.ciphers) return;
    const SourcePos& where = server.ciphers->where;
    for (const auto suite : server.ciphers->values) {
        const auto& info = *find_cipher_suite(suite);
        if (!fits_any(info, server.versions))
            throw InputError(where, fmt::format("{} belongs to none of server.versions", info.iana_name));
        if (info.authentication == Authentication::none)
            throw InputError(where, fmt::format("{} proves no identity, and is not served", info.iana_name),
                             "a suite that signs, or of TLS 1.3");
        if (!is_composed(server) && !stack_serves(suite)) refuse_unserved(where, name(suite));
        if (info.key_exchange == KeyExchange::dhe && !server.dh_bits && !is_composed(server))
            throw InputError(where, fmt::format("{} needs server.dh_bits", info.iana_name), "dh_bits = 2048");
    }
}

void check_groups(const ServerSettings& server)
{
    if (!server.groups || is_composed(server)) return;
    for (const auto group : server.groups->values)
        if (std::none_of(server.versions.begin(), server.versions.end(),
                         [&](auto version) { return stack_serves(group, version); }))
            refuse_unserved(server.groups->where, name(group));
}

void check_early_data(const ServerSettings& server, const SourcePos& file)
{
    const bool tls13 =
        std::find(server.versions.begin(), server.versions.end(), ProtocolVersion::tls13) != server.versions.end();
    if (server.early_data != EarlyData::none && !tls13)
        throw InputError(file, "server.early_data without TLS 1.3", "versions = [\"1.3\"]");
    if (is_composed(server) && server.certificate.none())
        throw InputError(file, "a composed flight needs a certificate", "certificate = \"leaf\"");
}

} // namespace

void check_servable(const ServerSettings& server, const SourcePos& file)
{
    check_versions(server.versions, is_composed(server), file);
    check_suites(server);
    check_groups(server);
    check_early_data(server, file);
    if (is_composed(server)) return;
    if (server.dh_bits && server.dh_bits->value != 0 && !dh_parameters(server.dh_bits->value))
        throw InputError(server.dh_bits->where, fmt::format("no DHE parameters of {} bits", server.dh_bits->value),
                         "one of: 512, 1024, 2048; 0: none, and its DHE suites are never chosen");
}

} // namespace alert40
