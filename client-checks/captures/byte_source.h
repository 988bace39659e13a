// SPDX-License-Identifier: GPL-2.0-or-later
// The octets of a capture, read forward once: from a file, from standard input, or from memory. Whatever the size, one
// buffer of some megaoctets is all that is held.
#pragma once

#include "certs/bytes.h"

#include <filesystem>

namespace alert40 {

class ByteSource {
public:
    /// "-" is standard input. Throws InputError for what is not there, cannot be read or is a directory.
    explicit ByteSource(const std::filesystem::path& path);
    /// `memory` outlives the source.
    explicit ByteSource(ByteView memory) : memory_(memory) {}
    ByteSource(ByteSource&& other) noexcept;
    ByteSource& operator=(ByteSource&&) = delete;
    ~ByteSource();

    /// The next `count` octets, which stay; fewer where the source ends before. The view holds until the next call.
    /// Throws std::system_error where reading fails.
    ByteView peek(std::size_t count);

    /// Leaves `count` octets behind; false where the source ends before.
    bool skip(std::uint64_t count);

    /// Octets left behind so far.
    std::uint64_t offset() const { return offset_; }

private:
    void fill(std::size_t wanted);
    ByteView held() const { return file_ < 0 ? memory_ : ByteView(buffer_).subspan(start_, end_ - start_); }

    ByteView memory_;
    int file_ = -1;
    std::string name_;
    Bytes buffer_;
    std::size_t start_ = 0;
    std::size_t end_ = 0;
    std::uint64_t offset_ = 0;
};

} // namespace alert40
