// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/byte_source.h"

#include "scenarios/loader/input_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace alert40 {
namespace {

constexpr std::size_t kBufferSize = 1024 * 1024;

int open_file(const std::filesystem::path& path)
{
    const int file = path == "-" ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        throw InputError(fmt::format("{}: {}", path.string(), std::strerror(errno)),
                         "a capture file (pcap or pcapng), or - for standard input");
    struct stat about {};
    if (fstat(file, &about) != 0 || !S_ISDIR(about.st_mode)) return file;
    close(file);
    throw InputError(fmt::format("{} is a folder", path.string()), "name one capture file in it");
}

} // namespace

ByteSource::ByteSource(const std::filesystem::path& path) : file_(open_file(path)), name_(path.string())
{
    buffer_.resize(kBufferSize);
}

ByteSource::ByteSource(ByteSource&& other) noexcept
    : memory_(other.memory_),
      file_(std::exchange(other.file_, -1)),
      name_(std::move(other.name_)),
      buffer_(std::move(other.buffer_)),
      start_(other.start_),
      end_(other.end_),
      offset_(other.offset_)
{
}

ByteSource::~ByteSource()
{
    if (file_ >= 0) close(file_);
}

ByteView ByteSource::peek(std::size_t count)
{
    if (file_ >= 0 && end_ - start_ < count) fill(count);
    const auto there = held();
    return there.first(std::min(count, there.size()));
}

/// Reads on until `wanted` octets are held or nothing more comes.
void ByteSource::fill(std::size_t wanted)
{
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(start_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= std::exchange(start_, 0);
    if (buffer_.size() < wanted) buffer_.resize(wanted);
    while (end_ < wanted) {
        const auto count = read(file_, buffer_.data() + end_, buffer_.size() - end_);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw std::system_error(errno, std::generic_category(), "reading " + name_);
        if (count == 0) return;
        end_ += static_cast<std::size_t>(count);
    }
}

bool ByteSource::skip(std::uint64_t count)
{
    while (count > 0) {
        const auto there = peek(1);
        if (there.empty()) return false;
        const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(count, held().size()));
        if (file_ < 0)
            memory_ = memory_.subspan(step);
        else
            start_ += step;
        offset_ += step;
        count -= step;
    }
    return true;
}

} // namespace alert40
