// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/tcp_stream.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::uint64_t kFirstOffset = std::uint64_t{1} << 32;
constexpr unsigned kPatientAcknowledgements = 3;
/// RFC 7323 section 2.3: no window is larger. What is further away belongs to no stream of this connection.
constexpr std::int64_t kLargestWindow = std::int64_t{1} << 30;

std::int64_t distance(std::uint32_t from, std::uint32_t to)
{
    return static_cast<std::int32_t>(to - from);
}

} // namespace

void TcpStream::start(std::uint32_t sequence)
{
    started_ = true;
    next_sequence_ = sequence;
    next_ = kFirstOffset;
}

void TcpStream::segment(std::uint32_t sequence, ByteView payload, std::uint32_t cut, StreamListener& listener)
{
    if (payload.empty() && cut == 0) return;
    if (!started_) start(sequence);
    const auto ahead = distance(next_sequence_, sequence);
    if (ahead > kLargestWindow || ahead < -kLargestWindow) return;
    const auto offset = static_cast<std::uint64_t>(static_cast<std::int64_t>(next_) + ahead);
    if (offset + payload.size() + cut <= next_) return; // all of it came before
    if (offset > next_ && !forgotten_) {
        hold(offset, payload, cut);
        if (held() > kMostHeld || held_.size() > kMostHeldSegments) give_up_hole(held_.front().offset, listener);
    } else {
        take(offset, payload, cut, listener);
    }
    drain(listener);
}

/// `offset` is not behind what is awaited.
void TcpStream::take(std::uint64_t offset, ByteView payload, std::uint32_t cut, StreamListener& listener)
{
    const auto end = offset + payload.size() + cut;
    if (!forgotten_) {
        const auto known = std::min<std::uint64_t>(next_ - offset, payload.size());
        const auto news = payload.subspan(static_cast<std::size_t>(known));
        if (!news.empty()) listener.data(news);
        const auto cut_known = next_ - offset - known; // of the octets that were cut
        if (cut > cut_known) listener.missing(cut - cut_known, Loss::snap_length);
    }
    next_sequence_ += static_cast<std::uint32_t>(end - next_);
    next_ = end;
}

void TcpStream::hold(std::uint64_t offset, ByteView payload, std::uint32_t cut)
{
    const auto place = std::lower_bound(held_.begin(), held_.end(), offset,
                                        [](const Held& each, std::uint64_t wanted) { return each.offset < wanted; });
    const bool twice = place != held_.end() && place->offset == offset && place->octets.size() >= payload.size();
    if (twice) return;
    held_octets_ += payload.size();
    held_.insert(place, {offset, {payload.begin(), payload.end()}, cut});
}

void TcpStream::drain(StreamListener& listener)
{
    std::size_t taken = 0;
    for (; taken < held_.size() && held_[taken].offset <= next_; ++taken) {
        const auto& each = held_[taken];
        held_octets_ -= each.octets.size();
        if (each.offset + each.octets.size() + each.cut > next_) take(each.offset, each.octets, each.cut, listener);
    }
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(taken));
    if (taken > 0) acknowledged_beyond_ = 0;
}

void TcpStream::give_up_hole(std::uint64_t to, StreamListener& listener)
{
    if (to <= next_) return;
    listener.missing(to - next_, Loss::not_captured);
    next_sequence_ += static_cast<std::uint32_t>(to - next_);
    next_ = to;
    acknowledged_beyond_ = 0;
}

void TcpStream::acknowledged(std::uint32_t sequence, StreamListener& listener)
{
    if (!started_ || forgotten_) return;
    const auto ahead = distance(next_sequence_, sequence);
    if (ahead <= 0 || ahead > kLargestWindow) return;
    acknowledged_ = std::max(acknowledged_, next_ + static_cast<std::uint64_t>(ahead));
    const bool fin_alone = held_.empty() && acknowledged_ == next_ + 1;
    if (fin_alone || ++acknowledged_beyond_ < kPatientAcknowledgements) return;
    give_up_hole(held_.empty() ? acknowledged_ : std::min(acknowledged_, held_.front().offset), listener);
    drain(listener);
}

void TcpStream::flush(StreamListener& listener)
{
    if (forgotten_) return;
    while (!held_.empty()) {
        give_up_hole(held_.front().offset, listener);
        drain(listener);
    }
    // One octet more than there was is the number of a FIN (RFC 9293 section 3.4), which need not have been captured.
    if (started_ && acknowledged_ > next_ + 1) give_up_hole(acknowledged_, listener);
}

void TcpStream::forget()
{
    forgotten_ = true;
    held_.clear();
    held_.shrink_to_fit();
    held_octets_ = 0;
}

} // namespace alert40
