// SPDX-License-Identifier: GPL-2.0-or-later
// Folders for the files that one run hands to its clients. The living owner holds the lock of a file inside; whoever
// opens the state directory removes the folders whose lock is free. All of it throws std::runtime_error with the path.
#pragma once

#include "certs/crypto.h"

#include <filesystem>

namespace alert40 {

/// A folder of the state directory for one run's files, mode 0700; removed by the destructor.
class RunDirectory {
public:
    /// Takes over a directory that exists and the descriptor whose flock says that it has an owner.
    /// `kept`: the destructor leaves it where it is.
    explicit RunDirectory(std::filesystem::path path, int lock_descriptor, bool kept = false);
    RunDirectory(RunDirectory&& other) noexcept;
    RunDirectory& operator=(RunDirectory&&) = delete;
    ~RunDirectory();

    const std::filesystem::path& path() const { return path_; }
    /// Writes (0600) and returns the path. `name` is a plain file name that does not start with a dot.
    std::filesystem::path write(std::string_view name, std::string_view content) const;

private:
    std::filesystem::path path_;
    int lock_descriptor_; // an flock held while the owner lives
    bool kept_;
};

/// A folder of the caller's choice (made, 0700, where it is missing) in place of one in the state directory; it stays.
RunDirectory keep_run_directory(const std::filesystem::path& path);

/// Makes DIR/runs/<random>. Call it, and reap_run_directories(), with the state directory's lock held: between its
/// making and its locking a folder looks abandoned.
RunDirectory create_run_directory(const std::filesystem::path& runs);

/// Removes the folders below `runs` whose owners are gone.
void reap_run_directories(const std::filesystem::path& runs);

} // namespace alert40
