// SPDX-License-Identifier: GPL-2.0-or-later
// The capture file: read here with a reader of the test's own, octet by octet; tests/programs/capture_test gives it to
// tshark.
#include "server/wire/pcapng.h"
#include "server/wire/recording.h"
#include "server/wire/tap.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace std::chrono_literals;

constexpr auto kClient = Direction::client_to_server;
constexpr auto kServer = Direction::server_to_client;

std::uint32_t little(ByteView bytes, std::size_t at)
{
    return static_cast<std::uint32_t>(bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16) |
           static_cast<std::uint32_t>(bytes[at + 3]) << 24;
}

std::uint32_t big(ByteView bytes, std::size_t at, std::size_t octets)
{
    std::uint32_t value = 0;
    for (std::size_t octet = 0; octet < octets; ++octet) value = value << 8 | bytes[at + octet];
    return value;
}

struct Block {
    std::uint32_t type = 0;
    Bytes body;
};

/// The blocks of a file; checks that each says its length twice and begins at a multiple of 4.
std::vector<Block> blocks_of(ByteView file)
{
    std::vector<Block> blocks;
    while (!file.empty()) {
        REQUIRE(file.size() >= 12);
        const std::uint32_t length = little(file, 4);
        REQUIRE(length % 4 == 0);
        REQUIRE(length <= file.size());
        REQUIRE(little(file, length - 4) == length);
        blocks.push_back({little(file, 0), {file.begin() + 8, file.begin() + length - 4}});
        file = file.subspan(length);
    }
    return blocks;
}

/// RFC 1071: with the checksum in place the words add up to 0xffff.
bool sums_up(Bytes bytes)
{
    if (bytes.size() % 2 != 0) bytes.push_back(0);
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at < bytes.size(); at += 2) sum += big(bytes, at, 2);
    while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
    return sum == 0xFFFF;
}

/// One packet as the tests speak of it: "c SA 0 1 +3", who, flags, relative sequence numbers, octets of data.
struct Packet {
    bool from_client = false;
    std::string flags;
    std::uint32_t sequence = 0, acknowledgement = 0;
    Bytes data;
    std::uint64_t at = 0; // microseconds since 1970
};

Packet packet_of(const Block& block, std::uint16_t client_port)
{
    Packet packet;
    packet.at = std::uint64_t{little(block.body, 4)} << 32 | little(block.body, 8);
    const std::size_t length = little(block.body, 12);
    CHECK(little(block.body, 16) == length);
    const Bytes frame(block.body.begin() + 20, block.body.begin() + 20 + static_cast<std::ptrdiff_t>(length));
    const bool ipv4 = big(frame, 12, 2) == 0x0800;
    const std::size_t address = ipv4 ? 4 : 16;
    const std::size_t tcp = ipv4 ? 34 : 54;
    const std::size_t addresses = ipv4 ? 26 : 22;
    if (ipv4) CHECK(sums_up({frame.begin() + 14, frame.begin() + 34}));
    CHECK(big(frame, ipv4 ? 16 : 18, 2) == frame.size() - (ipv4 ? 14 : 54));
    Bytes pseudo(frame.begin() + static_cast<std::ptrdiff_t>(addresses),
                 frame.begin() + static_cast<std::ptrdiff_t>(addresses + 2 * address));
    const auto octets = frame.size() - tcp;
    for (const auto octet : {std::size_t{0}, std::size_t{6}, octets >> 8, octets & 0xFF})
        pseudo.push_back(static_cast<std::uint8_t>(octet));
    pseudo.insert(pseudo.end(), frame.begin() + static_cast<std::ptrdiff_t>(tcp), frame.end());
    CHECK(sums_up(pseudo));
    packet.from_client = big(frame, tcp, 2) == client_port;
    packet.sequence = big(frame, tcp + 4, 4);
    packet.acknowledgement = big(frame, tcp + 8, 4);
    for (const auto& [bit, letter] : {std::pair{0x02, 'S'}, {0x01, 'F'}, {0x04, 'R'}, {0x08, 'P'}, {0x10, 'A'}})
        if ((frame[tcp + 13] & bit) != 0) packet.flags += letter;
    const std::size_t header = (frame[tcp + 12] >> 4) * std::size_t{4};
    packet.data.assign(frame.begin() + static_cast<std::ptrdiff_t>(tcp + header), frame.end());
    return packet;
}

const CaptureOf kIpv4{{{127, 0, 0, 1}, 50000}, {{127, 0, 0, 2}, 443}, "test", "a comment"};

