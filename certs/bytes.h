// SPDX-License-Identifier: GPL-2.0-or-later
// Octet strings as every room passes them: Bytes own, ByteView looks.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// The octets of `text`, one per char.
inline Bytes to_bytes(std::string_view text)
{
    return Bytes(text.begin(), text.end());
}

/// `bytes` as chars, one per octet; no decoding.
inline std::string to_text(ByteView bytes)
{
    return std::string(bytes.begin(), bytes.end());
}

inline void append(Bytes& to, ByteView what)
{
    to.insert(to.end(), what.begin(), what.end());
}

/// Lower-case hexadecimal, two digits per octet, nothing between.
std::string to_hex(ByteView bytes);

/// RFC 7468 text encoding: `label` is the word after BEGIN, as in "CERTIFICATE".
std::string to_pem(std::string_view label, ByteView der);

/// The content of the first `label` block in `text`; nullopt where there is none, or none that can be read.
std::optional<Bytes> from_pem(std::string_view label, std::string_view text);

} // namespace alert40
