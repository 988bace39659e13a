// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/event_bus.h"

#include "server/control/told.h"

#include <algorithm>
#include <charconv>

namespace alert40 {
namespace {

const std::string kNotTold = ": hidden\n\n"; // in the place of an event that only the trainer is told

std::string deleted_listener(const std::string& name)
{
    JsonText json;
    json.object().member("name", name).member("deleted", true).end();
    return json.take();
}

std::string listener_text(const ListenerView& view, bool whole)
{
    JsonText json;
    write_listener(json, view, whole);
    return json.take();
}

} // namespace

EventBus::EventBus(ConnectionLog& log) : log_(log), thread_([this] { work(); })
{
    log.subscribe([this](const ConnectionNews& news) {
        if (!wanted_) return;
        put({news.kind, news.connection.id, news.step != nullptr ? news.step->number : 0, news.dropped});
    });
}

EventBus::~EventBus()
{
    {
        const std::lock_guard lock(waiting_mutex_);
        over_ = true;
        something_.notify_all();
    }
    thread_.join();
}

std::function<void(const ListenerView&, bool)> EventBus::listeners()
{
    return [this](const ListenerView& view, bool deleted) {
        if (!wanted_) return;
        Event event{"listener", deleted ? deleted_listener(view.name) : listener_text(view, true), view.name};
        event.hidden = view.hidden && !deleted;
        if (event.hidden) event.shown = listener_text(view, false);
        publish(std::move(event));
    };
}

void EventBus::publish(Event event)
{
    if (!wanted_) return;
    News news;
    news.event = std::make_unique<Event>(std::move(event));
    put(std::move(news));
}

void EventBus::put(News news)
{
    const std::lock_guard lock(waiting_mutex_);
    if (waiting_.size() >= kMostWaiting) {
        ++lost_;
        return;
    }
    waiting_.push_back(std::move(news));
    if (waiting_.size() == 1) something_.notify_one();
}

void EventBus::add(const Wanted& wanted, std::shared_ptr<Watcher> watcher)
{
    const std::lock_guard lock(mutex_);
    wanted_ = true;
    last_watched_ = std::chrono::steady_clock::now();
    std::uint64_t after = 0;
    const auto* end = wanted.after.data() + wanted.after.size();
    if (std::from_chars(wanted.after.data(), end, after).ptr == end && !wanted.after.empty()) {
        std::string missed;
        for (const auto& frame : frames_)
            if (frame.id > after) missed += text_for(wanted, frame);
        if (!missed.empty()) watcher->send(std::move(missed));
    }
    Wanted group = wanted;
    group.after.clear(); // it makes no difference from here on
    watching_.push_back({std::move(group), std::move(watcher)});
}

std::size_t EventBus::watchers() const
{
    const std::lock_guard lock(mutex_);
    return watching_.size();
}

/// Takes what waits, composes it, sends it, and leaves the next a moment to gather.
void EventBus::work()
{
    auto next = std::chrono::steady_clock::now();
    for (;;) {
        std::vector<News> batch;
        {
            std::unique_lock lock(waiting_mutex_);
            something_.wait(lock, [this] { return over_ || !waiting_.empty(); });
            something_.wait_until(lock, next, [this] { return over_; });
            if (over_) return;
            const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kMostComposed));
            batch.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.begin() + count));
            waiting_.erase(waiting_.begin(), waiting_.begin() + count);
        }
        const std::lock_guard lock(mutex_);
        const std::size_t before = frames_.size();
        for (auto& news : batch) {
            if (news.event)
                keep(std::move(*news.event));
            else
                compose(news);
        }
        send(before);
        const bool behind = batch.size() == kMostComposed;
        next = std::chrono::steady_clock::now() + (behind ? std::chrono::milliseconds(0) : kBatch);
    }
}

/// The beginning of the next frame, for its data in one line to be written behind.
JsonText EventBus::begin(std::string_view name)
{
    constexpr std::size_t kUsual = 1500; // octets of a frame
    std::string text;
    text.reserve(kUsual);
    text.append("event: ").append(name).append("\nid: ").append(std::to_string(++last_id_)).append("\ndata: ");
    return JsonText(std::move(text));
}

