// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/commands.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

/// What this client can be asked, in the words of a scenario's [client].
std::vector<std::string> wishes_of(const ClientDefinition& client)
{
    std::vector<std::string> wishes;
    if (client.versions.option) wishes.emplace_back("versions");
    if (client.ciphers_tls12 || client.ciphers_tls13) wishes.emplace_back("ciphers");
    if (client.groups.option) wishes.emplace_back("groups");
    if (client.signature_schemes.option) wishes.emplace_back("signature_schemes");
    if (client.server_name) wishes.emplace_back("server_name");
    if (client.no_server_name) wishes.emplace_back("server_name=none");
    if (client.certificate) wishes.emplace_back("certificate");
    if (client.alpn.option || !client.alpn.exact.empty()) wishes.emplace_back("alpn");
    for (const auto& [protocol, dialogue] : client.starttls) wishes.push_back("starttls=" + protocol);
    if (client.resume.second || client.resume.within) wishes.emplace_back("resume");
    if (client.early_data) wishes.emplace_back("early_data");
    if (client.clock) wishes.emplace_back("clock");
    for (const auto& [way, option] : client.revocation) wishes.push_back("revocation=" + way);
    if (client.pin) wishes.emplace_back("pin");
    if (client.require_extended_master_secret) wishes.emplace_back("require_ems");
    if (client.no_extended_master_secret) wishes.emplace_back("ems=false");
    if (client.fallback_scsv) wishes.emplace_back("fallback_scsv");
    if (client.hello_size.option) wishes.emplace_back("hello_size");
    for (const auto& [which, option] : client.misconfigured) wishes.push_back("misconfigured=" + which);
    return wishes;
}

} // namespace

int run_clients(const ClientsOptions& options)
{
    if (!options.record_hellos.empty()) return record_hellos(options);
    asio::io_context io(1);
    std::optional<Roster> roster;
    std::exception_ptr failure;
    auto ask = [&]() -> asio::awaitable<void> {
        MusterOptions wanted{options.data, options.clients, options.self, {}, options.client_files};
        roster = co_await muster(std::move(wanted));
    };
    asio::co_spawn(io, ask, [&](std::exception_ptr thrown) { failure = thrown; });
    io.run();
    if (failure) std::rethrow_exception(failure);
    nlohmann::json list = nlohmann::json::array();
    for (const auto& client : roster->clients) {
        const auto wishes = wishes_of(client.definition);
        list.push_back({{"name", client.definition.name},
                        {"title", client.definition.title},
                        {"library", client.definition.library},
                        {"version", client.version},
                        {"here", client.absent.empty()},
                        {"absent", client.absent},
                        {"wishes", wishes}});
        if (!options.json)
            fmt::print("{:<20}{:<30}{:<18}{}\n", client.definition.name,
                       client.absent.empty() ? client.version : client.absent, client.definition.library,
                       client.definition.title);
    }
    if (options.json) fmt::print("{}\n", list.dump(2));
    return 0;
}

} // namespace alert40