CaptureOf ipv6()
{
    Bytes loopback(16, 0);
    loopback[15] = 1;
    return {{loopback, 50000}, {loopback, 443}, "test", "a comment"};
}

std::vector<Packet> packets_of(const Recording& recording, const CaptureOf& about = kIpv4, Transcript transcript = {})
{
    std::vector<Packet> packets;
    for (const auto& block : blocks_of(compose_capture(recording, transcript, about)))
        if (block.type == 6) packets.push_back(packet_of(block, about.client.port));
    return packets;
}

/// The packets, one word each; sequence numbers count from each side's first.
std::string text_of(const std::vector<Packet>& packets)
{
    std::string text;
    std::uint32_t client = packets[0].sequence;
    std::uint32_t server = packets[1].sequence;
    for (const auto& packet : packets) {
        const auto own = packet.from_client ? client : server;
        const auto peer = packet.from_client ? server : client;
        const bool acknowledges = packet.flags.find('A') != std::string::npos;
        text += fmt::format("{}:{}:{}", packet.from_client ? 'c' : 's', packet.flags, packet.sequence - own);
        if (acknowledges) text += fmt::format("/{}", packet.acknowledgement - peer);
        if (!packet.data.empty()) text += fmt::format("+{}", packet.data.size());
        text += ' ';
    }
    return text;
}

const std::string kOpening = "c:S:0 s:SA:0/1 c:A:1/1 ";

TEST_CASE("a recorded connection becomes TCP segments with right numbers", "[wire][capture]")
{
    Recording recording;
    recording.bytes(kClient, Bytes(10), 5us);
    recording.bytes(kServer, Bytes(7), 9us);
    SECTION("closed by the server, then by the client")
    {
        recording.socket(SocketEventKind::server_fin, 20us);
        recording.socket(SocketEventKind::client_fin, 30us);
        CHECK(text_of(packets_of(recording)) ==
              kOpening + "c:PA:1/1+10 s:PA:1/11+7 c:A:11/8 s:FA:8/11 c:FA:11/9 s:A:9/12 ");
    }
    SECTION("reset by either")
    {
        recording.socket(SocketEventKind::client_reset, 20us);
        CHECK(text_of(packets_of(recording)) == kOpening + "c:PA:1/1+10 s:PA:1/11+7 c:RA:11/8 ");
    }
    SECTION("left open at a deadline")
    {
        recording.socket(SocketEventKind::deadline, 20us);
        CHECK(text_of(packets_of(recording)) == kOpening + "c:PA:1/1+10 s:PA:1/11+7 c:A:11/8 ");
    }
    SECTION("nothing follows a reset or a side's own FIN, though the socket still took it")
    {
        recording.socket(SocketEventKind::server_fin, 20us);
        recording.bytes(kServer, Bytes(3), 21us);
        recording.socket(SocketEventKind::client_reset, 22us);
        recording.bytes(kClient, Bytes(3), 23us);
        recording.socket(SocketEventKind::server_fin, 24us);
        CHECK(text_of(packets_of(recording)) == kOpening + "c:PA:1/1+10 s:PA:1/11+7 c:A:11/8 s:FA:8/11 c:RA:11/9 ");
    }
}

TEST_CASE("data is cut at what Ethernet carries, and is all there", "[wire][capture]")
{
    Bytes long_flight(4000);
    for (std::size_t at = 0; at < long_flight.size(); ++at) long_flight[at] = static_cast<std::uint8_t>(at * 7);
    Recording recording;
    recording.bytes(kServer, long_flight, 5us);
    const auto [about, shown] =
        GENERATE(std::pair(kIpv4, kOpening + "s:A:1/1+1460 s:A:1461/1+1460 s:PA:2921/1+1080 c:A:1/4001 "),
                 std::pair(ipv6(), kOpening + "s:A:1/1+1440 s:A:1441/1+1440 s:PA:2881/1+1120 c:A:1/4001 "));
    const auto packets = packets_of(recording, about);
    CHECK(text_of(packets) == shown);
    Bytes data;
    for (const auto& packet : packets) append(data, packet.data);
    CHECK(data == long_flight);
}

