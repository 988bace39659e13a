// SPDX-License-Identifier: GPL-2.0-or-later
// The files themselves: both formats, what is wrong with them, and where their octets come from.
#include "client-checks/captures/capture_file.h"
#include "scenarios/loader/input_error.h"
#include "tests/captures/captured.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>

namespace alert40 {
namespace {

using namespace test;

struct ReadPacket {
    std::int64_t nanoseconds = -1; // -1: no time
    std::uint32_t link_type = 0;
    std::string octets;
    std::uint32_t length = 0;
};

struct ReadFile {
    std::vector<ReadPacket> packets;
    std::string damage;
    std::size_t sessions = 0;
    std::string text() const
    {
        std::string all;
        for (const auto& each : packets) all += fmt::format("{}/{}/{} ", each.link_type, each.octets, each.length);
        return all + damage;
    }
};

ReadFile read_all(ByteView bytes)
{
    ByteSource source(bytes);
    KeyLog secrets;
    CaptureFile file(source, "test", secrets);
    ReadFile result;
    while (const auto packet = file.next()) {
        const auto at = packet->at ? packet->at->time_since_epoch().count() : -1;
        result.packets.push_back({at, packet->link_type, to_text(packet->octets), packet->length});
    }
    result.damage = file.damage();
    result.sessions = secrets.sessions();
    return result;
}

std::string refusal(ByteView bytes)
{
    try {
        read_all(bytes);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

std::vector<Frame> two_frames()
{
    return {{1500us, to_bytes("one"), 0}, {2s, to_bytes("four"), 3}};
}

constexpr std::int64_t kStart = std::chrono::nanoseconds(kDay).count();

TEST_CASE("a classic capture is read in either byte order, with micro- and nanoseconds", "[captures][pcap]")
{
    const bool big_endian = GENERATE(false, true);
    const bool nanoseconds = GENERATE(false, true);
    const auto file = read_all(pcap_of(two_frames(), {big_endian, nanoseconds, 101}));
    CHECK(file.text() == "101/one/3 101/four/7 ");
    CHECK(file.packets.at(0).nanoseconds == kStart + 1'500'000);
    CHECK(file.packets.at(1).nanoseconds == kStart + 2'000'000'000);
}

TEST_CASE("the longer packet headers of the kernel's patch are passed over", "[captures][pcap]")
{
    FileMaker maker;
    maker.u32(0xA1B2CD34).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(1);
    maker.u32(1).u32(0).u32(2).u32(2).u32(7).u16(8).u16(0).bytes(to_bytes("ab"));
    CHECK(read_all(maker.file).text() == "1/ab/2 ");
}

TEST_CASE("a classic capture that is cut gives what came before the cut, and says where that is", "[captures][pcap]")
{
    const auto whole = pcap_of(two_frames());
    const auto cut_in_packet = read_all(ByteView(whole).first(whole.size() - 1));
    CHECK(cut_in_packet.text() == "1/one/3 the file is cut within a packet at octet 43, behind 1 packets");
    const auto cut_in_header = read_all(ByteView(whole).first(24 + 19 + 5));
    CHECK(cut_in_header.text() == "1/one/3 the file is cut within a packet's header at octet 43, behind 1 packets");
    CHECK(read_all(ByteView(whole).first(10)).text() == "the file is cut within its header");
    CHECK(read_all(ByteView(whole).first(24)).text() == "");
}

TEST_CASE("a packet header that no capture has ends the reading", "[captures][pcap]")
{
    auto file = pcap_of(two_frames());
    file[24 + 19 + 11] = 0x7F; // a captured length of 2 GiB
    CHECK(read_all(file).text() == "1/one/3 the file is damaged: no packet's header is at octet 43, behind 1 packets");
}

/// Blocks one behind another, in the byte order of their section.
class PcapngMaker {
public:
    explicit PcapngMaker(bool big_endian = false) : big_endian_(big_endian)
    {
        FileMaker body(big_endian_);
        body.u32(0x1A2B3C4D).u16(1).u16(0).u32(0xFFFFFFFF).u32(0xFFFFFFFF);
        block(0x0A0D0D0A, body.file);
    }
    PcapngMaker& block(std::uint32_t type, Bytes body)
    {
        while (body.size() % 4 != 0) body.push_back(0);
        const auto length = static_cast<std::uint32_t>(body.size() + 12);
        FileMaker maker(big_endian_);
        append(file, maker.u32(type).u32(length).bytes(body).u32(length).file);
        return *this;
    }
    PcapngMaker& interface(std::uint16_t link_type, std::uint32_t snap_length = 0, const Bytes& options = {})
    {
        FileMaker body(big_endian_);
        return block(1, body.u16(link_type).u16(0).u32(snap_length).bytes(options).file);
    }
    Bytes option(std::uint16_t code, Bytes value) const
    {
        FileMaker maker(big_endian_);
        maker.u16(code).u16(static_cast<std::uint16_t>(value.size()));
        while (value.size() % 4 != 0) value.push_back(0);
        return maker.bytes(value).file;
    }
    PcapngMaker& enhanced(std::uint32_t interface, std::uint64_t ticks, std::string_view text, std::uint32_t cut = 0)
    {
        FileMaker body(big_endian_);
        const auto captured = static_cast<std::uint32_t>(text.size());
        body.u32(interface).u32(static_cast<std::uint32_t>(ticks >> 32)).u32(static_cast<std::uint32_t>(ticks));
        return block(6, body.u32(captured).u32(captured + cut).bytes(to_bytes(text)).file);
    }
    PcapngMaker& section(const PcapngMaker& other)
    {
        append(file, other.file);
        return *this;
    }
    Bytes file;

private:
    bool big_endian_;
};

TEST_CASE("pcapng is read in either byte order", "[captures][pcapng]")
{
    PcapngMaker maker(GENERATE(false, true));
    maker.interface(1).enhanced(0, 1'000'001, "one").enhanced(0, 2'500'000, "four", 3);
    const auto file = read_all(maker.file);
    CHECK(file.text() == "1/one/3 1/four/7 ");
    CHECK(file.packets.at(0).nanoseconds == 1'000'001'000);
    CHECK(file.packets.at(1).nanoseconds == 2'500'000'000);
}

TEST_CASE("each interface has its own link type and clock", "[captures][pcapng]")
{
    PcapngMaker maker;
    maker.interface(1);
    maker.interface(113, 0, maker.option(9, {9}));                        // nanoseconds
    maker.interface(101, 0, maker.option(9, {0x80 | 10}));                // 1024ths of a second
    maker.interface(276, 0, maker.option(14, {60, 0, 0, 0, 0, 0, 0, 0})); // a minute later
    maker.interface(228, 0, maker.option(9, {127}));                      // more than can be counted
    maker.enhanced(1, 1'000'000'007, "a").enhanced(2, 1536, "b").enhanced(3, 5, "c").enhanced(4, 5, "d");
    const auto file = read_all(maker.file);
    CHECK(file.text() == "113/a/1 101/b/1 276/c/1 228/d/1 ");
    CHECK(file.packets.at(0).nanoseconds == 1'000'000'007);
    CHECK(file.packets.at(1).nanoseconds == 1'500'000'000);
    CHECK(file.packets.at(2).nanoseconds == 60'000'005'000);
    CHECK(file.packets.at(3).nanoseconds == -1);
}

TEST_CASE("Simple and obsolete Packet Blocks are packets too", "[captures][pcapng]")
{
    PcapngMaker maker;
    maker.interface(1, 3);
    FileMaker simple;
    maker.block(3, simple.u32(5).bytes(to_bytes("abc")).file); // 5 octets on the wire, a snap length of 3
    FileMaker obsolete;
    maker.block(2, obsolete.u16(0).u16(0).u32(0).u32(7).u32(2).u32(2).bytes(to_bytes("de")).file);
    const auto file = read_all(maker.file);
    CHECK(file.text() == "1/abc/5 1/de/2 ");
    CHECK(file.packets.at(0).nanoseconds == -1);
    CHECK(file.packets.at(1).nanoseconds == 7000);
}

TEST_CASE("a second section may have the other byte order, and counts its own interfaces", "[captures][pcapng]")
{
    PcapngMaker first(false);
    first.interface(1).enhanced(0, 1, "a");
    PcapngMaker second(true);
    second.interface(101).enhanced(0, 1, "b");
    CHECK(read_all(first.section(second).file).text() == "1/a/1 101/b/1 ");
    PcapngMaker third;
    third.interface(1).section(PcapngMaker().enhanced(0, 1, "c"));
    CHECK(read_all(third.file).damage.find("a packet of an interface that is not described") != std::string::npos);
}

TEST_CASE("blocks that are not known, and options, are passed over", "[captures][pcapng]")
{
    PcapngMaker maker;
    Bytes options = maker.option(2, to_bytes("eth0"));
    append(options, maker.option(0, {}));
    append(options, maker.option(9, {9})); // behind the end of the options: none of them
    maker.block(4, to_bytes("names")).block(0x0BAD, to_bytes("custom")).interface(1, 0, options);
    maker.block(5, to_bytes("statistics.")).enhanced(0, 1, "a");
    const auto file = read_all(maker.file);
    CHECK(file.text() == "1/a/1 ");
    CHECK(file.packets.at(0).nanoseconds == 1000);
}

TEST_CASE("secrets in a capture are known before the packets behind them", "[captures][pcapng]")
{
    const std::string line = "CLIENT_RANDOM " + std::string(64, 'a') + " " + std::string(96, 'b') + "\n";
    PcapngMaker maker;
    FileMaker body;
    body.u32(0x544C534B).u32(static_cast<std::uint32_t>(line.size())).bytes(to_bytes(line));
    maker.block(10, body.file).interface(1);
    CHECK(read_all(maker.file).sessions == 1);
    FileMaker wireguard;
    wireguard.u32(0x57474B4C).u32(static_cast<std::uint32_t>(line.size())).bytes(to_bytes(line));
    CHECK(read_all(PcapngMaker().block(10, wireguard.file).file).sessions == 0);
}

TEST_CASE("pcapng that is cut anywhere gives what came before", "[captures][pcapng]")
{
    PcapngMaker maker;
    maker.interface(1).enhanced(0, 1, "one");
    const auto before = maker.file.size();
    maker.enhanced(0, 2, "two");
    for (auto size = before + 1; size < maker.file.size(); ++size) {
        const auto file = read_all(ByteView(maker.file).first(size));
        CHECK(file.text() ==
              fmt::format("1/one/3 the file is cut within a block at octet {}, behind 1 packets", before));
    }
    CHECK(read_all(ByteView(maker.file).first(before)).text() == "1/one/3 ");
}

TEST_CASE("damaged blocks of pcapng end the reading with the place", "[captures][pcapng]")
{
    PcapngMaker maker;
    maker.interface(1).enhanced(0, 1, "one");
    const auto at = maker.file.size();
    maker.enhanced(0, 2, "two");
    const auto damage = [&](std::size_t place, std::uint8_t value) {
        auto file = maker.file;
        file[at + place] = value;
        return read_all(file).damage;
    };
    CHECK(damage(4, 35).find("a block of 35 octets begins at octet " + std::to_string(at)) != std::string::npos);
    CHECK(damage(7, 0x7F).find("is damaged") != std::string::npos);
    CHECK(damage(32, 1).find("a block that says two lengths begins") != std::string::npos);
    CHECK(damage(8, 1).find("an interface that is not described") != std::string::npos);
    CHECK(damage(20, 200).find("a packet longer than its block") != std::string::npos);
}

TEST_CASE("what is no capture is refused with the remedy", "[captures]")
{
    CHECK_THAT(refusal({}), Catch::Contains("test is empty"));
    CHECK_THAT(refusal(Bytes{0x1F, 0x8B, 8, 0}), Catch::Contains("gunzip -c test | alert40-check diagnose --pcap -"));
    CHECK_THAT(refusal(Bytes{0x28, 0xB5, 0x2F, 0xFD}), Catch::Contains("zstd -dc test"));
    CHECK_THAT(refusal(to_bytes(std::string_view("snoop\0\0\0", 8))), Catch::Contains("editcap -F pcapng test"));
    CHECK_THAT(refusal(to_bytes("* Trying 192.0.2.1")), Catch::Contains("a text goes to --log"));
}

TEST_CASE("a source of octets gives them once, from memory or from a file", "[captures]")
{
    const auto path = std::filesystem::temp_directory_path() / fmt::format("alert40-source-{}", getpid());
    Bytes octets(3'000'000);
    for (std::size_t at = 0; at < octets.size(); ++at) octets[at] = static_cast<std::uint8_t>(at * 7 >> 3);
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(octets.data()), 3'000'000);
    ByteSource file(path);
    ByteSource memory{ByteView(octets)};
    for (const std::size_t step : {1UL, 700'000UL, 2'000'000UL, 17UL}) {
        const auto from_file = file.peek(step);
        const auto from_memory = memory.peek(step);
        CHECK(std::equal(from_file.begin(), from_file.end(), from_memory.begin(), from_memory.end()));
        CHECK(file.skip(step));
        CHECK(memory.skip(step));
    }
    CHECK(file.offset() == 2'700'018);
    CHECK(file.peek(400'000).size() == 299'982);
    CHECK(!file.skip(300'000));
    std::filesystem::remove(path);
}

TEST_CASE("a file that is not there, and a folder, are bad input", "[captures]")
{
    CHECK_THROWS_WITH(ByteSource(std::filesystem::path("/nowhere/at-all.pcap")), Catch::Contains("No such file"));
    CHECK_THROWS_WITH(ByteSource(std::filesystem::temp_directory_path()), Catch::Contains("is a folder"));
}

TEST_CASE("a key log's lines are found by the ClientHello's random", "[captures][keylog]")
{
    KeyLog log;
    const std::string random(64, 'A'); // digits of either case
    log.add("# a comment\r\n\nCLIENT_HANDSHAKE_TRAFFIC_SECRET " + random + " 00ff\r\nEXPORTER_SECRET " + random +
            " 11\nCLIENT_RANDOM " + std::string(62, 'b') + " 22\nnonsense\n");
    std::array<std::uint8_t, 32> key{};
    key.fill(0xAA);
    REQUIRE(log.find(key).size() == 1);
    CHECK(log.find(key)[0].label == "CLIENT_HANDSHAKE_TRAFFIC_SECRET");
    CHECK(to_hex(log.find(key)[0].secret) == "00ff");
    CHECK(log.unreadable_lines() == 2);
    key[0] = 0;
    CHECK(log.find(key).empty());
}

} // namespace
} // namespace alert40
