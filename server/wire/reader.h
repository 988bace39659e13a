// SPDX-License-Identifier: GPL-2.0-or-later
// A bounded cursor over big-endian TLS structures (RFC 8446 section 3).
//
// The first failure sticks: it is written to the `error` given at the start, and from then on every read of this
// Reader and of those it made yields zeros and empty views. A parser reads straight through and looks at the error
// once:
//
//     std::optional<WireError> error;
//     Reader reader("ClientHello", body, error);
//     hello.legacy_version = reader.u16("legacy_version");
//     hello.session_id = reader.vector8("session_id", {.min = 0, .max = 32}).rest();
//     reader.expect_end();
//     if (error) return *error;
#pragma once

#include "certs/bytes.h"
#include "server/wire/wire_error.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace alert40 {

/// The limits of a vector in bytes, as the RFC writes them: <min..max>.
struct VectorLimits {
    std::size_t min = 0;
    std::size_t max = 0xFFFFFF;
};

class Reader {
public:
    /// `bytes`, `error` and `structure` (a literal, for the texts) must outlive the Reader.
    Reader(std::string_view structure, ByteView bytes, std::optional<WireError>& error);

    std::uint8_t u8(std::string_view field);
    std::uint16_t u16(std::string_view field);
    std::uint32_t u24(std::string_view field);

    /// Exactly `length` bytes; they alias the input.
    ByteView bytes(std::string_view field, std::size_t length);

    /// A vector behind its 1-, 2- or 3-byte length, as a Reader of its content. decode_error when it is cut short or
    /// outside the limits.
    Reader vector8(std::string_view field, VectorLimits limits = {});
    Reader vector16(std::string_view field, VectorLimits limits = {});
    Reader vector24(std::string_view field, VectorLimits limits = {});

    /// Everything left, which is then read.
    ByteView rest();

    /// Bytes are left and nothing failed: the condition of every loop over a vector.
    bool more() const { return !*error_ && position_ < bytes_.size(); }
    std::size_t remaining() const { return bytes_.size() - position_; }
    bool failed() const { return error_->has_value(); }

    /// decode_error when bytes are left (RFC 8446 section 6.2: "the length of the message was incorrect").
    void expect_end();

    /// Fails with `text` behind the structure and the field; a first failure stays.
    void fail(AlertDescription alert, std::string_view field, std::string_view text);

private:
    Reader vector(std::string_view field, std::size_t length, VectorLimits limits);
    bool take(std::string_view field, std::size_t length);

    std::string_view structure_;
    std::string_view vector_; // the field of `structure_` that this Reader walks; empty for the whole
    ByteView bytes_;
    std::size_t position_ = 0;
    std::optional<WireError>* error_;
};

} // namespace alert40
