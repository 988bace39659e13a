// SPDX-License-Identifier: GPL-2.0-or-later
// Protocol versions as the wire numbers them (RFC 8446 section 4.2.1, RFC 6101 for SSL 3.0).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

/// Open: GREASE and drafts (0x7f1c) pass through. Compare with < only what is_known.
enum class ProtocolVersion : std::uint16_t {
    ssl30 = 0x0300,
    tls10 = 0x0301,
    tls11 = 0x0302,
    tls12 = 0x0303,
    tls13 = 0x0304,
};

/// True for the five versions above.
bool is_known(ProtocolVersion version);

/// "1.2" as scenarios write it, "ssl3.0", or "0x7F1C".
std::string name(ProtocolVersion version);

/// "TLS 1.2", "SSL 3.0", or "0x7F1C".
std::string display_name(ProtocolVersion version);

/// The inverse of name, for known versions.
std::optional<ProtocolVersion> find_protocol_version(std::string_view name);

/// Oldest first.
std::span<const ProtocolVersion> all_protocol_versions();
std::vector<std::string> all_protocol_version_names();

} // namespace alert40
