// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/captures/capture_reading.h"

#include "client-checks/captures/capture_file.h"
#include "client-checks/captures/link_layer.h"
#include "client-checks/diagnosis/silence.h"
#include "scenarios/loader/input_error.h"
#include "server/wire/fingerprint.h"
#include "server/wire/outcome.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

namespace alert40 {
namespace {

using State = TlsConnection::State;

constexpr std::size_t kSuccessesOfOneKind = 3;

bool is_success(State state)
{
    return state == State::established;
}

/// What is the same for connections that failed alike: whose ports and times differ.
std::string kind_of(const TlsConnection& connection)
{
    std::string kind = fmt::format("{} {} {} {}", connection.server.text(), connection.name, connection.before,
                                   name(connection.state));
    if (!connection.wire) return kind + connection.ended;
    const Transcript& wire = *connection.wire;
    const bool in_vain = silence_at_end(wire) >= kPatience;
    kind += fmt::format(" {} {} {}", describe(outcome_of(wire)), in_vain, connection.parts_missing);
    if (wire.client_hello) kind += ja4(*wire.client_hello);
    if (!wire.server_chain.empty())
        kind += fmt::format("{}", std::hash<std::string>{}(to_text(wire.server_chain.front())));
    return kind + fmt::format(" {} {}", wire.client_certificate_seen, wire.client_chain.size());
}

/// About what a transcript takes in memory.
std::size_t size_of(const Transcript& wire)
{
    std::size_t size = sizeof wire + wire.events.size() * sizeof(TranscriptEvent);
    for (const auto* chain : {&wire.server_chain, &wire.client_chain})
        for (const auto& certificate : *chain) size += certificate.size();
    if (wire.client_hello)
        for (const auto& extension : wire.client_hello->extensions) size += sizeof extension + extension.body.size();
    for (const auto& event : wire.events)
        if (const auto* text = std::get_if<PlainText>(&event)) size += text->bytes.size();
    return size;
}

/// Takes connections as they are handed over, and keeps what is worth it.
class Collector {
public:
    explicit Collector(CaptureReading& reading) : reading_(reading) {}

    void take(SeenConnection seen)
    {
        auto connection = tls_connection(std::move(seen));
        if (!connection) return;
        ++reading_.tls_connections;
        ++reading_.by_state[connection->state];
        if (reading_.lines.size() < CaptureReading::kMostListed)
            reading_.lines.push_back({connection->number, connection->client, connection->server, connection->began,
                                      connection->name, connection->before, connection->state, connection->ended});
        if (is_success(connection->state))
            keep_success(*std::move(connection));
        else
            keep_failure(*std::move(connection));
    }

private:
    void keep_success(TlsConnection connection)
    {
        constexpr auto kMost = CaptureReading::kMostSuccesses;
        if (!connection.wire || reading_.successes.size() >= kMost || successes_of_kind_.size() >= kMost) return;
        auto& kept = successes_of_kind_[connection.client.address.text() + " " + kind_of(connection)];
        if (kept++ < kSuccessesOfOneKind && has_room_for(connection))
            reading_.successes.push_back(std::move(connection));
    }

    void keep_failure(TlsConnection connection)
    {
        const auto kind = kind_of(connection);
        const auto there = failures_.find(kind);
        if (there == failures_.end() &&
            (reading_.failures.size() >= CaptureReading::kMostFailures || !has_room_for(connection))) {
            ++reading_.failures_left_out;
            return;
        }
        const auto place = there != failures_.end() ? there->second : reading_.failures.size();
        if (there == failures_.end()) {
            failures_.emplace(kind, place);
            reading_.failures.emplace_back();
        }
        auto& alike = reading_.failures[place];
        ++alike.count;
        if (alike.numbers.size() < AlikeFailures::kMostNumbers) alike.numbers.push_back(connection.number);
        const bool first = alike.kept.empty(); // whose room was asked for
        if (first || (alike.kept.size() < AlikeFailures::kMostKept && has_room_for(connection)))
            alike.kept.push_back(std::move(connection));
    }

    /// Takes the room where there is some.
    bool has_room_for(const TlsConnection& connection)
    {
        const auto size = connection.wire ? size_of(*connection.wire) : 0;
        if (octets_ + size > CaptureReading::kMostOctets) return false;
        octets_ += size;
        return true;
    }

    CaptureReading& reading_;
    std::unordered_map<std::string, std::size_t> failures_;
    std::unordered_map<std::string, std::size_t> successes_of_kind_;
    std::size_t octets_ = 0; // of transcripts that are kept
};

void refuse_links(const PacketCounts& counts, std::string_view file)
{
    std::uint64_t unread = 0;
    std::vector<std::string> names;
    for (const auto& [link_type, count] : counts.unread_links) {
        unread += count;
        names.push_back(link_type_name(link_type));
    }
    if (unread == 0 || unread < counts.packets) return;
    throw InputError(
        fmt::format("{}: its packets are of link type {}, of which no IP is read", file, fmt::join(names, ", ")),
        "Ethernet, Linux cooked, loopback and raw IP are read: capture on such an interface, or convert it "
        "(Wireshark: File, Export PDUs to File)");
}

} // namespace

CaptureReading read_capture(ByteSource& source, std::string_view name, KeyLog& secrets)
{
    CaptureReading reading;
    CaptureFile file(source, name, secrets);
    Dissector dissector;
    Collector collector(reading);
    TcpConnections connections(secrets, [&](SeenConnection seen) { collector.take(std::move(seen)); });
    Conversation::Time at{};
    while (const auto packet = file.next()) {
        if (packet->at) at = *packet->at; // one without a time came when the last did
        if (const auto segment = dissector.dissect(*packet)) connections.segment(*segment, at);
    }
    connections.finish();
    reading.packets = dissector.counts();
    reading.fragmented_and_lost = dissector.fragmented_and_lost();
    reading.connections = connections.counts();
    reading.damage = file.damage();
    reading.sessions_without_room = secrets.sessions_left_out();
    refuse_links(reading.packets, name);
    const auto by_number = [](const auto& left, const auto& right) { return left.number < right.number; };
    std::sort(reading.lines.begin(), reading.lines.end(), by_number);
    std::sort(reading.failures.begin(), reading.failures.end(),
              [](const auto& left, const auto& right) { return left.kept.front().number < right.kept.front().number; });
    return reading;
}

std::vector<const Transcript*> beside(const CaptureReading& reading, const TlsConnection& connection, std::size_t most)
{
    std::vector<const Transcript*> found;
    const auto look_at = [&](const TlsConnection& other) {
        const bool same_end =
            other.server == connection.server || (!other.name.empty() && other.name == connection.name);
        if (found.size() >= most || !other.wire || !same_end || other.number == connection.number) return;
        if (other.client.address == connection.client.address) found.push_back(&*other.wire);
    };
    for (const auto& success : reading.successes) look_at(success);
    for (const auto& failure : reading.failures)
        for (const auto& each : failure.kept) look_at(each);
    return found;
}

} // namespace alert40
