// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/tcp_connections.h"

#include "client-checks/diagnosis/silence.h"

#include <algorithm>
#include <cstring>

namespace alert40 {
namespace {

using End = SeenConnection::End;
using Time = Conversation::Time;

constexpr Direction kBoth[] = {Direction::client_to_server, Direction::server_to_client};

std::size_t index(Direction direction)
{
    return static_cast<std::size_t>(direction);
}

Direction other(Direction direction)
{
    return direction == Direction::client_to_server ? Direction::server_to_client : Direction::client_to_server;
}

SocketEventKind fin_of(Direction direction)
{
    return direction == Direction::client_to_server ? SocketEventKind::client_fin : SocketEventKind::server_fin;
}

SocketEventKind reset_of(Direction direction)
{
    return direction == Direction::client_to_server ? SocketEventKind::client_reset : SocketEventKind::server_reset;
}

/// Passes what a stream says on to the conversation, with the time of the packet that completed it.
class ToConversation final : public StreamListener {
public:
    ToConversation(Conversation& conversation, Direction direction, Time at)
        : conversation_(conversation),
          direction_(direction),
          at_(at)
    {
    }
    void data(ByteView octets) override { conversation_.data(direction_, octets, at_); }
    void missing(std::uint64_t octets, Loss why) override { conversation_.missing(direction_, octets, why, at_); }

private:
    Conversation& conversation_;
    Direction direction_;
    Time at_;
};

/// Whether the sender of a first segment seen is the client.
bool sender_is_client(const SeenSegment& segment)
{
    if (segment.has(TcpFlags::syn)) return !segment.has(TcpFlags::ack);
    if (begins_client_hello(segment.payload)) return true;
    if (begins_server_hello(segment.payload)) return false;
    if (is_tls_port(segment.to.port) != is_tls_port(segment.from.port)) return is_tls_port(segment.to.port);
    return segment.to.port <= segment.from.port;
}

} // namespace

std::size_t TcpConnections::KeyHash::operator()(const Key& key) const
{
    std::uint64_t hash = std::uint64_t{key.low.port} << 16 | key.high.port;
    for (const auto* address : {&key.low.address, &key.high.address}) {
        std::uint64_t halves[2];
        std::memcpy(halves, address->octets.data(), sizeof halves);
        for (const auto half : halves) hash = (hash ^ half) * 0x9E3779B97F4A7C15; // Fibonacci hashing
        hash ^= hash >> 29;
    }
    return static_cast<std::size_t>(hash);
}

void TcpConnections::segment(const SeenSegment& segment, Time at)
{
    latest_ = std::max(latest_, at);
    Flow& flow = flow_of(segment, at);
    if (!flow.payload && !segment.payload.empty()) {
        flow.payload = true; // what is said first tells better than ports who is who
        const bool client = segment.from == flow.seen.client;
        if (flow.seen.syns == 0 && sender_is_client(segment) != client) turn_round(flow);
    }
    const auto direction = segment.from == flow.seen.client ? Direction::client_to_server : Direction::server_to_client;
    flow.seen.last = at;
    ++flow.seen.packets[index(direction)];
    auto& from = flow.seen.conversation ? live_ : quiet_;
    from.splice(from.end(), from, flows_.find(flow.key)->second);
    if (segment.has(TcpFlags::syn)) open(flow, segment);
    if (flow.seen.conversation && !flow.over) take(flow, direction, segment, at);
    keep_bounds(at);
}

TcpConnections::Flow& TcpConnections::flow_of(const SeenSegment& segment, Time at)
{
    const Key key = segment.from < segment.to ? Key{segment.from, segment.to} : Key{segment.to, segment.from};
    const auto there = flows_.find(key);
    if (there == flows_.end()) return begin(key, segment, at);
    Flow& flow = *there->second;
    const bool first_syn = segment.has(TcpFlags::syn) && !segment.has(TcpFlags::ack);
    const bool same = !first_syn || (flow.seen.syns > 0 && flow.first_sequence == segment.sequence);
    if (same) return flow;
    if (flow.seen.conversation) {
        flush(flow, at);
        hand_over(flow, End::reused);
    }
    quiet_.erase(there->second);
    flows_.erase(there);
    return begin(key, segment, at);
}

TcpConnections::Flow& TcpConnections::begin(const Key& key, const SeenSegment& segment, Time at)
{
    Flow flow;
    flow.key = key;
    const bool client = sender_is_client(segment);
    flow.seen.number = ++counts_.connections;
    flow.seen.client = client ? segment.from : segment.to;
    flow.seen.server = client ? segment.to : segment.from;
    flow.seen.began = at;
    flow.seen.answered = !segment.has(TcpFlags::syn);
    flow.seen.conversation = std::make_unique<Conversation>(secrets_, at, segment.has(TcpFlags::syn));
    live_.push_back(std::move(flow));
    flows_.emplace(key, std::prev(live_.end()));
    return live_.back();
}

void TcpConnections::turn_round(Flow& flow)
{
    std::swap(flow.seen.client, flow.seen.server);
    std::swap(flow.seen.packets[0], flow.seen.packets[1]);
    std::swap(flow.streams[0], flow.streams[1]);
    std::swap(flow.hops[0], flow.hops[1]);
    std::swap(flow.fin[0], flow.fin[1]);
}

void TcpConnections::open(Flow& flow, const SeenSegment& segment)
{
    if (segment.has(TcpFlags::ack)) {
        flow.seen.answered = true;
        if (flow.seen.syns == 0) flow.seen.syns = 1; // the SYN itself was before the capture
        auto& stream = flow.streams[index(Direction::server_to_client)];
        if (!stream.started()) stream.start(segment.sequence + 1);
        return;
    }
    ++flow.seen.syns;
    flow.first_sequence = segment.sequence;
    auto& stream = flow.streams[index(Direction::client_to_server)];
    if (!stream.started()) stream.start(segment.sequence + 1);
}

void TcpConnections::take(Flow& flow, Direction direction, const SeenSegment& segment, Time at)
{
    auto& conversation = *flow.seen.conversation;
    note_hops(flow, direction, segment);
    if (segment.has(TcpFlags::rst)) {
        const bool unanswered = flow.seen.syns > 0 && !flow.seen.answered;
        flow.seen.refused = unanswered && direction == Direction::server_to_client;
        flush(flow, at);
        conversation.socket(reset_of(direction), at);
        return hand_over(flow, End::ended);
    }
    auto& stream = flow.streams[index(direction)];
    if (segment.has(TcpFlags::ack)) {
        const auto& fin = flow.fin[index(other(direction))]; // whose number is acknowledged too
        const bool of_fin = fin && segment.acknowledgement == *fin + 1;
        ToConversation listener(conversation, other(direction), at);
        flow.streams[index(other(direction))].acknowledged(segment.acknowledgement - (of_fin ? 1U : 0U), listener);
    }
    const std::uint32_t sequence = segment.sequence + (segment.has(TcpFlags::syn) ? 1U : 0U);
    ToConversation listener(conversation, direction, at);
    stream.segment(sequence, segment.payload, segment.cut, listener);
    if (segment.has(TcpFlags::fin))
        flow.fin[index(direction)] = sequence + static_cast<std::uint32_t>(segment.payload.size()) + segment.cut;
    tell_fins(flow, at);
    const auto held = conversation.looked_at() + flow.streams[0].held() + flow.streams[1].held();
    octets_ += held - flow.looked_at;
    flow.looked_at = held;
    if (conversation.is_over()) return hand_over(flow, End::settled);
    if (flow.fin_told[0] && flow.fin_told[1]) hand_over(flow, End::ended);
}

/// A FIN counts once everything before it has come.
void TcpConnections::tell_fins(Flow& flow, Time at)
{
    for (const auto direction : kBoth) {
        const auto side = index(direction);
        if (!flow.fin[side] || flow.fin_told[side]) continue;
        if (flow.streams[side].started() && !flow.streams[side].reached(*flow.fin[side])) continue;
        flow.fin_told[side] = true;
        flow.seen.conversation->socket(fin_of(direction), at);
    }
}

/// What comes over a path of another length than the connection's opening has another sender, or the path has changed.
void TcpConnections::note_hops(Flow& flow, Direction direction, const SeenSegment& segment)
{
    auto& usual = flow.hops[index(direction)];
    if (!usual) usual = segment.hops;
    const bool tells = segment.has(TcpFlags::rst) || !segment.payload.empty();
    if (*usual == segment.hops || !tells || flow.seen.other_hops || direction == Direction::client_to_server) return;
    flow.seen.other_hops = OtherHops{*usual, segment.hops, segment.has(TcpFlags::rst) ? "RST" : "data"};
}

void TcpConnections::flush(Flow& flow, Time at)
{
    if (!flow.seen.conversation) return;
    for (const auto direction : kBoth) {
        ToConversation listener(*flow.seen.conversation, direction, at);
        flow.streams[index(direction)].flush(listener);
    }
    tell_fins(flow, at);
}

void TcpConnections::hand_over(Flow& flow, End end)
{
    for (auto& stream : flow.streams) stream.forget();
    octets_ -= flow.looked_at;
    flow.looked_at = 0;
    flow.over = true;
    flow.seen.end = end;
    if (end == End::pushed) ++counts_.pushed;
    SeenConnection seen = std::move(flow.seen); // the ends and the times stay, for late segments
    quiet_.splice(quiet_.end(), live_, flows_.find(flow.key)->second);
    receiver_(std::move(seen));
}

void TcpConnections::keep_bounds(Time now)
{
    while (live_.size() > kMostConversations || (octets_ > kMostOctets && !live_.empty())) {
        flush(live_.front(), now);
        hand_over(live_.front(), End::pushed);
    }
    while (!live_.empty() && now - live_.front().seen.last > kIdle) {
        flush(live_.front(), live_.front().seen.last);
        hand_over(live_.front(), End::idle);
    }
    const auto forget_first = [&] {
        flows_.erase(quiet_.front().key);
        quiet_.pop_front();
    };
    while (!quiet_.empty() && (flows_.size() > kMostConnections || now - quiet_.front().seen.last > kIdle))
        forget_first();
}

void TcpConnections::finish()
{
    while (!live_.empty()) {
        Flow& flow = live_.front();
        flush(flow, flow.seen.last);
        const bool waits =
            latest_ - flow.seen.last >= kPatience && flow.seen.conversation->kind() == Conversation::Kind::tls;
        if (waits && deciding_event(flow.seen.conversation->transcript()) == nullptr)
            flow.seen.conversation->socket(SocketEventKind::deadline, latest_);
        hand_over(flow, End::file_end);
    }
}

} // namespace alert40
