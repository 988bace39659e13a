// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/vocabulary/name_table.h"

#include <fmt/format.h>

namespace alert40 {

std::string hexadecimal(std::uint16_t value)
{
    return fmt::format("0x{:04X}", value);
}

std::string unknown(unsigned value)
{
    return fmt::format("unknown ({})", value);
}

} // namespace alert40
