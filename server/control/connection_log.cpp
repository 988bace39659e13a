// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/connection_log.h"

#include "server/wire/fingerprint.h"

#include <algorithm>
#include <asio/ip/address.hpp>
#include <fmt/format.h>

namespace alert40 {
namespace {

constexpr std::size_t kMostMessageOctets = 256 * 1024;  // of one connection
constexpr std::size_t kFixedCost = 2048;                // octets, estimated: what every connection has
constexpr std::size_t kStepCost = 2 * sizeof(KeptStep); // the transcript has each event too

bool is_failure(const Transcript& transcript)
{
    return !std::holds_alternative<Completed>(outcome_of(transcript).how);
}

/// Where the octets of `event` are in the stream of its direction; nullopt: it has none.
std::optional<std::pair<Direction, std::size_t>> length_of(const TranscriptEvent& event)
{
    if (const auto* record = std::get_if<RecordEvent>(&event))
        return std::pair(record->direction, kRecordHeaderLength + record->length);
    if (const auto* other = std::get_if<OtherBytes>(&event)) return std::pair(other->direction, other->total);
    if (const auto* plain = std::get_if<PlainText>(&event)) return std::pair(plain->direction, plain->bytes.size());
    return std::nullopt;
}

Bytes stream_of(const Recording& recording, Direction direction)
{
    Bytes stream;
    std::size_t place = 0;
    for (const auto& event : recording.events()) {
        if (event.socket) continue;
        if (event.direction == direction) append(stream, recording.octets().subspan(place, event.length));
        place += event.length;
    }
    return stream;
}

} // namespace

std::string peer_text(const TcpEnd& end)
{
    if (end.address.size() == 4) {
        asio::ip::address_v4::bytes_type octets{};
        std::copy(end.address.begin(), end.address.end(), octets.begin());
        return fmt::format("{}:{}", asio::ip::make_address_v4(octets).to_string(), end.port);
    }
    asio::ip::address_v6::bytes_type octets{};
    std::copy_n(end.address.begin(), std::min(end.address.size(), octets.size()), octets.begin());
    return fmt::format("[{}]:{}", asio::ip::make_address_v6(octets).to_string(), end.port);
}

std::optional<Bytes> KeptConnection::octets_of(std::size_t number) const
{
    std::size_t places[2] = {0, 0};
    for (const auto& step : steps) {
        const auto length = length_of(step.event);
        if (step.number == number && !length) return std::nullopt;
        if (!length) continue;
        std::size_t& place = places[static_cast<std::size_t>(length->first)];
        if (step.number == number) {
            const Bytes stream = stream_of(recording, length->first);
            const auto from = std::min(place, stream.size());
            const auto part = ByteView(stream).subspan(from, std::min(length->second, stream.size() - from));
            return Bytes(part.begin(), part.end());
        }
        place += length->second;
    }
    return std::nullopt;
}

/// What a capture needs of a connection that is still open.
Transcript KeptConnection::so_far() const
{
    Transcript transcript_so_far;
    transcript_so_far.started = summary.started;
    transcript_so_far.key_log = key_log;
    for (const auto& step : steps)
        for (const auto& message : step.messages) {
            if (message.type != HandshakeType::client_hello || transcript_so_far.client_hello) continue;
            auto parsed = parse_client_hello(message.body);
            if (auto* hello = std::get_if<ClientHello>(&parsed)) transcript_so_far.client_hello = std::move(*hello);
        }
    return transcript_so_far;
}

std::string KeptConnection::key_log_text() const
{
    return alert40::key_log_text(transcript ? *transcript : so_far());
}

Bytes KeptConnection::capture(const std::string& program) const
{
    const auto comment =
        fmt::format("scenario: {}{}\nended: {}", summary.scenario.empty() ? "none was chosen" : summary.scenario,
                    summary.fixed ? " (fixed)" : "", summary.open ? "it is still open" : summary.ended);
    const CaptureOf about{summary.client, summary.server, program, comment};
    return compose_capture(recording, transcript ? *transcript : so_far(), about);
}

/// One connection. While it runs, its own thread writes and others read.
class ConnectionLog::Entry {
public:
    Entry(std::uint64_t id, ConnectionOrigin origin, const TcpEnd& client, const TcpEnd& server)
    {
        kept.summary.id = id;
        kept.summary.scenario = origin.scenario;
        kept.summary.origin = std::move(origin);
        kept.summary.client = client;
        kept.summary.server = server;
        kept.summary.started = std::chrono::system_clock::now();
        constexpr std::size_t kUsualSteps = 8;
        kept.steps.reserve(kUsualSteps);
    }

