// SPDX-License-Identifier: GPL-2.0-or-later
// Times as TLS programs write them into their complaints about dates.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace alert40 {

using TimePoint = std::chrono::system_clock::time_point;

/// The time that `text` begins with, whatever stands behind it; nullopt where it is none. To the second, in UTC;
/// another zone's name is not looked at, so that the answer may be hours off there.
///   "Jan  1 00:00:00 2030 GMT"        OpenSSL
///   "Wed Nov 18 14:58:01 UTC 2026"    java.util.Date
///   "Sun, 06 Nov 1994 08:49:37 GMT"   HTTP's Date (RFC 9110 section 5.6.7)
///   "2030-01-01 00:00:00 UTC"         GnuTLS
///   "2026-11-20T22:28:06Z"            Go (RFC 3339)
///   "2026/11/20 22:28:06 "            the logs of Go, socat and nginx
///   "1821193081"                      rustls: seconds since 1970
/// Years from 1970 to 2261, which is as far as a time_point reaches.
std::optional<TimePoint> read_told_time(std::string_view text);

} // namespace alert40
