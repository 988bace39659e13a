// SPDX-License-Identifier: GPL-2.0-or-later
// What every parser of this folder returns when the peer's bytes are wrong: a value, with the alert that the RFC asks
// for.
#pragma once

#include "scenarios/vocabulary/alert.h"

#include <cstddef>
#include <string>
#include <variant>

namespace alert40 {

struct WireError {
    AlertDescription alert;
    std::string text; // names the structure and the field: "ClientHello.cipher_suites: 40 bytes announced, 12 left"

    bool operator==(const WireError&) const = default;
};

/// The parsed value, or why there is none.
template <class T> using Parsed = std::variant<T, WireError>;

/// How many more bytes are needed at least, never 0.
struct NeedMore {
    std::size_t bytes;

    bool operator==(const NeedMore&) const = default;
};

} // namespace alert40
