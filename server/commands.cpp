// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/commands.h"

#include "certs/store.h"
#include "scenarios/loader/catalogue.h"
#include "scenarios/loader/input_error.h"
#include "server/control/scenario_text.h"
#include "server/engine/bind.h"

#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

std::filesystem::path state_path(const std::filesystem::path& option)
{
    return option.empty() ? StateDirectory::default_path() : option;
}

} // namespace

int run_list(const std::filesystem::path& data, bool json)
{
    const auto scenarios = load_scenarios(scenario_files(data));
    if (json) {
        nlohmann::json list = nlohmann::json::array();
        for (const auto& scenario : scenarios) list.push_back(to_json(scenario));
        fmt::print("{}\n", list.dump(2));
        return 0;
    }
    std::string family;
    for (const auto& scenario : scenarios) {
        if (scenario.family() != family) fmt::print("{}{}\n", family.empty() ? "" : "\n", scenario.family());
        family = scenario.family();
        fmt::print("  {:<48} {}\n", scenario.id, scenario.title);
    }
    return 0;
}

int run_show(const std::filesystem::path& data, const std::string& name, bool json)
{
    for (const auto& scenario : load_scenarios(select_scenarios(data, {name}))) {
        if (json)
            fmt::print("{}\n", to_json(scenario).dump(2));
        else
            fmt::print("{}", to_text(scenario));
    }
    return 0;
}

int run_validate(const std::filesystem::path& data, const std::filesystem::path& state,
                 const std::vector<std::string>& names)
{
    const auto now = std::chrono::system_clock::now();
    StateDirectory directory(state_path(state), now);
    const auto recipes = load_recipes(data / "certs" / "recipes");
    const auto personas = load_personas(data / "server" / "personas");
    const BindContext context{directory, recipes, personas, now, data};
    int failures = 0;
    std::size_t count = 0;
    for (const auto& file : select_scenarios(data, names)) {
        ++count;
        try {
            const Scenario scenario = load_scenario(file);
            const BoundScenario faulty(scenario, false, context);
            (void)forge_client_chain(scenario.client.certificate, context);
            if (scenario.fix) {
                const BoundScenario fixed(scenario, true, context);
                (void)forge_client_chain(scenario.fix->client.certificate, context);
            }
        } catch (const InputError& error) {
            fmt::print(stderr, "{}\n", error.what());
            ++failures;
        }
    }
    fmt::print("{} of {} scenario files are valid\n", count - static_cast<std::size_t>(failures), count);
    return failures == 0 ? 0 : 2;
}

int run_schema()
{
    fmt::print("{}\n", scenario_schema(fault_schema()).dump(2));
    return 0;
}

int run_root(const std::filesystem::path& state, const std::filesystem::path& out)
{
    const StateDirectory directory(state_path(state), std::chrono::system_clock::now());
    const auto pem = to_pem("CERTIFICATE", directory.root());
    if (out.empty()) {
        fmt::print("{}", pem);
        return 0;
    }
    std::ofstream file(out, std::ios::binary);
    file << pem << std::flush;
    if (!file) throw InputError(fmt::format("{} cannot be written", out.string()));
    return 0;
}

} // namespace alert40
