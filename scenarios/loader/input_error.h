// SPDX-License-Identifier: GPL-2.0-or-later
// Bad input: thrown where it is found, caught once in main, exit status 2.
#pragma once

#include "scenarios/loader/source_pos.h"

#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace alert40 {

/// what() is "file:line:column: message", and a second line "  hint: ..." where there is one.
class InputError : public std::runtime_error {
public:
    InputError(const SourcePos& where, std::string_view message, std::string_view hint = {});
    explicit InputError(std::string_view message, std::string_view hint = {});
};

/// What is right as a scenario, and this build of the stack cannot serve: its cells are skips with this reason, where
/// every other InputError ends the run.
class NotServable : public InputError {
public:
    using InputError::InputError;
};

/// The hint for a name that is not one of `allowed`: "did you mean 'reset'? one of: alert, close, reset, stall".
std::string hint_for(std::string_view wrong, std::span<const std::string> allowed);

} // namespace alert40
