// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/catalogue.h"

#include "scenarios/loader/data_files.h"
#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <array>

namespace alert40 {
namespace {

namespace fs = std::filesystem;

// What people arrive with first: the families whose failures show as alert 40.
constexpr std::array<std::string_view, 14> kFamilies = {
    "cipher",      "group", "signature",  "version",   "server-key", "client-auth", "sni",
    "certificate", "alpn",  "resumption", "middlebox", "protocol",   "legacy",      "routing"};

std::size_t family_rank(const std::string& family)
{
    return static_cast<std::size_t>(std::find(kFamilies.begin(), kFamilies.end(), family) - kFamilies.begin());
}

bool holds_scenarios(const std::string& folder)
{
    return folder != "causes" && folder != "vocabulary" && folder != "loader";
}

std::string id_of(const fs::path& file)
{
    return file.parent_path().filename().string() + "/" + file.stem().string();
}

std::vector<fs::path> named(const fs::path& data, const std::string& name)
{
    if (fs::is_regular_file(name)) return {name};
    if (auto inside = toml_files(name); !inside.empty()) return inside;
    std::vector<fs::path> found;
    std::vector<std::string> known;
    for (const auto& file : scenario_files(data)) {
        const auto id = id_of(file);
        if (id == name || id.substr(0, id.find('/')) == name) found.push_back(file);
        const auto family = id.substr(0, id.find('/'));
        if (std::find(known.begin(), known.end(), family) == known.end()) known.push_back(family);
        known.push_back(id);
    }
    if (!found.empty()) return found;
    const auto hint = hint_for(name, known);
    throw InputError("no scenario, family, file or folder is named '" + name + "'",
                     hint.empty() ? "'alert40-server list' shows what there is" : hint);
}

} // namespace

std::vector<fs::path> scenario_files(const fs::path& data)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(data / "scenarios"))
        if (entry.is_directory() && holds_scenarios(entry.path().filename().string()))
            for (auto& file : toml_files(entry.path())) files.push_back(std::move(file));
    std::sort(files.begin(), files.end(), [](const fs::path& left, const fs::path& right) {
        const auto rank = [](const fs::path& file) {
            const auto family = file.parent_path().filename().string();
            return std::tuple(family_rank(family), family, file.stem().string());
        };
        return rank(left) < rank(right);
    });
    return files;
}

std::vector<fs::path> select_scenarios(const fs::path& data, const std::vector<std::string>& names)
{
    if (names.empty()) return scenario_files(data);
    std::vector<fs::path> selected;
    for (const auto& name : names)
        for (auto& file : named(data, name))
            if (std::find(selected.begin(), selected.end(), file) == selected.end())
                selected.push_back(std::move(file));
    return selected;
}

std::vector<Scenario> load_scenarios(const std::vector<fs::path>& files)
{
    std::vector<Scenario> scenarios;
    for (const auto& file : files) scenarios.push_back(load_scenario(file));
    return scenarios;
}

} // namespace alert40
