// SPDX-License-Identifier: GPL-2.0-or-later
// A POSIX file descriptor with one owner.
#pragma once

#include <unistd.h>

#include <utility>

namespace alert40 {

class FileDescriptor {
public:
    FileDescriptor() = default;
    /// Owns `number` from now on; -1 is "none".
    explicit FileDescriptor(int number) : number_(number) {}
    FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept
    {
        std::swap(number_, other.number_);
        return *this;
    }
    ~FileDescriptor()
    {
        if (number_ >= 0) ::close(number_);
    }

    int number() const { return number_; }
    /// The caller owns the number from now on.
    int release() { return std::exchange(number_, -1); }

private:
    int number_ = -1;
};

} // namespace alert40
