// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/checks/roster.h"

#include "client-checks/checks/program.h"
#include "client-checks/clients/faketime.h"
#include "client-checks/lexicons/line_search.h"
#include "client-checks/process/find_program.h"
#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

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
    const auto own = read_manners(*entry.definition.manners);
    if (own.contains(kEveryReason)) entry.manners.clear();
    for (const auto& [symptom, manner] : own) entry.manners[symptom] = manner;
}

/// The client's own words before its library's.
void take_lexicon(RosterEntry& entry, Roster& roster)
{
    const auto& library = entry.definition.library;
    const auto lexicon = roster.lexicons.find(library);
    if (lexicon == roster.lexicons.end()) {
        std::vector<std::string> known;
        for (const auto& [name, each] : roster.lexicons) known.push_back(name);
        throw InputError(
            entry.definition.where,
            fmt::format("the client {} names the library '{}', which has no lexicon", entry.definition.name, library),
            hint_for(library, known));
    }
    entry.lexicon = &lexicon->second;
    if (!entry.definition.says) return;
    Lexicon& own = roster.own_words.emplace_back(lexicon->second);
    const auto lines = read_lines(*entry.definition.says);
    own.lines.insert(own.lines.begin(), lines.begin(), lines.end());
    entry.lexicon = &own;
}

Target paths_of(const RosterEntry& entry, const std::filesystem::path& self)
{
    Target target;
    target.self = self;
    target.bin = entry.bin;
    target.source = entry.source;
    target.build = entry.build;
    return target;
}

std::string from_packages(const ClientDefinition& client)
{
    if (client.packages.empty()) return {};
    return fmt::format(" ({}: scripts/setup --clients)", fmt::join(client.packages, ", "));
}

/// On PATH, or where scripts/setup puts clients that are no packages: then by that path.
bool find_on_path_or_in(const std::filesystem::path& bin, std::string& program)
{
    if (find_program(program)) return true;
    const auto ours = bin / program;
    if (program.find('/') != std::string::npos || !find_program(ours.string())) return false;
    program = ours.string();
    return true;
}

/// Fills `absent` where something that the client needs is not here.
void look_for_parts(RosterEntry& entry, const std::filesystem::path& self)
{
    ClientDefinition& client = entry.definition;
    if (client.kind == ClientKind::trigger || client.kind == ClientKind::manual) return; // no program of this machine
    const auto target = paths_of(entry, self);
    const auto miss = [&](const std::string& what) {
        std::error_code ignored;
        const bool is_there = what.find('/') != std::string::npos && std::filesystem::exists(what, ignored);
        if (entry.absent.empty())
            entry.absent =
                fmt::format("{} is not {}{}", what, is_there ? "executable" : "installed", from_packages(client));
    };
    if (client.kind == ClientKind::trytls && !find_nss_wrapper())
        entry.absent = "libnss-wrapper is not installed, and a TryTLS stub is told a name and no address";
    for (const auto& part : fill_paths(client.needed, target)) {
        const bool is_file = part.find('/') != std::string::npos;
        if (is_file ? !std::filesystem::exists(part) : !find_program(part)) miss(part);
    }
    if (client.program && !client.program->compile.empty() && !find_program(client.program->compile.front()))
        miss(client.program->compile.front());
    if (client.argv.front().find("{build}") != std::string::npos) return; // it is made here
    std::string program = fill_paths({client.argv.front()}, target).front();
    if (!find_on_path_or_in(entry.bin, program)) return miss(program);
    if (client.argv.front().find('{') == std::string::npos) {
        client.argv.front() = program;
        if (client.program && !client.program->warm.empty()) client.program->warm.front() = program;
    }
}

} // namespace

asio::awaitable<Roster> muster(MusterOptions options)
{
    Roster roster;
    roster.lexicons = load_lexicons(options.data);
    roster.lexicons[std::string(kUnknownLibrary)].library = kUnknownLibrary;
    for (auto& definition : select(load_clients(options.data, options.client_files), options.names)) {
        RosterEntry entry;
        entry.definition = std::move(definition);
        entry.bin = options.data / ".third-party" / "bin";
        take_lexicon(entry, roster);
        join_manners(entry);
        if (entry.definition.program) entry.source = program_source(entry.definition);
        look_for_parts(entry, options.self);
        if (entry.definition.program && entry.absent.empty() && !options.programs.empty()) {
            auto compiled = co_await compile_program(entry.definition, options.programs);
            entry.build = std::move(compiled.build);
            entry.absent = std::move(compiled.failure);
        }
        if (options.versions) co_await ask_version(entry, options.self);
        roster.clients.push_back(std::move(entry));
    }
    co_return roster;
}

asio::awaitable<void> ask_version(RosterEntry& entry, const std::filesystem::path& self)
{
    if (!entry.absent.empty() || !entry.definition.version_pattern) co_return;
    Command command;
    command.argv = fill_paths(entry.definition.version_argv, paths_of(entry, self));
    if (!find_on_path_or_in(entry.bin, command.argv.front())) co_return;
    const ChildResult child = co_await run_child(command, kVersionDeadline);
    const auto found = search_lines(child.output + child.errors, *entry.definition.version_pattern);
    if (found) entry.version = found->group;
}

} // namespace alert40
