// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/roster.h"

#include "client-checks/clients/faketime.h"
#include "client-checks/lexicons/line_search.h"
#include "client-checks/process/find_program.h"
#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr std::chrono::seconds kVersionDeadline{10};

std::vector<ClientDefinition> select(std::vector<ClientDefinition> all, const std::vector<std::string>& names)
{
    if (names.empty()) return all;
    std::vector<std::string> known;
    for (const auto& client : all) known.push_back(client.name);
    std::vector<ClientDefinition> selected;
    for (const auto& name : names) {
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const auto& client) { return client.name == name; });
        if (found == all.end()) throw InputError(fmt::format("no client is named '{}'", name), hint_for(name, known));
        selected.push_back(*found);
    }
    return selected;
}

std::vector<std::string> names_of(const std::map<std::string, Lexicon, std::less<>>& lexicons)
{
    std::vector<std::string> names;
    for (const auto& [name, lexicon] : lexicons) names.push_back(name);
    return names;
}

/// Empty where it can be run here.
std::string why_absent(const ClientDefinition& client, const std::filesystem::path& self)
{
    if (client.kind == ClientKind::trigger || client.kind == ClientKind::manual) return {};
    const std::string program = client.argv.front() == "{self}" ? self.string() : client.argv.front();
    std::error_code ignored;
    if (!find_program(program))
        return program.find('/') != std::string::npos && std::filesystem::exists(program, ignored)
                   ? fmt::format("{} is not executable", program)
                   : fmt::format("{} is not installed", program);
    if (client.kind == ClientKind::trytls && !find_nss_wrapper())
        return "libnss-wrapper is not installed, and a TryTLS stub is told a name and no address";
    return {};
}

void join_manners(RosterEntry& entry)
{
    entry.manners = entry.lexicon->manners;
    if (!entry.definition.manners) return;
    for (const auto& [symptom, manner] : read_manners(*entry.definition.manners)) entry.manners[symptom] = manner;
}

asio::awaitable<void> ask_version(RosterEntry& entry, const std::filesystem::path& self)
{
    Command command;
    for (const auto& word : entry.definition.version_argv)
        command.argv.push_back(word == "{self}" ? self.string() : word);
    if (!find_program(command.argv.front())) co_return; // the client is another program
    const ChildResult child = co_await run_child(command, kVersionDeadline);
    const auto found = search_lines(child.output + child.errors, *entry.definition.version_pattern);
    if (found) entry.version = found->group;
}

} // namespace

asio::awaitable<Roster> muster(std::filesystem::path data, std::vector<std::string> names, std::filesystem::path self,
                               std::vector<std::filesystem::path> more)
{
    Roster roster;
    roster.lexicons = load_lexicons(data);
    roster.lexicons[std::string(kUnknownLibrary)].library = kUnknownLibrary;
    for (auto& definition : select(load_clients(data, more), names)) {
        RosterEntry entry;
        const auto lexicon = roster.lexicons.find(definition.library);
        if (lexicon == roster.lexicons.end())
            throw InputError(definition.where,
                             fmt::format("the client {} names the library '{}', which has no lexicon", definition.name,
                                         definition.library),
                             hint_for(definition.library, names_of(roster.lexicons)));
        entry.definition = std::move(definition);
        entry.lexicon = &lexicon->second;
        join_manners(entry);
        entry.absent = why_absent(entry.definition, self);
        if (entry.absent.empty() && entry.definition.version_pattern) co_await ask_version(entry, self);
        roster.clients.push_back(std::move(entry));
    }
    co_return roster;
}

} // namespace alert40
