// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/loader/data_files.h"

#include "scenarios/loader/input_error.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace alert40 {
namespace {

bool holds_data(const std::filesystem::path& folder)
{
    std::error_code ignored;
    return std::filesystem::is_directory(folder / "scenarios" / "causes", ignored);
}

} // namespace

std::filesystem::path find_data(const std::filesystem::path& option)
{
    if (!option.empty()) {
        if (holds_data(option)) return option;
        throw InputError(fmt::format("{} holds no alert40 data", option.string()),
                         "--data names the folder that has scenarios/, certs/ and client-checks/");
    }
    if (const char* variable = std::getenv("ALERT40_DATA"); variable != nullptr && *variable != '\0') {
        if (holds_data(variable)) return variable;
        throw InputError(fmt::format("{} holds no alert40 data", variable), "it was named by ALERT40_DATA");
    }
    std::vector<std::string> tried;
    std::error_code failure;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failure);
    if (!failure) {
        auto beside = program.parent_path().parent_path() / "share" / "alert40";
        if (holds_data(beside)) return beside;
        tried.push_back(beside.string());
    }
    if (holds_data(ALERT40_SOURCE_DIR)) return ALERT40_SOURCE_DIR;
    tried.emplace_back(ALERT40_SOURCE_DIR);
    throw InputError(fmt::format("alert40's data was not found; tried {}", fmt::join(tried, ", ")),
                     "name its folder with --data or ALERT40_DATA");
}

std::vector<std::filesystem::path> toml_files(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failure))
        if (entry.path().extension() == ".toml") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace alert40
