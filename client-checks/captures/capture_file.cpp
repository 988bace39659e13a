// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/capture_file.h"

#include "scenarios/loader/input_error.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

using namespace std::string_view_literals;

/// What else people hand in, by its first octets.
struct OtherFormat {
    std::string_view begins;
    std::string_view name;
    std::string_view remedy; // "{}": the file
};

constexpr OtherFormat kOtherFormats[] = {
    {"\x1F\x8B"sv, "compressed with gzip", "gunzip -c {} | alert40-check diagnose --pcap -"},
    {"\x28\xB5\x2F\xFD"sv, "compressed with zstd", "zstd -dc {} | alert40-check diagnose --pcap -"},
    {"\xFD"
     "7zXZ"sv,
     "compressed with xz", "xz -dc {} | alert40-check diagnose --pcap -"},
    {"BZh"sv, "compressed with bzip2", "bzip2 -dc {} | alert40-check diagnose --pcap -"},
    {"\x04\x22\x4D\x18"sv, "compressed with lz4", "lz4 -dc {} | alert40-check diagnose --pcap -"},
    {"PK\x03\x04"sv, "a zip archive", "unzip -p {} | alert40-check diagnose --pcap -"},
    {"snoop\0"sv, "a capture of snoop", "editcap -F pcapng {} converted.pcapng"},
    {"GMBU"sv, "a capture of Microsoft Network Monitor", "editcap -F pcapng {} converted.pcapng"},
    {"TRSNIFF"sv, "a capture of Sniffer", "editcap -F pcapng {} converted.pcapng"},
    {"\x13\x00\x00\x00"sv, "an event trace of Windows (pktmon, netsh)", "pktmon etl2pcap {} --out converted.pcapng"},
    {"ElfFile"sv, "an event log of Windows", "export its events as text, and give that to --log"},
};

[[noreturn]] void refuse(ByteView first_octets, std::string_view name)
{
    if (first_octets.empty())
        throw InputError(fmt::format("{} is empty", name),
                         "tcpdump -U writes each packet at once, not at its end only");
    const auto text = to_text(first_octets);
    for (const auto& each : kOtherFormats)
        if (text.starts_with(each.begins))
            throw InputError(fmt::format("{} is {}", name, each.name), fmt::format(fmt::runtime(each.remedy), name));
    throw InputError(
        fmt::format("{} is no capture: neither pcap nor pcapng", name),
        "what tcpdump -w, tshark -w or Wireshark write; editcap -F pcapng converts others, and a text goes "
        "to --log");
}

std::variant<PcapReader, PcapngReader> reader_for(ByteSource& source, std::string_view name, KeyLog& secrets)
{
    const auto first_octets = source.peek(8);
    if (PcapReader::is_pcap(first_octets)) return PcapReader(source);
    if (PcapngReader::is_pcapng(first_octets)) return PcapngReader(source, secrets);
    refuse(first_octets, name);
}

} // namespace

CaptureFile::CaptureFile(ByteSource& source, std::string_view name, KeyLog& secrets)
    : reader_(reader_for(source, name, secrets))
{
}

std::optional<CapturedPacket> CaptureFile::next()
{
    return std::visit([](auto& reader) { return reader.next(); }, reader_);
}

const std::string& CaptureFile::damage() const
{
    return std::visit([](const auto& reader) -> const std::string& { return reader.damage(); }, reader_);
}

} // namespace alert40
