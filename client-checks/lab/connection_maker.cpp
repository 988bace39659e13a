// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/connection_maker.h"

#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace alert40 {
namespace {

using std::filesystem::path;

/// As /proc/net/tcp writes an end: the address in words of 32 bits in the machine's order, the port as a number.
std::string end_text(const TcpEnd& end)
{
    std::string text;
    for (std::size_t word = 0; word + 4 <= end.address.size(); word += 4) {
        std::uint32_t value = 0;
        std::memcpy(&value, end.address.data() + word, sizeof value);
        text += fmt::format("{:08X}", value);
    }
    return fmt::format("{}:{:04X}", text, end.port);
}

/// The inode of the socket with these ends; 0 where the table has none.
unsigned long inode_in(const char* file, const std::string& ends)
{
    std::ifstream table(file);
    for (std::string line; std::getline(table, line);) {
        const auto at = line.find(ends);
        if (at == std::string::npos) continue;
        // st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode
        std::istringstream rest(line.substr(at + ends.size()));
        std::string skipped;
        for (int field = 0; field < 6; ++field) rest >> skipped;
        unsigned long inode = 0;
        rest >> inode;
        return inode;
    }
    return 0;
}

/// Of the client's socket; 0 where there is none (any more).
unsigned long inode_of(const TcpEnd& client, const TcpEnd& server)
{
    const auto ends = fmt::format(": {} {} ", end_text(client), end_text(server));
    if (client.address.size() != 4) return inode_in("/proc/net/tcp6", ends);
    if (const auto inode = inode_in("/proc/net/tcp", ends)) return inode;
    // A client of both families, as Java is, has an IPv6 socket with an IPv4-mapped address (RFC 4291 section 2.5.5.2).
    const auto mapped = [](const TcpEnd& end) {
        TcpEnd as_v6{Bytes(10), end.port};
        as_v6.address.insert(as_v6.address.end(), {0xFF, 0xFF});
        append(as_v6.address, end.address);
        return end_text(as_v6);
    };
    return inode_in("/proc/net/tcp6", fmt::format(": {} {} ", mapped(client), mapped(server)));
}

/// Of all threads of a process; nullopt where the kernel does not say.
std::optional<std::vector<std::string>> children_of(const std::string& process)
{
    std::vector<std::string> found;
    bool told = false;
    std::error_code gone;
    for (const auto& task : std::filesystem::directory_iterator(path("/proc") / process / "task", gone)) {
        std::ifstream list(task.path() / "children");
        told = told || list.is_open();
        for (std::string child; list >> child;) found.push_back(child);
    }
    if (!told) return std::nullopt;
    return found;
}

bool holds(const std::string& process, const std::string& socket)
{
    std::error_code gone;
    for (const auto& entry : std::filesystem::directory_iterator(path("/proc") / process / "fd", gone)) {
        std::error_code closed;
        if (std::filesystem::read_symlink(entry.path(), closed) == socket) return true;
    }
    return false;
}

} // namespace

std::optional<bool> is_from_descendant(const TcpEnd& client, const TcpEnd& server)
{
    const auto inode = inode_of(client, server);
    if (inode == 0) return std::nullopt;
    const auto socket = fmt::format("socket:[{}]", inode);
    auto left = children_of("self");
    if (!left) return std::nullopt;
    std::set<std::string> seen;
    while (!left->empty()) {
        const auto process = std::move(left->back());
        left->pop_back();
        if (!seen.insert(process).second) continue;
        if (holds(process, socket)) return true;
        for (auto& child : children_of(process).value_or(std::vector<std::string>())) left->push_back(std::move(child));
    }
    return false;
}

} // namespace alert40
