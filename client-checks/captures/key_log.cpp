// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/key_log.h"

#include "client-checks/captures/byte_source.h"
#include "scenarios/loader/input_error.h"

#include <fmt/format.h>

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::size_t kLongestSecret = 64; // SHA-512; the longest in use is SHA-384's 48
constexpr std::size_t kLongestLine = 4096;

/// Those that open records of ours: handshake and first application keys of TLS 1.3, the master secret before.
constexpr std::string_view kLabels[] = {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET",
                                        "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0", "CLIENT_RANDOM"};

int digit(char letter)
{
    if (letter >= '0' && letter <= '9') return letter - '0';
    if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
    if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
    return -1;
}

/// nullopt where `text` is no hexadecimal.
std::optional<Bytes> from_hex(std::string_view text)
{
    if (text.empty() || text.size() % 2 != 0) return std::nullopt;
    Bytes bytes;
    for (std::size_t at = 0; at < text.size(); at += 2) {
        const int high = digit(text[at]);
        const int low = digit(text[at + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return bytes;
}

std::string_view take_word(std::string_view& text)
{
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

} // namespace

void KeyLog::add(std::string_view text)
{
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto each = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        while (!each.empty() && (each.back() == '\r' || each.back() == ' ')) each.remove_suffix(1);
        if (!each.empty() && each.front() != '#') line(each);
    }
}

void KeyLog::line(std::string_view text)
{
    const auto label = take_word(text);
    const auto random = from_hex(take_word(text));
    const auto secret = from_hex(text);
    if (!random || random->size() != 32 || !secret || secret->size() > kLongestSecret) {
        ++unreadable_;
        return;
    }
    const bool of_use = std::find(std::begin(kLabels), std::end(kLabels), label) != std::end(kLabels);
    std::array<std::uint8_t, 32> key{};
    std::copy(random->begin(), random->end(), key.begin());
    const auto there = sessions_.find(key);
    if (there == sessions_.end() && sessions_.size() >= kMostSessions) {
        ++left_out_;
        return;
    }
    auto& entries = there != sessions_.end() ? there->second : sessions_[key];
    const bool twice =
        std::any_of(entries.begin(), entries.end(), [&](const auto& each) { return each.label == label; });
    if (of_use && !twice) entries.push_back({std::string(label), *secret});
}

void KeyLog::add_file(const std::filesystem::path& path)
{
    ByteSource source(path);
    std::string rest;
    for (auto piece = source.peek(64 * 1024); !piece.empty(); piece = source.peek(64 * 1024)) {
        rest += to_text(piece);
        source.skip(piece.size());
        const auto end = rest.rfind('\n');
        if (end != std::string::npos) {
            add(std::string_view(rest).substr(0, end));
            rest.erase(0, end + 1);
        } else if (rest.size() > kLongestLine) {
            break; // no text
        }
    }
    add(rest);
    if (sessions_.empty())
        throw InputError(fmt::format("{} holds no line of a key log", path.string()),
                         "lines 'LABEL CLIENT_RANDOM SECRET', as SSLKEYLOGFILE makes a client write them");
}

std::span<const KeyLogEntry> KeyLog::find(const std::array<std::uint8_t, 32>& client_random) const
{
    const auto there = sessions_.find(client_random);
    if (there == sessions_.end()) return {};
    return there->second;
}

} // namespace alert40
