// SPDX-License-Identifier: GPL-2.0-or-later
// Secrets of connections, by the random of their ClientHello: from a file that SSLKEYLOGFILE names, and from the
// Decryption Secrets Blocks of a capture (both draft-ietf-tls-keylogfile).
#pragma once

#include "server/wire/transcript.h"

#include <array>
#include <filesystem>
#include <map>
#include <span>

namespace alert40 {

class KeyLog {
public:
    /// Sessions beyond these are left out, and counted: the log of a busy server has millions.
    static constexpr std::size_t kMostSessions = 50'000;

    /// Adds the lines "LABEL CLIENT_RANDOM SECRET" of `text`. Comments, empty lines and labels that open no record
    /// are passed over; lines that are none of these are counted.
    void add(std::string_view text);

    /// Adds a file. Throws InputError where it cannot be read, or holds no line of a key log.
    void add_file(const std::filesystem::path& path);

    /// Of one session; empty where none is known.
    std::span<const KeyLogEntry> find(const std::array<std::uint8_t, 32>& client_random) const;

    std::size_t sessions() const { return sessions_.size(); }
    std::size_t sessions_left_out() const { return left_out_; }
    std::size_t unreadable_lines() const { return unreadable_; }

private:
    void line(std::string_view text);

    std::map<std::array<std::uint8_t, 32>, std::vector<KeyLogEntry>> sessions_;
    std::size_t left_out_ = 0;
    std::size_t unreadable_ = 0;
};

} // namespace alert40
