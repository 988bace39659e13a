// SPDX-License-Identifier: GPL-2.0-or-later
// GREASE (RFC 8701): values that clients offer to keep servers tolerant.
#pragma once

#include <cstdint>
#include <type_traits>

namespace alert40 {

/// 0x0A0A, 0x1A1A ... 0xFAFA: suites, groups, signature schemes, versions, extensions.
constexpr bool is_grease(std::uint16_t value)
{
    return (value & 0x0F0F) == 0x0A0A && (value >> 8) == (value & 0xFF);
}

/// The same for any 16-bit enum of this folder.
template <class Value> constexpr bool is_grease(Value value) requires(sizeof(Value) == 2 && !std::is_integral_v<Value>)
{
    return is_grease(static_cast<std::uint16_t>(value));
}

} // namespace alert40
