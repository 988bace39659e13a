// SPDX-License-Identifier: GPL-2.0-or-later
// TLS records (RFC 8446 section 5.1, RFC 5246 section 6.2.1), as they lie on the wire:
//
//     | type (1) | legacy_record_version (2) | length (2) | fragment (length) |
//
// RecordReader takes bytes in any pieces: feed, then next until it says NeedMore. The composers do the reverse.
#pragma once

#include "certs/bytes.h"
#include "scenarios/vocabulary/content_type.h"
#include "scenarios/vocabulary/protocol_version.h"
#include "server/wire/wire_error.h"

#include <cstddef>
#include <cstdint>
#include <variant>

namespace alert40 {

constexpr std::size_t kRecordHeaderLength = 5;

/// RFC 8446 section 5.1: "The length MUST NOT exceed 2^14 bytes."
constexpr std::size_t kMaxPlaintextLength = 1 << 14;

/// RFC 5246 section 6.2.3: "The length MUST NOT exceed 2^14 + 2048." (TLS 1.3: 2^14 + 256.)
constexpr std::size_t kMaxCiphertextLength = kMaxPlaintextLength + 2048;

struct RecordHeader {
    ContentType type{};
    ProtocolVersion version{}; // legacy_record_version: whatever the peer put there
    std::uint16_t length = 0;

    bool operator==(const RecordHeader&) const = default;
};

struct Record {
    ContentType type{};
    ProtocolVersion version{};
    Bytes fragment; // as on the wire, encrypted or not

    bool operator==(const Record&) const = default;
};

/// Reads the first kRecordHeaderLength bytes of `bytes`, which must be there. Judges nothing.
RecordHeader read_record_header(ByteView bytes);

/// Cuts a byte stream into records. O(n) for any fragmentation; holds at most one record and what was fed behind it.
class RecordReader {
public:
    using Next = std::variant<Record, NeedMore, WireError>;

    /// `max_fragment`: a longer record is a record_overflow.
    explicit RecordReader(std::size_t max_fragment = kMaxCiphertextLength) : max_fragment_(max_fragment) {}

    void feed(ByteView bytes);

    /// The next whole record. Errors: record_overflow; unexpected_message for an unknown content type and for an empty
    /// handshake, alert or change_cipher_spec record; protocol_version when the major version is not 3. An error
    /// repeats: the stream cannot be resynchronised.
    Next next();

    /// Bytes fed and not yet returned as records.
    ByteView pending() const { return ByteView(buffer_).subspan(start_); }

private:
    Bytes buffer_;
    std::size_t start_ = 0; // of the next record in buffer_
    std::size_t max_fragment_;
};

/// One record exactly as given, whatever its sense. A fragment over 65535 bytes is cut there.
Bytes compose_record(const Record& record);
Bytes compose_record(ContentType type, ProtocolVersion version, ByteView fragment);

/// `payload` in as many records as `max_fragment` (1 to 65535) asks; none for an empty payload.
Bytes compose_records(ContentType type, ProtocolVersion version, ByteView payload,
                      std::size_t max_fragment = kMaxPlaintextLength);

} // namespace alert40
