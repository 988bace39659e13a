// SPDX-License-Identifier: GPL-2.0-or-later
// A plain HTTP caller, as curl would be one.
#pragma once

#include "server/control/http_server.h"

#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/read_until.hpp>
#include <asio/write.hpp>
#include <fmt/format.h>

namespace alert40::test {

struct Answer {
    int status = 0;
    std::string head;
    std::string body;

    nlohmann::json json() const { return nlohmann::json::parse(body); }
};

/// One connection to the server.
class HttpLine {
public:
    explicit HttpLine(unsigned port) : socket_(io_)
    {
        socket_.connect({asio::ip::make_address("127.0.0.1"), static_cast<asio::ip::port_type>(port)});
    }
    void say(const std::string& text) { asio::write(socket_, asio::buffer(text)); }
    /// Up to and with `end`, what was read before included; what is left at the end of the connection.
    std::string hear(const std::string& end)
    {
        asio::error_code error;
        const auto length = asio::read_until(socket_, asio::dynamic_buffer(heard_), end, error);
        const auto text = heard_.substr(0, error ? heard_.size() : length);
        heard_.erase(0, text.size());
        return text;
    }
    std::string hear_all()
    {
        asio::error_code end;
        asio::read(socket_, asio::dynamic_buffer(heard_), end);
        return std::exchange(heard_, {});
    }

private:
    asio::io_context io_;
    asio::ip::tcp::socket socket_;
    std::string heard_;
};

/// `fields`: each with its line end.
inline std::string request_text(const std::string& method, const std::string& path, const std::string& body = {},
                                const std::string& fields = "Host: localhost\r\n")
{
    return fmt::format("{} {} HTTP/1.1\r\n{}Content-Length: {}\r\n\r\n{}", method, path, fields, body.size(), body);
}

inline Answer call(unsigned port, const std::string& request)
{
    HttpLine line(port);
    line.say(request);
    const auto text = line.hear_all();
    const auto end = text.find("\r\n\r\n");
    if (end == std::string::npos) return {0, text, {}};
    return {std::stoi(text.substr(9, 3)), text.substr(0, end + 2), text.substr(end + 4)};
}

inline std::string bearer(const std::string& token)
{
    return fmt::format("Host: localhost\r\nAuthorization: Bearer {}\r\n", token);
}

} // namespace alert40::test
