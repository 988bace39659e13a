// SPDX-License-Identifier: GPL-2.0-or-later
// What a browser says of where a call comes from. A page of another site can make a browser call us, directly (Origin
// tells) or through a name of its own that it lets point here (DNS rebinding: Host tells).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace alert40 {

/// The host of "name:port", "name", "[::1]:port" or "1.2.3.4:port", in lower case, without brackets; nullopt where it
/// is none of these.
std::optional<std::string> host_of(std::string_view authority);

/// Whether a server on `bound` (a numeric address) goes by `authority` (the Host field): loopback addresses,
/// "localhost" and what ends in ".localhost", the bound address, and this machine's name where `bound` is no loopback
/// address; any numeric address where it is all of them (0.0.0.0, ::), since rebinding needs a name.
bool is_own_host(std::string_view authority, std::string_view bound);

/// Whether `origin` (RFC 6454, "http://host:port") is what the Host field names.
bool is_same_origin(std::string_view origin, std::string_view authority);

} // namespace alert40
