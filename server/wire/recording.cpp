// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/recording.h"

#include "server/wire/pcapng.h"

#include <algorithm>
#include <fmt/format.h>

namespace alert40 {
namespace {

/// Plays the recording as two TCP ends that see each other's segments at once.
class TcpPlayer {
public:
    TcpPlayer(PcapngWriter& file, const CaptureOf& about, std::chrono::system_clock::time_point started)
        : file_(file),
          started_(started)
    {
        half(Direction::client_to_server).end = about.client;
        half(Direction::server_to_client).end = about.server;
        // Any start will do; two that differ are told apart at a glance.
        half(Direction::client_to_server).next = 1'000'000;
        half(Direction::server_to_client).next = 2'000'000;
    }

    /// The three segments that open a connection.
    void open()
    {
        const auto client = Direction::client_to_server;
        const auto server = Direction::server_to_client;
        send(client, {0, 0, TcpFlags::syn, syn_options(half(client).end), {}});
        send(server, {0, 0, TcpFlags::syn | TcpFlags::ack, syn_options(half(server).end), {}});
        send(client, {0, 0, TcpFlags::ack, {}, {}});
    }

    void data(Direction direction, ByteView bytes, std::chrono::microseconds at)
    {
        if (reset_ || half(direction).closed) return; // the socket took it, and it never went out
        acknowledge(direction);
        at_ = at;
        const std::size_t most = largest_payload(half(direction).end);
        while (!bytes.empty()) {
            const auto part = bytes.first(std::min(most, bytes.size()));
            bytes = bytes.subspan(part.size());
            const auto flags = bytes.empty() ? TcpFlags::ack | TcpFlags::psh : TcpFlags::ack;
            send(direction, {0, 0, flags, {}, {part.begin(), part.end()}});
        }
        unacknowledged_ = direction;
    }

    void end(Direction direction, TcpFlags how, std::chrono::microseconds at)
    {
        if (reset_ || half(direction).closed) return;
        acknowledge(direction);
        at_ = at;
        send(direction, {0, 0, how | TcpFlags::ack, {}, {}});
        half(direction).closed = true;
        reset_ = how == TcpFlags::rst;
        unacknowledged_ = direction;
        if (reset_) unacknowledged_.reset();
    }

    /// What is still owed to the one who sent last.
    void finish()
    {
        if (unacknowledged_) acknowledge(*unacknowledged_);
    }

private:
    struct Half {
        TcpEnd end;
        std::uint32_t next = 0; // sequence number
        std::uint16_t packets = 0;
        bool closed = false;
    };

    Half& half(Direction direction) { return halves_[static_cast<std::size_t>(direction)]; }
    static Direction other(Direction direction)
    {
        return direction == Direction::client_to_server ? Direction::server_to_client : Direction::client_to_server;
    }

    /// Before `sender` goes on: what it sent before is acknowledged by the other side. Where the other side speaks
    /// next, its segment does that.
    void acknowledge(Direction sender)
    {
        const bool owed = unacknowledged_ == sender;
        unacknowledged_.reset();
        if (owed) send(other(sender), {0, 0, TcpFlags::ack, {}, {}});
    }

    void send(Direction direction, TcpSegment segment)
    {
        Half& from = half(direction);
        const Half& to = half(other(direction));
        const auto flags = static_cast<std::uint8_t>(segment.flags);
        segment.sequence = from.next;
        if ((flags & static_cast<std::uint8_t>(TcpFlags::ack)) != 0) segment.acknowledgement = to.next;
        const bool counts = (flags & static_cast<std::uint8_t>(TcpFlags::syn | TcpFlags::fin)) != 0;
        from.next += static_cast<std::uint32_t>(segment.payload.size() + (counts ? 1 : 0));
        file_.packet(started_ + at_, compose_frame(from.end, to.end, segment, ++from.packets));
    }

    PcapngWriter& file_;
    std::chrono::system_clock::time_point started_;
    std::chrono::microseconds at_{};
    Half halves_[2];
    std::optional<Direction> unacknowledged_; // who sent last, until the other has said so
    bool reset_ = false;
};

void play(TcpPlayer& player, SocketEventKind kind, std::chrono::microseconds at)
{
    switch (kind) {
    case SocketEventKind::client_fin:
        return player.end(Direction::client_to_server, TcpFlags::fin, at);
    case SocketEventKind::client_reset:
        return player.end(Direction::client_to_server, TcpFlags::rst, at);
    case SocketEventKind::server_fin:
        return player.end(Direction::server_to_client, TcpFlags::fin, at);
    case SocketEventKind::server_reset:
        return player.end(Direction::server_to_client, TcpFlags::rst, at);
    case SocketEventKind::deadline:
        return; // nothing on the wire
    }
}

} // namespace

void Recording::bytes(Direction direction, ByteView bytes, std::chrono::microseconds at)
{
    if (events_.size() >= kMostEvents) cut_ = true;
    const auto kept = cut_ ? ByteView{} : bytes.first(std::min(bytes.size(), kMostOctets - octets_.size()));
    octets_missing_ += bytes.size() - kept.size();
    if (octets_missing_ > 0) cut_ = true;
    if (kept.empty()) return;
    append(octets_, kept);
    events_.push_back({at, std::nullopt, direction, kept.size()});
}

void Recording::socket(SocketEventKind kind, std::chrono::microseconds at)
{
    if (!cut_) events_.push_back({at, kind, {}, 0});
}

std::string key_log_line(const KeyLogEntry& entry, const Transcript& transcript)
{
    if (!transcript.client_hello) return {};
    return fmt::format("{} {} {}\n", entry.label, to_hex(transcript.client_hello->random), to_hex(entry.secret));
}

std::string key_log_text(const Transcript& transcript)
{
    std::string text;
    for (const auto& entry : transcript.key_log) text += key_log_line(entry, transcript);
    return text;
}

Bytes compose_capture(const Recording& recording, const Transcript& transcript, const CaptureOf& about)
{
    std::string comment = about.comment;
    if (recording.cut())
        comment += fmt::format("\nThe capture holds the first {} octets of data; {} octets and what came after are "
                               "missing.",
                               recording.octets().size(), recording.octets_missing());
    PcapngWriter file(about.program, comment);
    file.interface("packets made of what passed the server's sockets");
    file.secrets(key_log_text(transcript));
    TcpPlayer player(file, about, transcript.started);
    player.open();
    ByteView octets = recording.octets();
    for (const auto& event : recording.events()) {
        if (event.socket) {
            play(player, *event.socket, event.at);
            continue;
        }
        player.data(event.direction, octets.first(event.length), event.at);
        octets = octets.subspan(event.length);
    }
    player.finish();
    return file.take();
}

} // namespace alert40
