// SPDX-License-Identifier: GPL-2.0-or-later
// From a frame to the TCP segment in it.
#include "client-checks/captures/dissector.h"
#include "client-checks/captures/fragments.h"
#include "client-checks/captures/link_layer.h"
#include "tests/captures/captured.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace alert40 {
namespace {

using namespace test;

std::string text_of(const std::optional<SeenSegment>& segment)
{
    if (!segment) return "none";
    auto text = fmt::format("{} > {} {}", segment->from.text(), segment->to.text(), to_text(segment->payload));
    return segment->cut == 0 ? text : fmt::format("{} and {} cut", text, segment->cut);
}

std::string dissect(Dissector& dissector, std::uint32_t link_type, ByteView octets, std::size_t cut = 0)
{
    return text_of(
        dissector.dissect({std::nullopt, link_type, octets, static_cast<std::uint32_t>(octets.size() + cut)}));
}

std::string dissect(std::uint32_t link_type, ByteView octets, std::size_t cut = 0)
{
    Dissector dissector;
    return dissect(dissector, link_type, octets, cut);
}

Bytes frame(const Talk& like = Talk())
{
    Talk talk = like;
    talk.says(kClient, "hello");
    return talk.frames.back().octets;
}

Bytes ip(const Talk& like = Talk())
{
    const auto whole = frame(like);
    return {whole.begin() + 14, whole.end()};
}

Bytes joined(Bytes first, ByteView second)
{
    append(first, second);
    return first;
}

constexpr auto kExpected = "192.0.2.1:50000 > 198.51.100.1:443 hello";

TEST_CASE("IPv4 and IPv6 in Ethernet", "[captures][link]")
{
    CHECK(dissect(1, frame()) == kExpected);
    CHECK(dissect(1, frame(Talk::ipv6())) == "[2001:db8::1]:50000 > [2001:db8::1]:443 hello");
}

TEST_CASE("VLAN tags, one or two, and PPPoE are taken off", "[captures][link]")
{
    const auto whole = frame();
    const Bytes addresses(whole.begin(), whole.begin() + 12);
    const Bytes rest(whole.begin() + 12, whole.end());
    CHECK(dissect(1, joined(joined(addresses, Bytes{0x81, 0, 0, 5}), rest)) == kExpected);
    CHECK(dissect(1, joined(joined(addresses, Bytes{0x88, 0xA8, 0, 5, 0x81, 0, 0, 6}), rest)) == kExpected);
    CHECK(dissect(1, joined(joined(addresses, Bytes{0x88, 0x64, 0x11, 0, 0, 1, 0, 47, 0, 0x21}), ip())) == kExpected);
    CHECK(dissect(1, joined(addresses, Bytes{0x81, 0, 0})) == "none");
}

TEST_CASE("Linux's cooked captures, loopback and raw IP", "[captures][link]")
{
    CHECK(dissect(113, joined(Bytes{0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 8, 0}, ip())) == kExpected);
    CHECK(dissect(276, joined(Bytes{8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0}, ip())) == kExpected);
    CHECK(dissect(0, joined(Bytes{2, 0, 0, 0}, ip())) == kExpected);
    CHECK(dissect(0, joined(Bytes{0, 0, 0, 2}, ip())) == kExpected);
    CHECK(dissect(108, joined(Bytes{0, 0, 0, 30}, ip(Talk::ipv6()))) != "none");
    for (const std::uint32_t raw : {12U, 14U, 101U, 228U}) CHECK(dissect(raw, ip()) == kExpected);
    CHECK(dissect(229, ip(Talk::ipv6())) != "none");
}

TEST_CASE("link types that are not read are counted, and have a name", "[captures][link]")
{
    Dissector dissector;
    CHECK(dissect(dissector, 127, frame()) == "none");
    CHECK(dissector.counts().unread_links.at(127) == 1);
    CHECK(link_type_name(127) == "IEEE802_11_RADIOTAP (127)");
    CHECK(link_type_name(4711) == "4711");
}

TEST_CASE("what Ethernet pads is no payload", "[captures][ip]")
{
    auto padded = frame();
    padded.resize(padded.size() + 20, 0);
    CHECK(dissect(1, padded) == kExpected);
}

TEST_CASE("a length of zero, as where the card cuts segments, takes what is there", "[captures][ip]")
{
    auto packet = ip();
    packet[2] = packet[3] = 0;
    CHECK(dissect(101, packet) == kExpected);
}

TEST_CASE("options of IPv4 and TCP are passed over", "[captures][ip]")
{
    auto packet = ip();
    packet[0] = 0x46;
    packet[3] = static_cast<std::uint8_t>(packet[3] + 8);
    packet.insert(packet.begin() + 20, {1, 1, 1, 1});
    packet[24 + 12] = 0x60;
    packet.insert(packet.begin() + 24 + 20, {1, 1, 1, 1});
    CHECK(dissect(101, packet) == kExpected);
}

TEST_CASE("what a snap length cuts off is counted", "[captures][ip]")
{
    const auto whole = frame();
    CHECK(dissect(1, ByteView(whole).first(whole.size() - 3), 3) == "192.0.2.1:50000 > 198.51.100.1:443 he and 3 cut");
    CHECK(dissect(1, ByteView(whole).first(14 + 20 + 20), 5) == "192.0.2.1:50000 > 198.51.100.1:443  and 5 cut");
    Dissector dissector;
    CHECK(dissect(dissector, 1, ByteView(whole).first(14 + 20 + 10), 15) == "none");
    CHECK(dissector.counts().headers_cut == 1);
}

TEST_CASE("the extension headers of IPv6 are passed over", "[captures][ip]")
{
    auto packet = ip(Talk::ipv6());
    // Hop-by-hop, destination options, an authentication header of 12 octets, a fragment header of all in one.
    const Bytes headers{60, 0, 1, 4, 0, 0, 0, 0, 51, 0, 1, 4, 0, 0, 0, 0, 44, 1,
                        0,  0, 0, 0, 0, 1, 0, 0, 0,  9, 6, 0, 0, 0, 0, 0, 0,  1};
    packet.insert(packet.begin() + 40, headers.begin(), headers.end());
    packet[6] = 0;
    packet[5] = static_cast<std::uint8_t>(packet[5] + headers.size());
    CHECK(dissect(101, packet) == "[2001:db8::1]:50000 > [2001:db8::1]:443 hello");
}

/// One IPv4 packet of `whole`'s payload between two places, as a fragment.
Bytes fragment_of(const Bytes& whole, std::size_t from, std::size_t to, bool more)
{
    Bytes packet(whole.begin(), whole.begin() + 20);
    append(packet, ByteView(whole).subspan(20 + from, to - from));
    packet[2] = 0;
    packet[3] = static_cast<std::uint8_t>(packet.size());
    packet[6] = static_cast<std::uint8_t>((more ? 0x20 : 0) | from / 8 >> 8);
    packet[7] = static_cast<std::uint8_t>(from / 8);
    return packet;
}

TEST_CASE("fragments are put together in any order", "[captures][fragments]")
{
    const auto whole = ip(); // 25 octets behind the IP header
    std::vector<Bytes> parts{fragment_of(whole, 0, 8, true), fragment_of(whole, 8, 16, true),
                             fragment_of(whole, 16, 25, false)};
    std::sort(parts.begin(), parts.end());
    do {
        Dissector dissector;
        CHECK(dissect(dissector, 101, parts[0]) == "none");
        CHECK(dissect(dissector, 101, parts[1]) == "none");
        CHECK(dissect(dissector, 101, parts[2]) == kExpected);
        CHECK(dissector.fragmented_and_lost() == 0);
    } while (std::next_permutation(parts.begin(), parts.end()));
}

TEST_CASE("of fragments that overlap the first stands, and what is lost is counted", "[captures][fragments]")
{
    const auto whole = ip();
    auto other = whole;
    other.back() = 'X';
    Dissector dissector;
    dissect(dissector, 101, fragment_of(whole, 0, 16, true));
    CHECK(dissect(dissector, 101, fragment_of(other, 8, 25, false)) == "192.0.2.1:50000 > 198.51.100.1:443 hellX");
    CHECK(dissect(dissector, 101, fragment_of(whole, 0, 8, true)) == "none");
    CHECK(dissector.fragmented_and_lost() == 1);
}

TEST_CASE("a packet whose fragments overlap without end is given up", "[captures][fragments]")
{
    Fragments fragments;
    const Bytes part(60'000, 0);
    for (unsigned number = 0; number < 4; ++number) {
        const Fragment again{{}, {}, 1, 6, 8, true, part};
        CHECK_FALSE(fragments.add(again));
    }
    CHECK(fragments.given_up() == 1);
    CHECK(fragments.waiting() == 1);
}

TEST_CASE("what is held of packets in fragments has a bound in octets", "[captures][fragments]")
{
    Fragments fragments;
    const Bytes part(60'000, 0);
    for (unsigned number = 0; number < Fragments::kMostPackets; ++number)
        for (const std::size_t offset : {8U, 16U}) fragments.add({{}, {}, number, 6, offset, true, part});
    CHECK(fragments.given_up() > 0);
    CHECK(fragments.waiting() * 2 * part.size() <= Fragments::kMostOctets);
}

TEST_CASE("no more than a bounded number of packets in fragments is waited for", "[captures][fragments]")
{
    Dissector dissector;
    auto whole = ip();
    for (unsigned number = 0; number < 200; ++number) {
        whole[4] = static_cast<std::uint8_t>(number);
        dissect(dissector, 101, fragment_of(whole, 0, 8, true));
    }
    CHECK(dissector.fragmented_and_lost() == 200);
}

TEST_CASE("what is no TCP is counted by what it is", "[captures][ip]")
{
    Dissector dissector;
    auto udp = ip();
    udp[9] = 17;
    dissect(dissector, 101, udp);
    const Bytes arp{1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 8, 6, 0, 1};
    dissect(dissector, 1, arp);
    CHECK(dissector.counts().other_protocols == 1);
    CHECK(dissector.counts().udp_443 == 1);
    CHECK(dissector.counts().not_ip == 1);
    CHECK(dissector.counts().packets == 2);
}

} // namespace
} // namespace alert40
