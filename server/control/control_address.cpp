// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/control_address.h"

#include "scenarios/loader/input_error.h"

#include <asio/ip/address.hpp>
#include <charconv>
#include <fmt/format.h>

namespace alert40 {

std::optional<HttpServerOptions> control_address(const std::string& text)
{
    if (text == "off") return std::nullopt;
    HttpServerOptions options;
    if (text.empty()) return options;
    const auto wrong = [&] {
        return InputError(fmt::format("--control '{}' is no port or address", text),
                          "8040, 127.0.0.1:8040, [::1]:8040 or off");
    };
    const auto colon = text.rfind(':');
    auto address = colon == std::string::npos ? options.address : text.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    const auto port = colon == std::string::npos ? text : text.substr(colon + 1);
    const auto* end = port.data() + port.size();
    const auto [stop, error] = std::from_chars(port.data(), end, options.port);
    asio::error_code invalid;
    asio::ip::make_address(address, invalid);
    if (port.empty() || error != std::errc() || stop != end || options.port > 65535 || invalid) throw wrong();
    options.address = address;
    return options;
}

} // namespace alert40
