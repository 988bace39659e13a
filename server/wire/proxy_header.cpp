// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/proxy_header.h"

#include <algorithm>
#include <string_view>

namespace alert40 {
namespace {

using namespace std::string_view_literals;

constexpr auto kVersion1 = "PROXY "sv;
constexpr auto kVersion2 = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr std::size_t kLongestVersion1 = 107; // with its CRLF (proxy-protocol.txt, section 2.1)
constexpr std::size_t kFixedVersion2 = 16;    // signature, version, family, length (section 2.2)

/// What there is of `bytes` is how `opening` begins.
bool may_begin(ByteView bytes, std::string_view opening)
{
    const auto length = std::min(bytes.size(), opening.size());
    return to_text(bytes.first(length)) == opening.substr(0, length);
}

} // namespace

std::optional<std::size_t> proxy_header_length(ByteView bytes)
{
    if (may_begin(bytes, kVersion1)) {
        const auto line = to_text(bytes.first(std::min(bytes.size(), kLongestVersion1)));
        const auto end = line.find("\r\n");
        if (end != std::string::npos) return end + 2;
        if (line.size() == kLongestVersion1) return 0;
        return std::nullopt;
    }
    if (!may_begin(bytes, kVersion2)) return 0;
    if (bytes.size() < kFixedVersion2) return std::nullopt;
    const auto whole = kFixedVersion2 + (std::size_t{bytes[14]} << 8 | bytes[15]);
    if (bytes.size() < whole) return std::nullopt;
    return whole;
}

} // namespace alert40
