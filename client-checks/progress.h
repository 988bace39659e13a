// SPDX-License-Identifier: GPL-2.0-or-later
// One line on standard error that is written over, on a terminal only: how far a run is, and how long it will take.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace alert40 {

/// "3 min left", by how long the cells so far took; empty while that says little.
std::string time_left(std::chrono::milliseconds so_far, std::size_t done, std::size_t total);

class Progress {
public:
    Progress();
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void show(std::string_view client, std::size_t done, std::size_t total) const;

private:
    bool shown_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

} // namespace alert40
