// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/roster.h"

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
    const ChildResult child = co_await run_child(command, kVersionDeadline);
    const auto found = search_lines(child.output + child.errors, *entry.definition.version_pattern);
    if (found) entry.version = found->group;
}

} // namespace

asio::awaitable<Roster> muster(std::filesystem::path data, std::vector<std::string> names, std::filesystem::path self)
{
    Roster roster;
    roster.lexicons = load_lexicons(data);
    for (auto& definition : select(load_clients(data), names)) {
        RosterEntry entry;
        const auto lexicon = roster.lexicons.find(definition.library);
        if (lexicon == roster.lexicons.end())
            throw InputError(fmt::format("the client {} names the library '{}', which has no lexicon", definition.name,
                                         definition.library));
        entry.definition = std::move(definition);
        entry.lexicon = &lexicon->second;
        join_manners(entry);
        const std::string program =
            entry.definition.argv.front() == "{self}" ? self.string() : entry.definition.argv.front();
        if (!find_program(program))
            entry.absent = fmt::format("{} is not installed", program);
        else if (entry.definition.version_pattern)
            co_await ask_version(entry, self);
        roster.clients.push_back(std::move(entry));
    }
    co_return roster;
}

} // namespace alert40
