// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/run_directory.h"

#include "certs/state_files.h"

#include <stdexcept>
#include <sys/stat.h>
#include <utility>

namespace alert40 {

namespace {

constexpr std::string_view kOwnerLock = ".lock";

} // namespace

RunDirectory::RunDirectory(std::filesystem::path path, int lock_descriptor, bool kept)
    : path_(std::move(path)),
      lock_descriptor_(lock_descriptor),
      kept_(kept)
{
}

RunDirectory::RunDirectory(RunDirectory&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      lock_descriptor_(std::exchange(other.lock_descriptor_, -1)),
      kept_(other.kept_)
{
}

RunDirectory::~RunDirectory()
{
    const files::Descriptor lock(lock_descriptor_); // given up after the removal
    std::error_code ignored;                        // what stays is reaped by the next start
    if (!path_.empty() && !kept_) std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path RunDirectory::write(std::string_view name, std::string_view content) const
{
    const bool plain =
        !name.empty() && name.front() != '.' && name.find_first_of(std::string_view("/\0", 2)) == name.npos;
    if (!plain) throw std::runtime_error(path_.string() + ": not a plain file name: '" + std::string(name) + "'");
    std::filesystem::path path = path_ / name;
    files::write(path, content, S_IRUSR | S_IWUSR);
    return path;
}

RunDirectory keep_run_directory(const std::filesystem::path& path)
{
    files::require_private_directory(path);
    return RunDirectory(std::filesystem::absolute(path), -1, true);
}

RunDirectory create_run_directory(const std::filesystem::path& runs)
{
    files::require_private_directory(runs);
    const std::filesystem::path path = runs / to_hex(random_bytes(8));
    files::require_private_directory(path);
    return RunDirectory(path, files::lock(path / kOwnerLock).release());
}

void reap_run_directories(const std::filesystem::path& runs)
{
    std::error_code ignored; // a directory that cannot be removed does no harm
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(runs, ignored)) found.push_back(entry.path());
    for (const auto& path : found) {
        const auto lock = files::try_lock(path / kOwnerLock);
        if (lock) std::filesystem::remove_all(path, ignored);
    }
}

} // namespace alert40
