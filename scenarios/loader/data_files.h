// SPDX-License-Identifier: GPL-2.0-or-later
// Where the data lives at run time: --data DIR, else ALERT40_DATA, else ../share/alert40 beside the program, else the
// source tree it was built from.
#pragma once

#include <filesystem>
#include <vector>

namespace alert40 {

/// The folder that holds scenarios/, certs/ and client-checks/. `option` is --data, empty where it was not given.
/// Throws InputError where no such folder is found, naming those that were tried.
std::filesystem::path find_data(const std::filesystem::path& option);

/// The *.toml files directly in `folder`, sorted; empty where there is no such folder.
std::vector<std::filesystem::path> toml_files(const std::filesystem::path& folder);

} // namespace alert40
