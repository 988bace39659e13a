// SPDX-License-Identifier: GPL-2.0-or-later
// The file handling under the state directory: private directories, locks, files that are whole or absent.
// Everything throws std::runtime_error with the path and, where there is one, the remedy.
#pragma once

#include "certs/bytes.h"

#include <filesystem>

namespace alert40::files {

/// An open file, closed by the destructor.
class Descriptor {
public:
    explicit Descriptor(int value = -1) : value_(value) {}
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();

    int value() const { return value_; }
    bool is_open() const { return value_ >= 0; }
    int release();

private:
    int value_;
};

/// Creates `path` (0700) where it is missing, and what is above it; refuses what is not a directory, belongs to
/// somebody else, is writable by somebody else, or not fully usable by its owner.
void require_private_directory(const std::filesystem::path& path);

/// Creates the lock file where it is missing and waits until no other process holds its lock.
Descriptor lock(const std::filesystem::path& path);

/// The lock where it is free or `path` does not exist (then not open); nullopt while somebody else holds it.
std::optional<Descriptor> try_lock(const std::filesystem::path& path);

/// The content of a regular file of at most 64 KiB; nullopt where there is none that can be read, and, with
/// `must_be_secret`, where anybody but the owner has any access.
std::optional<std::string> read(const std::filesystem::path& path, bool must_be_secret);

/// Writes a new file beside `path`, flushes it to the disk and renames it over `path`: whoever opens `path` finds the
/// old content or the new one, also after a crash.
void replace(const std::filesystem::path& path, std::string_view content, unsigned mode);

/// Writes `path` in place.
void write(const std::filesystem::path& path, std::string_view content, unsigned mode);

/// Removes what a killed replace() left in `directory`. For the holder of the lock under which replace() is called.
void remove_leftovers(const std::filesystem::path& directory);

} // namespace alert40::files
