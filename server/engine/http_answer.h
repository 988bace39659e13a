// SPDX-License-Identifier: GPL-2.0-or-later
// What is said in HTTP once TLS is there: requests as far as the answer depends on them, and the answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace alert40 {

/// The first octets can be those of an HTTP request.
bool may_be_http(std::string_view request);

/// An HTTP request is answered when it is whole; anything else at once, so that clients of other protocols get their
/// byte.
bool is_complete_request(std::string_view request);

/// The host of the Host header, without port; nullopt where there is none.
std::optional<std::string> requested_host(std::string_view request);

/// A whole HTTP/1.1 response, after which the connection closes.
std::string http_answer(unsigned status, std::string_view body);

} // namespace alert40
