// SPDX-License-Identifier: GPL-2.0-or-later
// A growing buffer of big-endian TLS structures. Length prefixes are scopes:
//
//     Writer writer;
//     writer.u16(0x0303);
//     {
//         auto scope = writer.vector16();
//         writer.u16(0x1301);
//     } // here the length, 2, is filled in
//     return writer.take();
#pragma once

#include "certs/bytes.h"

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace alert40 {

class Writer {
public:
    /// Fills in its length prefix when it ends. Longer content than the prefix can say keeps the low bytes of the
    /// length: composing is never refused, since wrong lengths are things this program wants to say.
    class Scope {
    public:
        Scope(Writer& writer, std::size_t width);
        ~Scope();
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

    private:
        Writer& writer_;
        std::size_t width_;
        std::size_t start_; // of the content
    };

    void u8(std::uint8_t value) { bytes_.push_back(value); }
    void u16(std::uint16_t value);
    void u24(std::uint32_t value);
    void bytes(ByteView what) { append(bytes_, what); }

    /// An enum of the vocabulary, in its own width.
    template <class Enum> void value(Enum each) requires std::is_enum_v<Enum>
    {
        if constexpr (sizeof(Enum) == 1)
            u8(static_cast<std::uint8_t>(each));
        else
            u16(static_cast<std::uint16_t>(each));
    }

    [[nodiscard]] Scope vector8() { return Scope(*this, 1); }
    [[nodiscard]] Scope vector16() { return Scope(*this, 2); }
    [[nodiscard]] Scope vector24() { return Scope(*this, 3); }

    /// The whole of `content` behind its length.
    void vector8(ByteView content);
    void vector16(ByteView content);
    void vector24(ByteView content);

    std::size_t size() const { return bytes_.size(); }

    /// What was written; the Writer is empty afterwards. No Scope may be open.
    Bytes take() { return std::exchange(bytes_, {}); }

private:
    Bytes bytes_;
};

} // namespace alert40