    /// What is read off the ClientHello, once somebody looks: most connections are never looked at. Under the mutex.
    const KeptConnection& complete()
    {
        auto& summary = kept.summary;
        if (!summary.ja4.empty()) return kept;
        for (const auto& step : kept.steps)
            for (const auto& message : step.messages) {
                if (message.type != HandshakeType::client_hello || !summary.ja4.empty()) continue;
                const auto parsed = parse_client_hello(message.body);
                const auto* hello = std::get_if<ClientHello>(&parsed);
                if (hello == nullptr) continue;
                summary.ja4 = ja4(*hello);
                summary.server_name = hello->server_name().value_or("");
            }
        return kept;
    }

    std::mutex mutex;
    KeptConnection kept;
    std::size_t cost = kFixedCost;
    std::size_t counted = 0; // of the cost, in the log's sum; under the log's mutex
};

class ConnectionLog::Observer final : public ConnectionObserver {
public:
    Observer(ConnectionLog& log, std::shared_ptr<Entry> entry) : log_(log), entry_(std::move(entry)) {}

    ~Observer() override
    {
        if (ended_) return;
        Transcript nothing;
        ended(nothing, "it was given up");
    }

    void chosen(const BoundScenario& scenario) override
    {
        const std::lock_guard lock(entry_->mutex);
        auto& summary = entry_->kept.summary;
        if (summary.origin.scenario.empty()) summary.scenario = scenario.scenario().id;
        summary.fixed = scenario.fixed();
    }

    void bytes(Direction direction, ByteView bytes, std::chrono::microseconds at) override
    {
        const std::lock_guard lock(entry_->mutex);
        entry_->kept.recording.bytes(direction, bytes, at);
        entry_->cost += bytes.size() + sizeof(RecordedEvent);
    }

    void socket(SocketEventKind kind, std::chrono::microseconds at) override
    {
        const std::lock_guard lock(entry_->mutex);
        entry_->kept.recording.socket(kind, at);
    }

    void secret(const KeyLogEntry& entry, const Transcript& /*so_far*/) override
    {
        const std::lock_guard lock(entry_->mutex);
        entry_->kept.key_log.push_back(entry);
        entry_->cost += 2 * (sizeof entry + entry.secret.size());
    }

    void message(Direction /*direction*/, const HandshakeMessage& message) override
    {
        if (message_octets_ + message.body.size() > kMostMessageOctets) {
            cut_ = true;
            return;
        }
        message_octets_ += message.body.size();
        messages_.push_back(message);
    }

    void event(const Transcript& so_far, std::size_t index) override
    {
        const std::lock_guard lock(entry_->mutex);
        auto& kept = entry_->kept;
        if (index < kept.steps.size()) { // more is known
            kept.steps[index].event = so_far.events[index];
        } else {
            KeptStep& step = kept.steps.emplace_back();
            step.number = kept.steps.size();
            step.event = so_far.events[index];
            step.messages = std::exchange(messages_, {});
            step.messages_cut = std::exchange(cut_, false);
            if (so_far.server_hello) {
                step.version = so_far.server_hello->selected_version();
                step.suite = so_far.server_hello->cipher_suite;
            }
            for (const auto& message : step.messages) entry_->cost += message.body.size();
            entry_->cost += kStepCost;
        }
        log_.tell({ConnectionNews::Kind::step, kept.summary, &kept.steps[std::min(index, kept.steps.size() - 1)]});
    }

    void ended(Transcript& transcript, const std::string& how) override
    {
        ended_ = true;
        {
            const std::lock_guard lock(entry_->mutex);
            auto& summary = entry_->kept.summary;
            summary.open = false;
            summary.ended = how;
            summary.failed = is_failure(transcript);
            summary.duration =
                std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began_);
            entry_->kept.transcript = std::make_shared<const Transcript>(std::move(transcript));
            log_.tell({ConnectionNews::Kind::ended, summary});
        }
        log_.count(*entry_);
    }

private:
    ConnectionLog& log_;
    std::shared_ptr<Entry> entry_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::vector<HandshakeMessage> messages_; // of the record that comes next
    std::size_t message_octets_ = 0;
    bool cut_ = false;
    bool ended_ = false;
};

ConnectionLog::ConnectionLog(ConnectionLimitsKept limits) : limits_(limits) {}

ConnectionLog::~ConnectionLog() = default;

void ConnectionLog::subscribe(std::function<void(const ConnectionNews&)> told)
{
    told_.push_back(std::move(told));
}

