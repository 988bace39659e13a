// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/record.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

std::vector<Record> read_all(RecordReader& reader)
{
    std::vector<Record> records;
    for (;;) {
        auto next = reader.next();
        auto* record = std::get_if<Record>(&next);
        if (record == nullptr) return records;
        records.push_back(std::move(*record));
    }
}

WireError error_of(ByteView bytes, std::size_t max_fragment = kMaxCiphertextLength)
{
    RecordReader reader(max_fragment);
    reader.feed(bytes);
    const auto next = reader.next();
    REQUIRE(std::holds_alternative<WireError>(next));
    CHECK(reader.next() == next);
    return std::get<WireError>(next);
}

TEST_CASE("a record reader asks for exactly the bytes that complete the next record", "[wire][record]")
{
    const Bytes bytes = compose_record(ContentType::handshake, ProtocolVersion::tls10, Bytes(7, 0xAB));
    RecordReader reader;
    CHECK(reader.next() == RecordReader::Next(NeedMore{5}));
    for (std::size_t fed = 1; fed < bytes.size(); ++fed) {
        reader.feed(ByteView(bytes).subspan(fed - 1, 1));
        CHECK(reader.next() == RecordReader::Next(NeedMore{fed < 5 ? 5 - fed : bytes.size() - fed}));
    }
    reader.feed(ByteView(bytes).last(1));
    CHECK(reader.next() == RecordReader::Next(Record{ContentType::handshake, ProtocolVersion::tls10, Bytes(7, 0xAB)}));
    CHECK(reader.next() == RecordReader::Next(NeedMore{5}));
}

TEST_CASE("records come out the same however the stream is cut", "[wire][record]")
{
    const std::vector<Record> sent = {
        {ContentType::handshake, ProtocolVersion::tls10, Bytes(3, 1)},
        {ContentType::application_data, ProtocolVersion::tls12, {}},
        {ContentType::alert, ProtocolVersion{0x03FF}, {2, 40}},
    };
    Bytes stream;
    for (const auto& record : sent) append(stream, compose_record(record));
    for (std::size_t first = 0; first <= stream.size(); ++first) {
        for (std::size_t second = first; second <= stream.size(); ++second) {
            RecordReader reader;
            std::vector<Record> received;
            for (const auto& [from, to] :
                 {std::pair{std::size_t{0}, first}, {first, second}, {second, stream.size()}}) {
                reader.feed(ByteView(stream).subspan(from, to - from));
                for (auto& record : read_all(reader)) received.push_back(std::move(record));
            }
            REQUIRE(received == sent);
            REQUIRE(reader.pending().empty());
        }
    }
}

TEST_CASE("a record longer than the limit is a record_overflow, before its bytes arrive", "[wire][record]")
{
    CHECK(error_of(Bytes{23, 3, 3, 0x48, 0x01}).alert == AlertDescription::record_overflow);
    CHECK(error_of(Bytes{22, 3, 3, 0x40, 0x01}, kMaxPlaintextLength).alert == AlertDescription::record_overflow);
    RecordReader reader;
    reader.feed(Bytes{23, 3, 3, 0x48, 0x00});
    CHECK(reader.next() == RecordReader::Next(NeedMore{0x4800}));
}

TEST_CASE("what is no record is refused by its header", "[wire][record]")
{
    CHECK(error_of(to_bytes("HTTP/1.1 400 Bad Request")).alert == AlertDescription::unexpected_message);
    CHECK(error_of(Bytes{22, 2, 0, 0, 1}).alert == AlertDescription::protocol_version);
    CHECK(error_of(Bytes{22, 2, 0, 0, 1}).text == "Record.legacy_record_version: 0x0200 is not TLS");
}

TEST_CASE("only application data and heartbeats may be empty", "[wire][record]")
{
    const auto type = GENERATE(ContentType::handshake, ContentType::alert, ContentType::change_cipher_spec);
    CHECK(error_of(compose_record(type, ProtocolVersion::tls12, {})).alert == AlertDescription::unexpected_message);
}

TEST_CASE("a payload of more than 2^14 bytes is cut into records", "[wire][record]")
{
    const Bytes payload(2 * kMaxPlaintextLength + 1, 0x5A);
    RecordReader reader(kMaxPlaintextLength);
    reader.feed(compose_records(ContentType::handshake, ProtocolVersion::tls12, payload));
    const auto records = read_all(reader);
    REQUIRE(records.size() == 3);
    CHECK(records[0].fragment.size() == kMaxPlaintextLength);
    CHECK(records[2].fragment.size() == 1);
    CHECK(compose_records(ContentType::handshake, ProtocolVersion::tls12, {}).empty());
    CHECK(compose_records(ContentType::handshake, ProtocolVersion::tls12, Bytes(3), 1).size() == 18);
}

TEST_CASE("an oversize record can be composed, since faults need it", "[wire][record]")
{
    const Bytes record = compose_record(ContentType::handshake, ProtocolVersion::tls12, Bytes(0xFFFF));
    CHECK(record.size() == kRecordHeaderLength + 0xFFFF);
    CHECK(read_record_header(record) == RecordHeader{ContentType::handshake, ProtocolVersion::tls12, 0xFFFF});
}

} // namespace
} // namespace alert40
