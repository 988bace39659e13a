// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/expectation.h"

#include <algorithm>
#include <array>
#include <fnmatch.h>

namespace alert40 {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 10> kEndings = {
    "connected",      "server-alert",  "server-close", "server-reset",  "timeout",
    "client-rejects", "client-closes", "http-refuses", "not-listening", "client-never-speaks"};
constexpr std::array<std::string_view, 6> kPhases = {"before-client-hello",   "before-server-hello",
                                                     "after-server-hello",    "after-server-flight",
                                                     "after-client-finished", "after-application-data"};

template <class Enum, std::size_t size>
std::optional<Enum> find_in(const std::array<std::string_view, size>& names, std::string_view name)
{
    for (std::size_t index = 0; index < size; ++index)
        if (names[index] == name) return static_cast<Enum>(index);
    return std::nullopt;
}

} // namespace

std::string_view name(Ending ending)
{
    return kEndings.at(static_cast<std::size_t>(ending));
}
std::optional<Ending> find_ending(std::string_view name)
{
    return find_in<Ending>(kEndings, name);
}
std::vector<std::string> all_ending_names()
{
    return {kEndings.begin(), kEndings.end()};
}

std::string_view name(Phase phase)
{
    return kPhases.at(static_cast<std::size_t>(phase));
}
std::optional<Phase> find_phase(std::string_view name)
{
    return find_in<Phase>(kPhases, name);
}
std::vector<std::string> all_phase_names()
{
    return {kPhases.begin(), kPhases.end()};
}

bool Deviation::covers(std::string_view scenario) const
{
    const std::string id(scenario);
    return std::any_of(scenarios.begin(), scenarios.end(),
                       [&](const std::string& glob) { return ::fnmatch(glob.c_str(), id.c_str(), 0) == 0; });
}

} // namespace alert40
