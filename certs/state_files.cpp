// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/state_files.h"

#include "certs/crypto.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace alert40::files {

namespace {

constexpr std::string_view kLeftoverMark = ".new-";
constexpr std::size_t kLargestFile = std::size_t{64} * 1024;

[[noreturn]] void fail(const std::filesystem::path& path, std::string_view operation, int error)
{
    throw std::runtime_error(path.string() + ": " + std::string(operation) + ": " + std::strerror(error) +
                             "; free or remove it, or choose another state directory");
}

[[noreturn]] void refuse(const std::filesystem::path& path, std::string_view problem, const std::string& remedy)
{
    throw std::runtime_error("state directory " + path.string() + ": " + std::string(problem) + "; " + remedy +
                             ", or choose another state directory");
}

/// Calls again what a signal interrupted.
template <class Call> auto retry(Call call)
{
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
}

Descriptor open_file(const std::filesystem::path& path, int flags, unsigned mode = 0)
{
    return Descriptor(retry([&] { return ::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode); }));
}

void write_all(const Descriptor& file, const std::filesystem::path& path, std::string_view content)
{
    while (!content.empty()) {
        const auto written = retry([&] { return ::write(file.value(), content.data(), content.size()); });
        if (written < 0) fail(path, "writing", errno);
        content.remove_prefix(static_cast<std::size_t>(written));
    }
}

void flush(const std::filesystem::path& path, int descriptor)
{
    if (retry([&] { return ::fsync(descriptor); }) != 0) fail(path, "flushing to the disk", errno);
}

} // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : value_(other.release()) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept
{
    std::swap(value_, other.value_);
    return *this;
}

Descriptor::~Descriptor()
{
    if (is_open()) ::close(value_);
}

int Descriptor::release()
{
    return std::exchange(value_, -1);
}

void require_private_directory(const std::filesystem::path& path)
{
    std::error_code failure;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), failure);
    if (failure) fail(path.parent_path(), "creating the directory", failure.value());
    if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) fail(path, "creating the directory", errno);

    const std::string name = path.string();
    const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.is_open() && errno == ENOTDIR) refuse(path, "not a directory", "move it away");
    if (!directory.is_open() && errno == EACCES) refuse(path, "not readable", "chmod 700 " + name);
    if (!directory.is_open()) fail(path, "opening the directory", errno);

    struct stat status {};
    if (::fstat(directory.value(), &status) != 0) fail(path, "examining the directory", errno);
    if (status.st_uid != ::geteuid()) refuse(path, "belongs to another user", "chown it");
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) refuse(path, "writable by others", "chmod 700 " + name);
    if ((status.st_mode & S_IRWXU) != S_IRWXU) refuse(path, "not usable by its owner", "chmod 700 " + name);
}

Descriptor lock(const std::filesystem::path& path)
{
    Descriptor file = open_file(path, O_RDWR | O_CREAT, S_IRUSR | S_IWUSR);
    if (!file.is_open()) fail(path, "opening the lock", errno);
    if (retry([&] { return ::flock(file.value(), LOCK_EX); }) != 0) fail(path, "locking", errno);
    return file;
}

std::optional<Descriptor> try_lock(const std::filesystem::path& path)
{
    Descriptor file = open_file(path, O_RDWR | O_NONBLOCK);
    if (!file.is_open()) return file;
    const bool held = retry([&] { return ::flock(file.value(), LOCK_EX | LOCK_NB); }) != 0;
    if (held) return std::nullopt;
    return file;
}

std::optional<std::string> read(const std::filesystem::path& path, bool must_be_secret)
{
    const Descriptor file = open_file(path, O_RDONLY | O_NONBLOCK); // a FIFO must not hold us up
    if (!file.is_open()) return std::nullopt;
    struct stat status {};
    if (::fstat(file.value(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    const bool secret = status.st_uid == ::geteuid() && (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    if (must_be_secret && !secret) return std::nullopt;

    std::string content(kLargestFile + 1, '\0');
    std::size_t size = 0;
    while (size < content.size()) {
        const auto count = retry([&] { return ::read(file.value(), content.data() + size, content.size() - size); });
        if (count < 0) return std::nullopt;
        if (count == 0) break;
        size += static_cast<std::size_t>(count);
    }
    if (size > kLargestFile) return std::nullopt;
    content.resize(size);
    return content;
}

void replace(const std::filesystem::path& path, std::string_view content, unsigned mode)
{
    const std::filesystem::path beside = path.string() + std::string(kLeftoverMark) + to_hex(random_bytes(8));
    const Descriptor file = open_file(beside, O_WRONLY | O_CREAT | O_EXCL, mode);
    if (!file.is_open()) fail(beside, "creating", errno);
    if (::fchmod(file.value(), mode) != 0) fail(beside, "setting the mode", errno); // whatever the umask says
    write_all(file, beside, content);
    flush(beside, file.value());
    if (::rename(beside.c_str(), path.c_str()) != 0) fail(path, "replacing", errno);

    const Descriptor directory(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.is_open()) fail(path.parent_path(), "opening the directory", errno);
    flush(path.parent_path(), directory.value());
}

void write(const std::filesystem::path& path, std::string_view content, unsigned mode)
{
    const Descriptor file = open_file(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
    if (!file.is_open()) fail(path, "creating", errno);
    write_all(file, path, content);
}

void remove_leftovers(const std::filesystem::path& directory)
{
    std::error_code ignored; // a leftover that stays does no harm
    std::vector<std::filesystem::path> leftovers;
    for (const auto& entry : std::filesystem::directory_iterator(directory, ignored))
        if (entry.path().filename().string().find(kLeftoverMark) != std::string::npos)
            leftovers.push_back(entry.path());
    for (const auto& leftover : leftovers) std::filesystem::remove(leftover, ignored);
}

} // namespace alert40::files
