// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/engine/deadline.h"

namespace alert40 {

void DeadlineQueue::Entry::expire_after(std::chrono::milliseconds limit)
{
    clear();
    expired_ = false;
    position_ = queue_.entries_.emplace(Clock::now() + limit, this);
    queued_ = true;
    queue_.arm();
}

void DeadlineQueue::Entry::clear()
{
    if (queued_) queue_.entries_.erase(position_);
    queued_ = false;
}

void DeadlineQueue::arm()
{
    if (entries_.empty()) return;
    const auto earliest = entries_.begin()->first;
    if (earliest >= armed_for_) return; // the timer fires before that anyway
    armed_for_ = earliest;
    timer_.expires_at(earliest);
    timer_.async_wait([this](const asio::error_code& error) {
        if (error) return; // moved to an earlier time, or stopped
        armed_for_ = Clock::time_point::max();
        expire_due();
        arm();
    });
}

void DeadlineQueue::expire_due()
{
    const auto now = Clock::now();
    while (!entries_.empty() && entries_.begin()->first <= now) {
        Entry& due = *entries_.begin()->second;
        due.clear();
        due.expired_ = true;
        due.on_expiry_();
    }
}

} // namespace alert40
