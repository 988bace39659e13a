// SPDX-License-Identifier: GPL-2.0-or-later
// What the load generator needs of sockets: IPv4 addresses, connecting, sending, and the ClientHello to send.
#pragma once

#include "client-checks/process/file_descriptor.h"

#include <netinet/in.h>

#include <string>

namespace alert40::bench {

/// "127.0.0.1:4433". Throws std::runtime_error for anything else.
sockaddr_in parse_address(const std::string& text);

/// A TCP connection begun from the `index`-th source address: a loopback target is reached from 16 addresses in turn,
/// since one has only some 28,000 ports. Non-blocking ones may still be under way.
/// Throws std::system_error.
FileDescriptor connect_to(const sockaddr_in& target, std::size_t index, bool blocking);

/// Sends all of `octets`; false where the socket would not take them at once.
bool send_all(const FileDescriptor& socket, const std::string& octets);

/// The octets of the file `path`; the embedded ClientHello where `path` is empty. Throws std::runtime_error.
std::string load_client_hello(const std::string& path);

/// The description octet of a plain alert record (RFC 5246, section 7.2), or -1 where `answer` is none.
int alert_description(const std::string& answer);

/// Raises the limit of open descriptors to what we are allowed.
void raise_descriptor_limit();

} // namespace alert40::bench
