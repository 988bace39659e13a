// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/process/find_program.h"

#include <unistd.h>

#include <cstdlib>
#include <sstream>

namespace alert40 {
namespace {

bool is_executable_file(const std::filesystem::path& path)
{
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored) && access(path.c_str(), X_OK) == 0;
}

} // namespace

std::optional<std::filesystem::path> find_program(const std::string& name)
{
    if (name.empty()) return std::nullopt;
    if (name.find('/') != std::string::npos) {
        if (!is_executable_file(name)) return std::nullopt;
        return name;
    }
    const char* path = std::getenv("PATH");
    std::istringstream folders(path ? path : "/bin:/usr/bin"); // posix_spawnp's own default
    for (std::string folder; std::getline(folders, folder, ':');) {
        const auto candidate = std::filesystem::path(folder.empty() ? "." : folder) / name;
        if (is_executable_file(candidate)) return candidate;
    }
    return std::nullopt;
}

} // namespace alert40