EventBus::Frame& EventBus::keep(JsonText json)
{
    Frame& frame = frames_.emplace_back();
    frame.id = last_id_;
    frame.text = json.take();
    frame.text += "\n\n";
    frame_octets_ += frame.text.size();
    return frame;
}

void EventBus::compose(const News& news)
{
    if (news.kind == ConnectionNews::Kind::dropped) {
        JsonText json = begin("dropped");
        json.object().member("connections", news.dropped).end();
        keep(std::move(json));
        return;
    }
    log_.look_at(news.connection, [&](const KeptConnection& kept) {
        const char* name = news.kind == ConnectionNews::Kind::step     ? "step"
                           : news.kind == ConnectionNews::Kind::opened ? "opened"
                                                                       : "ended";
        JsonText json = begin(name);
        json.object();
        if (news.kind == ConnectionNews::Kind::step) {
            json.member("connection", news.connection);
            write_step_members(json, kept.steps[news.step - 1]);
        } else if (news.kind == ConnectionNews::Kind::opened) {
            ConnectionSummary as_it_was = kept.summary; // it may have ended by now
            as_it_was.open = true;
            as_it_was.ended.clear();
            as_it_was.failed = false;
            as_it_was.duration = {};
            write_connection(json, as_it_was);
        } else {
            write_connection(json, kept.summary);
        }
        json.end();
        Frame& frame = keep(std::move(json));
        frame.listener = kept.summary.origin.listener;
        frame.connection = news.connection;
        if (kept.summary.origin.hidden) frame.shown = kNotTold;
    });
}

void EventBus::keep(Event event)
{
    JsonText json = begin(event.name);
    json.raw(event.data);
    Frame& frame = keep(std::move(json));
    frame.listener = std::move(event.listener);
    frame.connection = event.connection;
    if (event.hidden)
        frame.shown = event.shown.empty() ? kNotTold : event_frame(event.name, event.shown, std::to_string(frame.id));
    frame_octets_ += frame.shown.size();
}

std::string EventBus::text_for(const Wanted& wanted, const Frame& frame)
{
    if (!wanted.listener.empty() && wanted.listener != frame.listener) return {};
    if (wanted.connection != 0 && wanted.connection != frame.connection) return {};
    if (wanted.trainer || frame.shown.empty()) return frame.text;
    return frame.shown == kNotTold ? std::string() : frame.shown;
}

/// Sends the frames from place `from` on, one text for all who want the same; forgets the oldest.
void EventBus::send(std::size_t from)
{
    std::map<Wanted, std::shared_ptr<const std::string>> texts;
    std::size_t octets = 0;
    for (std::size_t place = from; place < frames_.size(); ++place) octets += frames_[place].text.size();
    const auto text_of = [&](const Wanted& wanted) {
        auto& text = texts[wanted];
        if (text) return text;
        std::string all;
        all.reserve(octets);
        for (auto frame = frames_.begin() + static_cast<std::ptrdiff_t>(from); frame != frames_.end(); ++frame)
            all += text_for(wanted, *frame);
        text = std::make_shared<const std::string>(std::move(all));
        return text;
    };
    std::erase_if(watching_, [&](const Watching& each) {
        const auto text = text_of(each.wanted);
        const bool stays = text->empty() ? !each.watcher->gone() : each.watcher->send(text);
        if (!stays && each.watcher->was_dropped()) ++dropped_watchers_;
        return !stays;
    });
    const auto now = std::chrono::steady_clock::now();
    if (!watching_.empty()) last_watched_ = now;
    wanted_ = !watching_.empty() || now < last_watched_ + kKeptFor;
    if (!wanted_) frames_.clear();
    if (frames_.empty()) frame_octets_ = 0;
    while (frames_.size() > kMostKept || frame_octets_ > kMostOctetsKept) {
        frame_octets_ -= frames_.front().text.size() + frames_.front().shown.size();
        frames_.pop_front();
    }
}

} // namespace alert40
