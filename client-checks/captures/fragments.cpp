// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/fragments.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::size_t kLongestPacket = 65535; // RFC 791 section 3.1: the length has 16 bits
constexpr std::size_t kMostParts = 1024;

} // namespace

std::optional<ByteView> Fragments::add(const Fragment& fragment)
{
    if (fragment.octets.empty() || fragment.offset + fragment.octets.size() > kLongestPacket) return std::nullopt;
    auto packet = std::find_if(packets_.begin(), packets_.end(), [&](const Packet& each) {
        return each.identification == fragment.identification && each.protocol == fragment.protocol &&
               each.from == fragment.from && each.to == fragment.to;
    });
    if (packet == packets_.end()) {
        if (packets_.size() == kMostPackets) give_up(packets_.begin());
        packet = packets_.insert(packets_.end(),
                                 {fragment.from, fragment.to, fragment.identification, fragment.protocol, {}, 0, {}});
    }
    if (packet->parts.size() == kMostParts) return std::nullopt;
    if (packet->octets + fragment.octets.size() > 2 * kLongestPacket) {
        give_up(packet);
        return std::nullopt;
    }
    packet->octets += fragment.octets.size();
    octets_ += fragment.octets.size();
    if (!fragment.more) packet->length = fragment.offset + fragment.octets.size();
    const auto behind = std::upper_bound(packet->parts.begin(), packet->parts.end(), fragment.offset,
                                         [](std::size_t offset, const Part& part) { return offset < part.offset; });
    packet->parts.insert(behind, {fragment.offset, {fragment.octets.begin(), fragment.octets.end()}});
    if (!is_whole(*packet)) {
        while (octets_ > kMostOctets) give_up(packets_.begin());
        return std::nullopt;
    }
    join(*packet);
    octets_ -= packet->octets;
    packets_.erase(packet);
    return ByteView(whole_);
}

void Fragments::give_up(std::list<Packet>::iterator packet)
{
    octets_ -= packet->octets;
    packets_.erase(packet);
    ++given_up_;
}

bool Fragments::is_whole(const Packet& packet)
{
    if (!packet.length) return false;
    std::size_t reached = 0;
    for (const auto& part : packet.parts) {
        if (part.offset > reached) return false;
        reached = std::max(reached, part.offset + part.octets.size());
    }
    return reached >= *packet.length;
}

void Fragments::join(const Packet& packet)
{
    whole_.clear();
    for (const auto& part : packet.parts) {
        const auto known = whole_.size() - part.offset; // parts are in order and leave no hole
        if (known < part.octets.size()) append(whole_, ByteView(part.octets).subspan(known));
    }
    whole_.resize(*packet.length);
}

} // namespace alert40
