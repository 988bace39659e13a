// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/writer.h"

namespace alert40 {

Writer::Scope::Scope(Writer& writer, std::size_t width) : writer_(writer), width_(width)
{
    writer_.bytes_.resize(writer_.bytes_.size() + width_);
    start_ = writer_.bytes_.size();
}

Writer::Scope::~Scope()
{
    std::size_t length = writer_.bytes_.size() - start_;
    for (std::size_t i = 1; i <= width_; ++i) {
        writer_.bytes_[start_ - i] = static_cast<std::uint8_t>(length);
        length >>= 8;
    }
}

void Writer::u16(std::uint16_t value)
{
    u8(static_cast<std::uint8_t>(value >> 8));
    u8(static_cast<std::uint8_t>(value));
}

void Writer::u24(std::uint32_t value)
{
    u8(static_cast<std::uint8_t>(value >> 16));
    u16(static_cast<std::uint16_t>(value));
}

void Writer::vector8(ByteView content)
{
    const auto scope = vector8();
    bytes(content);
}

void Writer::vector16(ByteView content)
{
    const auto scope = vector16();
    bytes(content);
}

void Writer::vector24(ByteView content)
{
    const auto scope = vector24();
    bytes(content);
}

} // namespace alert40
