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
constexpr std::array<std::string_view, 16> kFamilies = {
    "cipher", "group",      "signature", "version",  "server-key", "client-auth", "sni",      "certificate",
    "alpn",   "resumption", "middlebox", "protocol", "legacy",     "routing",     "starttls", "client"};

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

struct Listed {
    fs::path file;
    std::string id;
    std::string family() const { return id.substr(0, id.find('/')); }
};

std::vector<Listed> listed(const fs::path& data)
{
    std::vector<Listed> all;
    for (auto& file : scenario_files(data)) all.push_back({file, id_of(file)});
    return all;
}

std::vector<fs::path> named(const std::vector<Listed>& all, const std::string& name)
{
    if (fs::is_regular_file(name)) return {name};
    if (auto inside = toml_files(name); !inside.empty()) return inside;
    std::vector<fs::path> found;
    for (const auto& each : all)
        if (each.id == name || each.family() == name) found.push_back(each.file);
    if (!found.empty()) return found;
    std::vector<std::string> known;
    for (const auto& each : all) {
        if (std::find(known.begin(), known.end(), each.family()) == known.end()) known.push_back(each.family());
        known.push_back(each.id);
    }
    const auto hint = hint_for(name, known);
    throw InputError("no scenario, family, file or folder is named '" + name + "'",
                     hint.empty() ? "'alert40-server list' shows what there is" : hint);
}

} // namespace

std::vector<fs::path> scenario_files(const fs::path& data)
{
    using Rank = std::tuple<std::size_t, std::string, std::string>;
    std::vector<std::pair<Rank, fs::path>> ranked;
    for (const auto& entry : fs::directory_iterator(data / "scenarios")) {
        const auto family = entry.path().filename().string();
        if (!entry.is_directory() || !holds_scenarios(family)) continue;
        for (auto& file : toml_files(entry.path())) {
            Rank rank{family_rank(family), family, file.stem().string()};
            ranked.emplace_back(std::move(rank), std::move(file));
        }
    }
    std::sort(ranked.begin(), ranked.end(),
              [](const auto& left, const auto& right) { return left.first < right.first; });
    std::vector<fs::path> files;
    for (auto& [rank, file] : ranked) files.push_back(std::move(file));
    return files;
}

std::vector<fs::path> select_scenarios(const fs::path& data, const std::vector<std::string>& names)
{
    if (names.empty()) return scenario_files(data);
    const auto all = listed(data);
    std::vector<fs::path> selected;
    for (const auto& name : names)
        for (auto& file : named(all, name))
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
