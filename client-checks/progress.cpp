// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/progress.h"

#include <fmt/format.h>
#include <unistd.h>

namespace alert40 {

std::string time_left(std::chrono::milliseconds so_far, std::size_t done, std::size_t total)
{
    constexpr std::size_t kTelling = 20;
    if (done < kTelling || done >= total) return {};
    const double seconds =
        static_cast<double>(so_far.count()) / 1000 / static_cast<double>(done) * static_cast<double>(total - done);
    if (seconds < 90) return fmt::format("{:.0f} s left", seconds);
    return fmt::format("{:.0f} min left", seconds / 60);
}

Progress::Progress() : shown_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress()
{
    if (shown_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::show(std::string_view client, std::size_t done, std::size_t total) const
{
    if (!shown_) return;
    const auto so_far =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started_);
    fmt::print(stderr, "\r\x1b[K{}/{} {} {}", done, total, time_left(so_far, done, total), client);
}

} // namespace alert40
