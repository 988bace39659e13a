// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/clients/definition.h"

#include "client-checks/clients/definition_fields.h"
#include "scenarios/loader/data_files.h"

#include <algorithm>

namespace alert40 {
namespace {

/// A warm process is told what a cold one is: what stands in argv after what both have in common.
void check_warm(const ClientDefinition& client, const SourcePos& where)
{
    if (!client.program || client.program->warm.empty()) return;
    const auto& warm = client.program->warm;
    if (warm.size() > client.argv.size() || !std::equal(warm.begin(), warm.end() - 1, client.argv.begin()))
        throw InputError(
            where, "'warm' is argv's beginning and one option more",
            "argv = [\"python3\", \"{source}\", \"{wishes}\"], warm = [\"python3\", \"{source}\", \"--serve\"]");
}

/// Which key of the file says what is run, by kind.
std::string_view argv_key(ClientKind kind)
{
    switch (kind) {
    case ClientKind::command:
    case ClientKind::trytls:
        return "argv";
    case ClientKind::trigger:
        return "url";
    case ClientKind::manual:
        return "open";
    }
    return "";
}

void check_url(const TomlValue& url)
{
    const std::string& text = url.as_string();
    const auto host_end = text.find('/', 7);
    if (!text.starts_with("http://") || text.substr(7, host_end - 7).empty())
        throw InputError(url.where, fmt::format("'{}' is not http://HOST:PORT/PATH", text),
                         "for anything else: argv = [\"curl\", ...], of the usual kind");
    if (text.substr(0, host_end).find('{') != std::string::npos)
        throw InputError(url.where, "the host of a trigger is written down, and never comes from a scenario");
}

/// What is run is said by the one key of this kind.
void check_argv(const ClientDefinition& client, const TomlTable& table)
{
    const std::string wanted(argv_key(client.kind));
    if (table.find(wanted) == nullptr || client.argv.empty() || client.argv.front().empty())
        throw InputError(table.where, fmt::format("the key '{}' is missing", wanted));
    for (const std::string key : {"argv", "url", "open"})
        if (const auto* other = table.find(key); other != nullptr && key != wanted)
            throw InputError(other->where, fmt::format("a client of this kind has no '{}'", key),
                             fmt::format("it has '{}'", wanted));
}

/// What each kind has without being asked.
void complete_kind(ClientDefinition& client, const TomlTable& table)
{
    check_argv(client, table);
    const bool has_status = client.kind == ClientKind::command || client.kind == ClientKind::manual;
    if (has_status && !client.connected_pattern && !client.connected_exit_code) client.connected_exit_code = 0;
    if (client.kind == ClientKind::command) return;
    if (client.kind == ClientKind::trigger) check_url(*table.find("url"));
    if (!client.server_name) client.server_name.emplace();
    if (client.kind != ClientKind::trytls) return;
    // https://github.com/ouspg/trytls/tree/master/stubs: HOST PORT [CA], and the name is resolved by the stub.
    client.server_name->arguments = {"{name}", "{port}", "{ca}"};
    client.server_name->environment = {{"LD_PRELOAD", "libnss_wrapper.so"}, {"NSS_WRAPPER_HOSTS", "{hosts}"}};
    if (std::find(client.argv.begin(), client.argv.end(), "{wishes}") == client.argv.end())
        client.argv.emplace_back("{wishes}");
}

/// {here} is the folder of the client's file: what lies beside it is found from anywhere.
void fill_here(ClientDefinition& client, const std::filesystem::path& file)
{
    const std::string folder = std::filesystem::absolute(file).parent_path().string();
    const auto fill = [&](std::string& text) {
        constexpr std::string_view kHere = "{here}";
        for (auto at = text.find(kHere); at != std::string::npos; at = text.find(kHere, at + folder.size()))
            text.replace(at, kHere.size(), folder);
    };
    std::for_each(client.argv.begin(), client.argv.end(), fill);
    std::for_each(client.version_argv.begin(), client.version_argv.end(), fill);
    for (auto& [name, value] : client.environment) fill(value);
}

std::vector<std::filesystem::path> client_files(const std::filesystem::path& path)
{
    std::error_code ignored;
    if (std::filesystem::is_regular_file(path, ignored)) return {path};
    auto files = toml_files(path);
    if (files.empty())
        throw InputError(fmt::format("{} is no client file, and no folder with any", path.string()),
                         "--clients names a TOML file, or a folder of them");
    return files;
}

void add_client(std::vector<ClientDefinition>& clients, ClientDefinition client)
{
    for (const auto& other : clients)
        if (other.name == client.name)
            throw InputError(client.where, fmt::format("a client is called '{}' already", client.name),
                             fmt::format("{}; the file's name is the client's", other.where.text()));
    clients.push_back(std::move(client));
}

} // namespace

ClientDefinition load_client(const std::filesystem::path& path)
{
    const TomlTable table = parse_toml_file(path);
    ClientDefinition client = read_table(table, client_definition_fields());
    client.name = path.stem().string();
    client.path = path;
    client.where = table.where;
    complete_kind(client, table);
    fill_here(client, path);
    check_warm(client, table.where);
    return client;
}

std::vector<ClientDefinition> load_clients(const std::filesystem::path& data,
                                           const std::vector<std::filesystem::path>& more)
{
    std::vector<ClientDefinition> clients;
    for (const auto& path : toml_files(data / "client-checks" / "clients")) clients.push_back(load_client(path));
    for (const auto& each : more)
        for (const auto& path : client_files(each)) add_client(clients, load_client(path));
    return clients;
}

} // namespace alert40
