// SPDX-License-Identifier: GPL-2.0-or-later
// How a log is divided: which lines begin an entry, which belong to one connection, which end what one run printed.
#pragma once

#include <string>
#include <string_view>

namespace alert40 {

/// The line begins with a time as logs write it, or is an object of JSON: what follows without one belongs to it.
bool begins_entry(std::string_view line);

/// What names the connection in a server's log, nginx's "*31", Apache's pid and tid, stunnel's thread, HAProxy's and
/// Go's address with port; empty where the line names none.
std::string connection_of(std::string_view line);

/// The last line that a run prints of a failure: "curl: (35) ...", "Node.js v20...".
bool ends_run(std::string_view line);

/// A second report of the failure before it: "Caused by: ...", the lines of a stack trace, curl's last line.
bool repeats_report(std::string_view line);

/// What healthy connections print, and reads like a failure: "closed", "No ALPN negotiated", the dates of a
/// certificate.
bool is_no_failure(std::string_view line);

/// SSL, TLS, handshake, certificate or X.509, in whatever case.
bool is_about_tls(std::string_view line);

} // namespace alert40
