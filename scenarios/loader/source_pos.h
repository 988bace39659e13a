// SPDX-License-Identifier: GPL-2.0-or-later
// Where a value stood in a file, kept with the value so that late errors and failed expectations can still point at it.
#pragma once

#include <memory>
#include <string>

namespace alert40 {

struct SourcePos {
    std::shared_ptr<const std::string> file; // null where the value came from no file
    unsigned line = 0;                       // from 1; 0: the file as a whole
    unsigned column = 0;                     // from 1

    /// "scenarios/cipher/x.toml:8:12", "scenarios/cipher/x.toml", or "" without a file.
    std::string text() const;
};

/// A value and where it was said.
template <class T> struct Located {
    T value{};
    SourcePos where{};
};

} // namespace alert40
