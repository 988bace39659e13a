// SPDX-License-Identifier: GPL-2.0-or-later
// Captures made by hand: two ends that talk, packet by packet, and files of them in either format.
#pragma once

#include "client-checks/captures/capture_reading.h"
#include "tests/wire/hex_file.h"

namespace alert40::test {

using namespace std::chrono_literals;

constexpr auto kClient = Direction::client_to_server;
constexpr auto kServer = Direction::server_to_client;

struct Frame {
    std::chrono::microseconds at{}; // since 2026-11-20 10:00:00 UTC
    Bytes octets;
    std::uint32_t cut = 0; // octets that a snap length took from its end
};

constexpr std::chrono::seconds kDay{1'795'168'800};

/// One TCP connection, as a script: Talk().open().says(kClient, hello).says(kServer, alert).closes(kServer).
class Talk {
public:
    explicit Talk(std::uint16_t client_port = 50000, std::uint16_t server_port = 443, std::uint8_t client_host = 1)
        : ends_{{{192, 0, 2, client_host}, client_port}, {{198, 51, 100, 1}, server_port}}
    {
    }
    static Talk ipv6()
    {
        Talk talk;
        for (auto& end : talk.ends_) {
            const auto last = end.address.back();
            end.address = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last};
        }
        return talk;
    }

    Talk& open()
    {
        send(kClient, TcpFlags::syn, {});
        send(kServer, TcpFlags::syn | TcpFlags::ack, {});
        return send(kClient, TcpFlags::ack, {});
    }
    Talk& says(Direction direction, const Bytes& data) { return send(direction, TcpFlags::ack | TcpFlags::psh, data); }
    Talk& says(Direction direction, std::string_view text) { return says(direction, to_bytes(text)); }
    Talk& acknowledges(Direction direction) { return send(direction, TcpFlags::ack, {}); }
    Talk& closes(Direction direction) { return send(direction, TcpFlags::fin | TcpFlags::ack, {}); }
    Talk& resets(Direction direction) { return send(direction, TcpFlags::rst | TcpFlags::ack, {}); }
    Talk& waits(std::chrono::microseconds time)
    {
        now_ += time;
        return *this;
    }

    Talk& send(Direction direction, TcpFlags flags, const Bytes& data)
    {
        const auto side = static_cast<std::size_t>(direction);
        TcpSegment segment{next_[side], next_[1 - side], flags, {}, data};
        const auto bits = static_cast<std::uint8_t>(flags);
        const bool counts = (bits & static_cast<std::uint8_t>(TcpFlags::syn | TcpFlags::fin)) != 0;
        next_[side] += static_cast<std::uint32_t>(data.size()) + (counts ? 1 : 0);
        frames.push_back({now_, compose_frame(ends_[side], ends_[1 - side], segment, ++number_), 0});
        now_ += 1ms;
        return *this;
    }

    std::vector<Frame> frames;

private:
    TcpEnd ends_[2];
    std::uint32_t next_[2] = {0xFFFFFF00, 2000}; // the client's numbers pass through zero
    std::uint16_t number_ = 0;
    std::chrono::microseconds now_{};
};

/// Numbers of a file in the byte order asked for.
class FileMaker {
public:
    explicit FileMaker(bool big_endian = false) : big_endian_(big_endian) {}
    FileMaker& u16(std::uint16_t value)
    {
        const auto high = static_cast<std::uint8_t>(value >> 8);
        const auto low = static_cast<std::uint8_t>(value);
        append(file, big_endian_ ? Bytes{high, low} : Bytes{low, high});
        return *this;
    }
    FileMaker& u32(std::uint32_t value)
    {
        const auto high = static_cast<std::uint16_t>(value >> 16);
        const auto low = static_cast<std::uint16_t>(value);
        return u16(big_endian_ ? high : low).u16(big_endian_ ? low : high);
    }
    FileMaker& bytes(ByteView octets)
    {
        append(file, octets);
        return *this;
    }
    Bytes file;

private:
    bool big_endian_;
};

struct PcapShape {
    bool big_endian = false;
    bool nanoseconds = false;
    std::uint32_t link_type = 1;
};

inline Bytes pcap_of(const std::vector<Frame>& frames, PcapShape shape = {})
{
    FileMaker maker(shape.big_endian);
    maker.u32(shape.nanoseconds ? 0xA1B23C4D : 0xA1B2C3D4).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(shape.link_type);
    for (const auto& frame : frames) {
        const auto at = kDay + frame.at;
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at);
        const auto fraction = static_cast<std::uint32_t>((at - seconds).count() * (shape.nanoseconds ? 1000 : 1));
        const auto captured = static_cast<std::uint32_t>(frame.octets.size());
        maker.u32(static_cast<std::uint32_t>(seconds.count())).u32(fraction).u32(captured).u32(captured + frame.cut);
        maker.bytes(frame.octets);
    }
    return maker.file;
}

inline CaptureReading read(ByteView file, KeyLog secrets = {})
{
    ByteSource source(file);
    return read_capture(source, "test.pcap", secrets);
}

inline CaptureReading read(const std::vector<Frame>& frames)
{
    return read(pcap_of(frames));
}

/// curl's ClientHello as a record.
inline Bytes client_hello_record()
{
    return read_hex_file("client_hello/curl-tls12.hex");
}

inline Bytes alert_record(AlertDescription description)
{
    return compose_record(ContentType::alert, ProtocolVersion::tls12, Bytes{2, static_cast<std::uint8_t>(description)});
}

/// The lines of a reading, without what is the same in all tests.
inline std::string ends_of(const CaptureReading& reading)
{
    std::string text;
    for (const auto& line : reading.lines) text += (text.empty() ? "" : "; ") + line.ended;
    return text;
}

} // namespace alert40::test
