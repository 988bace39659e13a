// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/record.h"

#include "server/wire/writer.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace alert40 {
namespace {

constexpr std::size_t kMaxLength = 0xFFFF; // what the length field can say

bool is_known(ContentType type)
{
    return (type >= ContentType::change_cipher_spec && type <= ContentType::heartbeat);
}

/// RFC 5246 section 6.2.1: "Implementations MUST NOT send zero-length fragments of Handshake, Alert, or
/// ChangeCipherSpec content types."
bool may_be_empty(ContentType type)
{
    return type == ContentType::application_data || type == ContentType::heartbeat;
}

std::optional<WireError> check(const RecordHeader& header, std::size_t max_fragment)
{
    // RFC 8446 section 5: "If a TLS implementation receives an unexpected record type, it MUST terminate the
    // connection with an "unexpected_message" alert."
    if (!is_known(header.type))
        return WireError{AlertDescription::unexpected_message,
                         fmt::format("Record.type: {} is no content type", static_cast<unsigned>(header.type))};
    if (static_cast<unsigned>(header.version) >> 8 != 3)
        return WireError{AlertDescription::protocol_version,
                         fmt::format("Record.legacy_record_version: {} is not TLS", name(header.version))};
    if (header.length > max_fragment)
        return WireError{AlertDescription::record_overflow,
                         fmt::format("Record.length: {} bytes, at most {} are allowed", header.length, max_fragment)};
    if (header.length == 0 && !may_be_empty(header.type))
        return WireError{AlertDescription::unexpected_message,
                         fmt::format("Record.length: an empty {} record", name(header.type))};
    return std::nullopt;
}

} // namespace

RecordHeader read_record_header(ByteView bytes)
{
    const auto u16 = [&](std::size_t at) { return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]); };
    return {ContentType{bytes[0]}, ProtocolVersion{u16(1)}, u16(3)};
}

void RecordReader::feed(ByteView bytes)
{
    // Each byte is moved at most once more: what was returned is dropped when it is the greater part.
    if (start_ > buffer_.size() / 2) {
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(start_));
        start_ = 0;
    }
    append(buffer_, bytes);
}

RecordReader::Next RecordReader::next()
{
    const ByteView bytes = pending();
    if (bytes.size() < kRecordHeaderLength) return NeedMore{kRecordHeaderLength - bytes.size()};
    const RecordHeader header = read_record_header(bytes);
    if (auto error = check(header, max_fragment_)) return *std::move(error);
    const std::size_t whole = kRecordHeaderLength + header.length;
    if (bytes.size() < whole) return NeedMore{whole - bytes.size()};
    const ByteView fragment = bytes.subspan(kRecordHeaderLength, header.length);
    start_ += whole;
    return Record{header.type, header.version, Bytes(fragment.begin(), fragment.end())};
}

Bytes compose_record(const Record& record)
{
    return compose_record(record.type, record.version, record.fragment);
}

Bytes compose_record(ContentType type, ProtocolVersion version, ByteView fragment)
{
    fragment = fragment.first(std::min(fragment.size(), kMaxLength));
    Writer writer;
    writer.value(type);
    writer.value(version);
    writer.vector16(fragment);
    return writer.take();
}

Bytes compose_records(ContentType type, ProtocolVersion version, ByteView payload, std::size_t max_fragment)
{
    const std::size_t step = std::clamp<std::size_t>(max_fragment, 1, kMaxLength);
    Bytes records;
    while (!payload.empty()) {
        const std::size_t length = std::min(step, payload.size());
        append(records, compose_record(type, version, payload.first(length)));
        payload = payload.subspan(length);
    }
    return records;
}

} // namespace alert40
