// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/watcher.h"

namespace alert40 {

std::string event_frame(std::string_view event, std::string_view data, std::string_view id)
{
    std::string frame;
    frame.reserve(event.size() + data.size() + id.size() + 32);
    frame.append("event: ").append(event).append("\n");
    if (!id.empty()) frame.append("id: ").append(id).append("\n");
    for (;;) {
        const auto end = data.find('\n');
        frame.append("data: ").append(data.substr(0, end)).append("\n");
        if (end == std::string_view::npos) break;
        data.remove_prefix(end + 1);
    }
    frame += '\n';
    return frame;
}

bool Watcher::send(std::shared_ptr<const std::string> frames)
{
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    if (queued_ + frames->size() > kMostQueued) {
        closed_ = dropped_ = true;
        queue_.clear();
        queued_ = 0;
    } else {
        queued_ += frames->size();
        queue_.push_back(std::move(frames));
    }
    something_.notify_one();
    return !dropped_;
}

void Watcher::close()
{
    const std::lock_guard lock(mutex_);
    closed_ = true;
    something_.notify_one();
}

bool Watcher::gone() const
{
    const std::lock_guard lock(mutex_);
    return closed_;
}

bool Watcher::was_dropped() const
{
    const std::lock_guard lock(mutex_);
    return dropped_;
}

std::shared_ptr<const std::string> Watcher::next(std::chrono::milliseconds patience)
{
    std::unique_lock lock(mutex_);
    something_.wait_for(lock, patience, [this] { return closed_ || !queue_.empty(); });
    if (queue_.empty()) return nullptr;
    auto first = std::move(queue_.front());
    queue_.pop_front();
    queued_ -= first->size();
    return first;
}

bool Watcher::over() const
{
    const std::lock_guard lock(mutex_);
    return closed_ && queue_.empty();
}

} // namespace alert40
