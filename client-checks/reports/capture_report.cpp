// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/capture_report.h"

#include "client-checks/captures/link_layer.h"
#include "client-checks/reports/diagnosis_report.h"
#include "client-checks/reports/printable.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace alert40 {
namespace {

using nlohmann::ordered_json;
using State = TlsConnection::State;

constexpr std::size_t kMostSuccessesShown = 20;
constexpr std::size_t kMostOthersShown = 200;
constexpr std::size_t kMostRows = 2000; // of the page's table

/// "2026-11-21T10:47:32.123456Z", or the time of day alone.
std::string time_text(Conversation::Time at, bool whole)
{
    const auto since = std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch());
    const auto day = fmt::gmtime(std::chrono::system_clock::to_time_t(at));
    const auto fraction = since.count() % 1'000'000;
    return whole ? fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", day, fraction)
                 : fmt::format("{:%H:%M:%S}.{:03}", day, fraction / 1000);
}

std::string words_of(State state)
{
    switch (state) {
    case State::established:
        return "established";
    case State::no_data:
        return "established without data";
    case State::failed:
        return "failed";
    case State::refused:
        return "refused before TLS";
    case State::unopened:
        return "never connected";
    case State::unclear:
        return "not to be judged";
    }
    return "";
}

std::string line_text(const CaptureReading::Line& line)
{
    std::string text = fmt::format("{:>5}  {}  {} > {}  ", line.number, time_text(line.began, false),
                                   line.client.text(), line.server.text());
    if (!line.name.empty()) text += printable(line.name) + "  ";
    if (!line.before.empty()) text += fmt::format("[{}]  ", printable(line.before));
    return text + printable(line.ended);
}

ordered_json json_of(const CaptureReading::Line& line)
{
    return {{"number", line.number},
            {"began", time_text(line.began, true)},
            {"client", line.client.text()},
            {"server", line.server.text()},
            {"server_name", line.name},
            {"before_tls", line.before},
            {"state", std::string(name(line.state))},
            {"ended", line.ended}};
}

} // namespace

std::string connection_subject(const TlsConnection& connection, std::string_view file)
{
    return fmt::format("{}, connection {}: {} > {}{}", file, connection.number, connection.client.text(),
                       connection.server.text(), connection.name.empty() ? "" : " (" + connection.name + ")");
}

std::string capture_summary(const CaptureReading& reading, std::string_view file)
{
    std::vector<std::string> parts;
    for (const auto& [state, count] : reading.by_state) parts.push_back(fmt::format("{} {}", count, words_of(state)));
    return fmt::format("{}: {} TLS connection{} of {} of TCP, in {} packets{}{}", file, reading.tls_connections,
                       reading.tls_connections == 1 ? "" : "s", reading.connections.connections,
                       reading.packets.packets, parts.empty() ? "" : ": ", fmt::join(parts, ", "));
}

std::vector<std::string> capture_notes(const CaptureReading& reading)
{
    std::vector<std::string> notes;
    const auto& packets = reading.packets;
    if (!reading.damage.empty()) notes.push_back(reading.damage + "; what came before was used");
    for (const auto& [link_type, count] : packets.unread_links)
        notes.push_back(fmt::format("{} packets of link type {} were left out", count, link_type_name(link_type)));
    if (packets.headers_cut > 0)
        notes.push_back(fmt::format("of {} packets the snap length has left no whole header: capture with tcpdump -s 0",
                                    packets.headers_cut));
    if (reading.fragmented_and_lost > 0)
        notes.push_back(fmt::format("{} packets in fragments are missing a part", reading.fragmented_and_lost));
    if (packets.udp_443 > 0)
        notes.push_back(fmt::format("{} packets of UDP, port 443 (QUIC) were not looked into", packets.udp_443));
    if (reading.connections.pushed > 0)
        notes.push_back(fmt::format("more than {} handshakes were open at a time: {} were judged as they stood",
                                    TcpConnections::kMostConversations, reading.connections.pushed));
    if (reading.failures_left_out > 0)
        notes.push_back(fmt::format("{} failures of further kinds are counted only", reading.failures_left_out));
    if (reading.sessions_without_room > 0)
        notes.push_back(
            fmt::format("the key log has more than {} sessions: the rest of them was not used", KeyLog::kMostSessions));
    return notes;
}

