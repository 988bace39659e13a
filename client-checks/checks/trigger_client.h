// SPDX-License-Identifier: GPL-2.0-or-later
// A client on a device, started by an HTTP GET: what it says is the answer, what it does is on the wire.
#pragma once

#include "client-checks/checks/cell_server.h"

#include <string>

namespace alert40 {

struct HttpUrl {
    std::string host;
    std::string port = "80";
    std::string target = "/"; // path and query
};

/// nullopt where `text` is not http://HOST[:PORT][/PATH], or holds a space or a control character.
std::optional<HttpUrl> parse_http_url(std::string_view text);

/// Fetches `url`, and waits until the device has connected to `server` and is done, `deadline` for both together. The
/// result's output is the answer: status line, empty line, body (256 KiB at most). It timed out where the answer, or
/// the end of the connection, did not come in time; a device that did not connect at all did not time out. Throws
/// std::runtime_error where the device cannot be reached, or answers with an HTTP error and connects not.
asio::awaitable<ChildResult> run_trigger(std::string url, CellServer& server, std::chrono::milliseconds deadline);

} // namespace alert40
