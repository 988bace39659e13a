// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/reader.h"

#include <fmt/format.h>

namespace alert40 {

Reader::Reader(std::string_view structure, ByteView bytes, std::optional<WireError>& error)
    : structure_(structure),
      bytes_(bytes),
      error_(&error)
{
}

std::uint8_t Reader::u8(std::string_view field)
{
    const ByteView found = bytes(field, 1);
    return found.empty() ? std::uint8_t{0} : found[0];
}

std::uint16_t Reader::u16(std::string_view field)
{
    const ByteView found = bytes(field, 2);
    return found.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(found[0] << 8 | found[1]);
}

std::uint32_t Reader::u24(std::string_view field)
{
    const ByteView found = bytes(field, 3);
    if (found.empty()) return 0;
    return std::uint32_t{found[0]} << 16 | std::uint32_t{found[1]} << 8 | std::uint32_t{found[2]};
}

ByteView Reader::bytes(std::string_view field, std::size_t length)
{
    if (failed()) return {};
    if (length > remaining()) {
        const std::size_t left = remaining();
        fail(AlertDescription::decode_error, field, fmt::format("{} bytes needed, {} left", length, left));
        return {};
    }
    const ByteView found = bytes_.subspan(position_, length);
    position_ += length;
    return found;
}

Reader Reader::vector8(std::string_view field, VectorLimits limits)
{
    return vector(field, u8(field), limits);
}

Reader Reader::vector16(std::string_view field, VectorLimits limits)
{
    return vector(field, u16(field), limits);
}

Reader Reader::vector24(std::string_view field, VectorLimits limits)
{
    return vector(field, u24(field), limits);
}

Reader Reader::vector(std::string_view field, std::size_t length, VectorLimits limits)
{
    if (length < limits.min || length > limits.max)
        fail(AlertDescription::decode_error, field,
             fmt::format("{} bytes, allowed are {} to {}", length, limits.min, limits.max));
    Reader content(structure_, bytes(field, length), *error_);
    content.vector_ = field;
    return content;
}

ByteView Reader::rest()
{
    if (failed()) return {};
    const ByteView found = bytes_.subspan(position_);
    position_ = bytes_.size();
    return found;
}

void Reader::expect_end()
{
    if (remaining() != 0) fail(AlertDescription::decode_error, {}, fmt::format("{} bytes too many", remaining()));
}

void Reader::fail(AlertDescription alert, std::string_view field, std::string_view text)
{
    if (failed()) return;
    std::string where(structure_);
    for (const auto part : {vector_, field})
        if (!part.empty()) where.append(".").append(part);
    *error_ = WireError{alert, fmt::format("{}: {}", where, text)};
}

} // namespace alert40