void write_capture(const CaptureReading& reading, std::string_view file, std::ostream& out)
{
    fmt::print(out, "{}\n", capture_summary(reading, file));
    for (const auto& note : capture_notes(reading)) fmt::print(out, "  - {}\n", printable(note));
    std::size_t successes = 0;
    std::size_t others = 0;
    for (const auto& line : reading.lines) {
        auto& shown = line.state == State::established ? successes : others;
        const auto most = line.state == State::established ? kMostSuccessesShown : kMostOthersShown;
        if (shown++ < most) fmt::print(out, "{}\n", line_text(line));
    }
    const auto listed = std::min(successes, kMostSuccessesShown) + std::min(others, kMostOthersShown);
    if (listed < reading.tls_connections)
        fmt::print(out, "       and {} more{}\n", reading.tls_connections - listed,
                   others <= kMostOthersShown && reading.lines.size() == reading.tls_connections
                       ? ", which were established"
                       : "; --json lists them");
}

DiagnosisPageHead capture_page_head(const CaptureReading& reading, std::string_view file,
                                    const std::vector<Diagnosis>& diagnoses)
{
    DiagnosisPageHead head;
    head.title = capture_summary(reading, file);
    head.notes = capture_notes(reading);
    const auto has_before = [](const auto& line) { return !line.before.empty(); };
    const bool any_before = std::any_of(reading.lines.begin(), reading.lines.end(), has_before);
    head.columns = {"No", "Began (UTC)", "Client", "Server", "Name", "How it ended"};
    if (any_before) head.columns.insert(head.columns.end() - 1, "Before TLS");
    std::map<std::string, std::size_t> by_subject;
    for (std::size_t index = 0; index < diagnoses.size(); ++index) by_subject[diagnoses[index].subject.text] = index;
    std::map<std::size_t, std::size_t> diagnosis_of;
    for (const auto& alike : reading.failures) {
        const auto there = by_subject.find(connection_subject(alike.kept.front(), file));
        if (there == by_subject.end()) continue;
        for (const auto number : alike.numbers) diagnosis_of[number] = there->second;
    }
    for (const auto& line : reading.lines) {
        if (head.rows.size() == kMostRows) break;
        DiagnosisPageHead::Row row;
        row.texts = {std::to_string(line.number),
                     time_text(line.began, false),
                     line.client.text(),
                     line.server.text(),
                     line.name,
                     line.before,
                     line.ended};
        const bool fine = line.state == State::established || line.state == State::no_data;
        row.kind = fine ? "pass" : line.state == State::unclear ? "skip" : "fail";
        if (const auto there = diagnosis_of.find(line.number); there != diagnosis_of.end()) row.target = there->second;
        head.rows.push_back(std::move(row));
    }
    return head;
}

void write_capture_json(const CaptureReading& reading, std::string_view file, const std::vector<Diagnosis>& diagnoses,
                        std::ostream& out)
{
    ordered_json connections = ordered_json::array();
    for (const auto& line : reading.lines) connections.push_back(json_of(line));
    ordered_json counts = ordered_json::object();
    for (const auto& [state, count] : reading.by_state) counts[std::string(name(state))] = count;
    ordered_json list = ordered_json::array();
    for (const auto& diagnosis : diagnoses) list.push_back(ordered_json::parse(diagnosis_line(diagnosis)));
    const ordered_json whole = {{"schema", 1},
                                {"capture",
                                 {{"file", file},
                                  {"packets", reading.packets.packets},
                                  {"tcp_connections", reading.connections.connections},
                                  {"tls_connections", reading.tls_connections},
                                  {"states", counts},
                                  {"notes", capture_notes(reading)},
                                  {"connections", connections}}},
                                {"diagnoses", list}};
    fmt::print(out, "{}\n", whole.dump(1, ' ', false, ordered_json::error_handler_t::replace));
}

} // namespace alert40
