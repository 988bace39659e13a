// SPDX-License-Identifier: GPL-2.0-or-later
// Where a program is, for "is this client installed?" and for reports that say which binary was run.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace alert40 {

/// The first executable file called `name` on our PATH, as run_child() would find it; a `name` with '/' is that file
/// itself. Nullopt where there is none.
std::optional<std::filesystem::path> find_program(const std::string& name);

} // namespace alert40
