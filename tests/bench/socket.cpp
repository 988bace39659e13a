// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/bench/socket.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace alert40::bench {
namespace {

constexpr std::size_t kSourceAddresses = 16;

// Recorded from OpenSSL 3.0: TLS 1.2 only, ECDHE with AES128-SHA only, server_name client.alert40.test.
constexpr std::string_view kClientHello = "16030100a10100009d03032f1b25e084f3991b6a9001132e5d43aecf8e6631123b8e1afe"
                                          "5b408c4559451c000006c009c01300ff0100006e000000180016000013636c69656e742e"
                                          "616c65727434302e74657374000b000403000102000a000c000a001d0017001e00190018"
                                          "002300000016000000170000000d002a0028040305030603080708080809080a080b0804"
                                          "08050806040105010601030303010302040205020602";

std::string from_hex(std::string_view hex)
{
    std::string octets;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        unsigned octet = 0;
        std::from_chars(hex.data() + i, hex.data() + i + 2, octet, 16);
        octets.push_back(static_cast<char>(octet));
    }
    return octets;
}

bool is_loopback(const sockaddr_in& address)
{
    return (ntohl(address.sin_addr.s_addr) >> 24) == 127;
}

void set_option(const FileDescriptor& socket, int level, int option)
{
    const int on = 1;
    setsockopt(socket.number(), level, option, &on, sizeof on);
}

void bind_source(const FileDescriptor& socket, std::size_t index)
{
    sockaddr_in source{};
    source.sin_family = AF_INET;
    source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + static_cast<in_addr_t>(index % kSourceAddresses));
    set_option(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT); // the port is chosen at the connect, per target
    if (bind(socket.number(), reinterpret_cast<const sockaddr*>(&source), sizeof source) != 0)
        throw std::system_error(errno, std::generic_category(), "bind a client's socket");
}

} // namespace

sockaddr_in parse_address(const std::string& text)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    const auto colon = text.rfind(':');
    const auto host = text.substr(0, colon);
    const auto port = colon == std::string::npos ? std::string() : text.substr(colon + 1);
    in_port_t number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    const bool is_port = error == std::errc() && end == port.data() + port.size() && number != 0;
    if (!is_port || inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
        throw std::runtime_error(text + " is not an IPv4 address with a port");
    address.sin_port = htons(number);
    return address;
}

FileDescriptor connect_to(const sockaddr_in& target, std::size_t index, bool blocking)
{
    FileDescriptor connection(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK), 0));
    if (connection.number() < 0) throw std::system_error(errno, std::generic_category(), "open a client's socket");
    set_option(connection, IPPROTO_TCP, TCP_NODELAY);
    if (is_loopback(target)) bind_source(connection, index);
    const int result = connect(connection.number(), reinterpret_cast<const sockaddr*>(&target), sizeof target);
    if (result != 0 && errno != EINPROGRESS) throw std::system_error(errno, std::generic_category(), "connect");
    return connection;
}

bool send_all(const FileDescriptor& socket, const std::string& octets)
{
    const ssize_t sent = send(socket.number(), octets.data(), octets.size(), MSG_NOSIGNAL);
    return sent == static_cast<ssize_t>(octets.size());
}

std::string load_client_hello(const std::string& path)
{
    if (path.empty()) return from_hex(kClientHello);
    std::ifstream file(path, std::ios::binary);
    std::string octets(std::istreambuf_iterator<char>(file), {});
    if (octets.empty()) throw std::runtime_error("no ClientHello can be read from " + path);
    return octets;
}

int alert_description(const std::string& answer)
{
    // type alert (21), version, length 2, level, description
    const bool is_alert = answer.size() == 7 && answer[0] == 21 && answer[3] == 0 && answer[4] == 2;
    return is_alert ? static_cast<unsigned char>(answer[6]) : -1;
}

void raise_descriptor_limit()
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace alert40::bench
