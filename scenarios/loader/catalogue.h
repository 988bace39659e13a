// SPDX-License-Identifier: GPL-2.0-or-later
// Which scenarios there are, and which ones a command line means.
#pragma once

#include "scenarios/loader/scenario.h"

namespace alert40 {

/// Every scenario file below <data>/scenarios: <family>/<name>.toml, sorted so that the families whose failures are
/// alert 40 come first. Files are not read yet.
std::vector<std::filesystem::path> scenario_files(const std::filesystem::path& data);

/// The files that `names` mean: an id ("cipher/no-shared-cipher-tls12"), a family ("cipher"), a file or a folder;
/// every scenario where `names` is empty. Throws InputError for a name that means nothing, with the nearest ids.
std::vector<std::filesystem::path> select_scenarios(const std::filesystem::path& data,
                                                    const std::vector<std::string>& names);

std::vector<Scenario> load_scenarios(const std::vector<std::filesystem::path>& files);

} // namespace alert40
