// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/pasted_command.h"

#include "client-checks/lab/shell_text.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::string_view kFaketime = "faketime";
constexpr std::string_view kNssWrapper = "libnss_wrapper";

void replace_all(std::string& text, const std::string& what, std::string_view with)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

/// LD_PRELOAD without the libraries that `what` names; ld.so(8) takes spaces and colons between them.
std::string preloaded_without(std::string_view libraries, std::string_view what)
{
    std::string rest;
    while (!libraries.empty()) {
        const auto end = std::min(libraries.find_first_of(" :"), libraries.size());
        const auto library = libraries.substr(0, end);
        libraries.remove_prefix(std::min(end + 1, libraries.size()));
        if (library.empty() || library.find(what) != std::string_view::npos) continue;
        rest.append(rest.empty() ? "" : ":").append(library);
    }
    return rest;
}

bool mentions(const Command& command, std::string_view what)
{
    const auto has = [&](const std::string& text) { return text.find(what) != std::string::npos; };
    return std::ranges::any_of(command.argv, has) ||
           std::ranges::any_of(command.environment, [&](const auto& each) { return has(each.second); });
}

bool mentions(const Invocation& invocation, std::string_view what)
{
    return mentions(invocation.command, what) || (invocation.before && mentions(*invocation.before, what));
}

} // namespace

std::string shell_of(const Invocation& invocation)
{
    const auto command = shell_text(invocation.command);
    return invocation.before ? shell_text(*invocation.before) + " ; " + command : command;
}

Command with_faketime_program(Command command)
{
    std::string clock;
    std::vector<std::pair<std::string, std::string>> rest;
    for (const auto& [variable, value] : command.environment) {
        if (variable == "FAKETIME") clock = value;
        if (variable.starts_with("FAKETIME")) continue;
        auto left = variable == "LD_PRELOAD" ? preloaded_without(value, kFaketime) : value;
        if (variable != "LD_PRELOAD" || !left.empty()) rest.emplace_back(variable, std::move(left));
    }
    if (clock.empty()) return command;
    command.environment = std::move(rest);
    // The wrapper's option for FAKETIME_DONT_FAKE_MONOTONIC: a client's own deadlines must not be moved.
    const std::vector<std::string> before{"faketime", "--exclude-monotonic", "-f", clock};
    command.argv.insert(command.argv.begin(), before.begin(), before.end());
    return command;
}

std::string shell_elsewhere(const RunContext& context, const Invocation& invocation, const RosterEntry& client)
{
    if (client.definition.program || !client.definition.needed.empty()) return {};
    Invocation there = invocation;
    const auto elsewhere = [&](Command command) {
        // An empty home, so that no settings of this machine's user count (CURL_HOME).
        std::erase_if(command.environment, [&](const auto& each) { return each.second == context.files.path(); });
        return with_faketime_program(std::move(command));
    };
    there.command = elsewhere(std::move(there.command));
    if (there.before) there.before = elsewhere(std::move(*there.before));
    std::string shell = shell_of(there);
    replace_all(shell, context.ca.string(), "root.pem");
    const auto has = [&](const std::filesystem::path& path) {
        return !path.empty() && shell.find(path.string()) != std::string::npos;
    };
    return has(context.files.path()) || has(client.bin) || has(context.self) ? std::string{} : shell;
}

std::string needed_beside(const Invocation& invocation)
{
    std::string needed;
    if (mentions(invocation, kFaketime))
        needed = "it gives the client another clock by libfaketime: Debian's package faketime has to be installed, or "
                 "the client sees the real time and does not fail so";
    if (mentions(invocation, kNssWrapper))
        needed +=
            std::string(needed.empty() ? "" : "; ") +
            "it resolves the server's name by libnss_wrapper: Debian's package libnss-wrapper has to be installed";
    return needed;
}

} // namespace alert40