TEST_CASE("packets carry the times of the connection", "[wire][capture]")
{
    Transcript transcript;
    transcript.started = std::chrono::system_clock::time_point(1'700'000'000s);
    Recording recording;
    recording.bytes(kClient, Bytes(1), 250us);
    recording.socket(SocketEventKind::client_fin, 2s);
    const auto packets = packets_of(recording, kIpv4, transcript);
    std::vector<std::uint64_t> after;
    for (const auto& packet : packets) after.push_back(packet.at - 1'700'000'000'000'000);
    CHECK(after == std::vector<std::uint64_t>{0, 0, 0, 250, 250, 2'000'000, 2'000'000});
}

TEST_CASE("the secrets stand before the packets that they open", "[wire][capture]")
{
    Transcript transcript;
    transcript.client_hello.emplace();
    transcript.client_hello->random.fill(0xAB);
    transcript.key_log = {{"CLIENT_HANDSHAKE_TRAFFIC_SECRET", {1, 2}}, {"CLIENT_RANDOM", {3}}};
    Recording recording;
    recording.bytes(kClient, Bytes(1), 1us);
    const auto blocks = blocks_of(compose_capture(recording, transcript, kIpv4));
    REQUIRE(blocks.size() > 3);
    CHECK(blocks[0].type == 0x0A0D0D0A);
    CHECK(blocks[1].type == 1);
    CHECK(blocks[2].type == 10);
    CHECK(blocks[3].type == 6);
    CHECK(little(blocks[2].body, 0) == 0x544C534B);
    const auto text = to_text(blocks[2].body).substr(8, little(blocks[2].body, 4));
    std::string random;
    for (int octet = 0; octet < 32; ++octet) random += "ab";
    CHECK(text == "CLIENT_HANDSHAKE_TRAFFIC_SECRET " + random + " 0102\nCLIENT_RANDOM " + random + " 03\n");

    transcript.key_log.clear();
    CHECK(blocks_of(compose_capture(recording, transcript, kIpv4))[2].type == 6);
}

TEST_CASE("a recording ends at its cap, and the file says so", "[wire][capture]")
{
    Recording recording;
    const auto comment_of = [&] { return to_text(blocks_of(compose_capture(recording, {}, kIpv4))[0].body); };
    recording.bytes(kServer, Bytes(Recording::kMostOctets - 1), 1us);
    CHECK_FALSE(recording.cut());
    CHECK(comment_of().find("missing") == std::string::npos);
    recording.bytes(kServer, Bytes(11), 2us);
    recording.bytes(kClient, Bytes(5), 3us);
    recording.socket(SocketEventKind::client_fin, 4us);
    CHECK(recording.cut());
    CHECK(recording.octets().size() == Recording::kMostOctets);
    CHECK(recording.octets_missing() == 15);
    CHECK(comment_of().find("the first 1048576 octets of data; 15 octets and what came after are missing") !=
          std::string::npos);
    for (const auto& packet : packets_of(recording)) CHECK(packet.flags.find('F') == std::string::npos);
}

TEST_CASE("a recording of single octets ends at its number of events", "[wire][capture]")
{
    Recording recording;
    for (std::size_t octet = 0; octet < Recording::kMostEvents + 3; ++octet) recording.bytes(kClient, Bytes(1), 1us);
    CHECK(recording.cut());
    CHECK(recording.events().size() == Recording::kMostEvents);
    CHECK(recording.octets_missing() == 3);
}

TEST_CASE("a comment longer than an option can be is cut, not the file broken", "[wire][capture]")
{
    CaptureOf about = kIpv4;
    about.comment = std::string(70'000, 'x');
    CHECK(blocks_of(compose_capture({}, {}, about)).size() == 5);
}

struct Heard final : WireRecorder {
    void bytes(Direction, ByteView bytes, std::chrono::microseconds) override { octets += bytes.size(); }
    void socket(SocketEventKind, std::chrono::microseconds) override { ++sockets; }
    void secret(const KeyLogEntry&, const Transcript&) override { ++secrets; }
    std::size_t octets = 0, sockets = 0, secrets = 0;
};

TEST_CASE("a tap tells its recorder everything, its copy nobody anything", "[wire][capture]")
{
    Heard heard;
    Tap tap{Tap::Time{}};
    tap.record_to(&heard);
    Tap copy = tap;
    for (Tap* each : {&tap, &copy}) {
        each->bytes(kClient, Bytes(3), {});
        each->bytes(kServer, Bytes(4), {}); // no TLS, and told all the same
        each->socket(SocketEventKind::client_fin, {});
        each->secret({"CLIENT_RANDOM", {1}});
    }
    CHECK(heard.octets == 7);
    CHECK(heard.sockets == 1);
    CHECK(heard.secrets == 1);
}

} // namespace
} // namespace alert40