void ConnectionLog::tell(const ConnectionNews& news) const
{
    for (const auto& each : told_) each(news);
}

std::unique_ptr<ConnectionObserver> ConnectionLog::observe(ConnectionOrigin origin, const TcpEnd& client,
                                                           const TcpEnd& server)
{
    std::shared_ptr<Entry> entry;
    {
        const std::lock_guard lock(mutex_);
        entry = std::make_shared<Entry>(++last_id_, std::move(origin), client, server);
        entry->counted = entry->cost;
        octets_ += entry->cost;
        entries_.push_back(entry);
    }
    {
        const std::lock_guard lock(entry->mutex);
        tell({ConnectionNews::Kind::opened, entry->kept.summary});
    }
    drop_oldest();
    return std::make_unique<Observer>(*this, std::move(entry));
}

/// Its whole cost, once it has ended.
void ConnectionLog::count(Entry& entry)
{
    {
        const std::lock_guard lock(mutex_);
        // One that was dropped while it was open is in no sum any more.
        if (entry.counted != 0) octets_ += entry.cost - std::exchange(entry.counted, entry.cost);
    }
    drop_oldest();
}

void ConnectionLog::drop_oldest()
{
    std::vector<std::shared_ptr<Entry>> gone;
    std::uint64_t dropped = 0;
    {
        const std::lock_guard lock(mutex_);
        while (entries_.size() > limits_.connections || (octets_ > limits_.octets && entries_.size() > 1)) {
            gone.push_back(std::move(entries_.front()));
            entries_.pop_front();
            octets_ -= std::exchange(gone.back()->counted, 0);
            ++dropped_;
        }
        dropped = dropped_;
    }
    if (gone.empty()) return;
    const std::lock_guard lock(gone.back()->mutex);
    tell({ConnectionNews::Kind::dropped, gone.back()->kept.summary, nullptr, dropped});
}

std::vector<ConnectionSummary> ConnectionLog::list(const Wanted& wanted) const
{
    std::vector<std::shared_ptr<Entry>> entries;
    {
        const std::lock_guard lock(mutex_);
        const auto first =
            std::upper_bound(entries_.begin(), entries_.end(), wanted.after, [](auto after, const auto& entry) {
                return after < entry->kept.summary.id; // which never changes
            });
        entries.assign(first, entries_.end());
    }
    std::vector<ConnectionSummary> found;
    for (auto entry = entries.rbegin(); entry != entries.rend() && found.size() < wanted.limit; ++entry) {
        const std::lock_guard lock((*entry)->mutex);
        const auto& summary = (*entry)->kept.summary;
        if (!wanted.listener.empty() && summary.origin.listener != wanted.listener) continue;
        if (!wanted.scenario.empty() && summary.scenario != wanted.scenario) continue;
        found.push_back((*entry)->complete().summary);
    }
    std::reverse(found.begin(), found.end());
    return found;
}

std::shared_ptr<ConnectionLog::Entry> ConnectionLog::entry(std::uint64_t id) const
{
    const std::lock_guard lock(mutex_);
    // Ids follow one another without a gap.
    if (entries_.empty() || id < entries_.front()->kept.summary.id || id > entries_.back()->kept.summary.id)
        return nullptr;
    return entries_[static_cast<std::size_t>(id - entries_.front()->kept.summary.id)];
}

std::optional<ConnectionSummary> ConnectionLog::summary(std::uint64_t id) const
{
    const auto found = entry(id);
    if (!found) return std::nullopt;
    const std::lock_guard lock(found->mutex);
    return found->complete().summary;
}

std::optional<KeptConnection> ConnectionLog::find(std::uint64_t id) const
{
    const auto found = entry(id);
    if (!found) return std::nullopt;
    const std::lock_guard lock(found->mutex);
    return found->complete();
}

bool ConnectionLog::look_at(std::uint64_t id, const std::function<void(const KeptConnection&)>& look) const
{
    const auto found = entry(id);
    if (!found) return false;
    const std::lock_guard lock(found->mutex);
    look(found->complete());
    return true;
}

std::uint64_t ConnectionLog::opened() const
{
    const std::lock_guard lock(mutex_);
    return last_id_;
}

std::uint64_t ConnectionLog::dropped() const
{
    const std::lock_guard lock(mutex_);
    return dropped_;
}

std::size_t ConnectionLog::kept() const
{
    const std::lock_guard lock(mutex_);
    return entries_.size();
}

std::size_t ConnectionLog::octets() const
{
    const std::lock_guard lock(mutex_);
    return octets_;
}

} // namespace alert40
